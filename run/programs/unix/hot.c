/* What happens to code that runs hot, and so is translated: signals land in it, pages change under it, it is copied, it
   is interrupted a hundred thousand times, it is rewritten, and others see its stores in order. hot TEST [N]
   Build flags: -pthread
*/
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ticks;
static volatile unsigned long sink;

static unsigned long work(unsigned long seed, int rounds) {
    static unsigned long table[512];
    unsigned long x = seed;
    memset(table, 0, sizeof table);
    for (int i = 0; i < rounds; i++) {
        x = x * 6364136223846793005ul + 1442695040888963407ul;
        table[x >> 55] += x >> 7;
        x ^= table[x >> 40 & 511];
    }
    return x;
}

static void tick(int number) {
    (void) number;
    sink += work(3, 10);
    ticks++;
}

/* A loop that a timer interrupts all the time computes what it computes alone. */
static void signals(void) {
    static unsigned long all[300];
    struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
    struct itimerval timer = {{0, 1000}, {0, 1000}}, off = {{0, 0}, {0, 0}};
    int same = 0, runs = 0;
    unsigned long alone = 5, x;
    for (int i = 0; i < 2000; i++)
        alone = alone * 31 + (alone >> 9);
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    while (ticks < 100) {
        x = 5;
        for (int i = 0; i < 2000; i++)
            x = x * 31 + (x >> 9);
        all[runs % 300] = x;
        same += all[runs % 300] == alone;
        runs++;
    }
    setitimer(ITIMER_REAL, &off, NULL);
    printf("signals: %s\n", same == runs ? "every run the same" : "a run differs");
}

static char *page;
static long size;
static atomic_int stop;
static atomic_long repaired;

static void repair(int number, siginfo_t *info, void *context) {
    (void) number;
    (void) context;
    if ((char *) info->si_addr < page || (char *) info->si_addr >= page + size)
        _exit(9);
    repaired++;
    mprotect(page, size, PROT_READ | PROT_WRITE);
}

static void *protector(void *unused) {
    (void) unused;
    while (!stop) {
        mprotect(page, size, PROT_READ);
        usleep(200);
    }
    return NULL;
}

/* Another thread forbids a running loop its page again and again; no store is lost. */
static void protection(void) {
    struct sigaction action = {.sa_sigaction = repair, .sa_flags = SA_SIGINFO};
    pthread_t other;
    long wrong = 0, count = 0;
    size = sysconf(_SC_PAGESIZE);
    page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sigaction(SIGSEGV, &action, NULL);
    pthread_create(&other, NULL, protector, NULL);
    while (repaired < 50) {
        for (int i = 0; i < 1000; i++, count++) {
            volatile long *word = (volatile long *) page + count % (size / 8);
            long before = *word;
            *word = before + 1;
            wrong += *word != before + 1;
        }
    }
    stop = 1;
    pthread_join(other, NULL);
    mprotect(page, size, PROT_READ | PROT_WRITE);
    long sum = 0;
    for (long i = 0; i < size / 8; i++)
        sum += ((long *) page)[i];
    printf("protection: %ld wrong, %s\n", wrong, sum == count ? "no store lost" : "stores lost");
}

/* Children of a process that is being translated go on from where it was. */
static void copies(void) {
    unsigned long expected = work(7, 40000);
    int good = 0;
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(work(7, 40000) == expected ? 42 : 1);
        sink += work(9, 5000);
        int status;
        waitpid(child, &status, 0);
        good += WIFEXITED(status) && WEXITSTATUS(status) == 42;
    }
    printf("copies: %d of 20\n", good);
}

/* Two processes hand a token to and fro. */
static void switches(int rounds) {
    int there[2], back[2];
    char token = 0;
    if (pipe(there) || pipe(back))
        _exit(8);
    if (fork() == 0) {
        for (int i = 0; i < rounds; i++) {
            if (read(there[0], &token, 1) != 1)
                _exit(1);
            token++;
            if (write(back[1], &token, 1) != 1)
                _exit(2);
        }
        _exit(0);
    }
    for (int i = 0; i < rounds; i++) {
        token++;
        if (write(there[1], &token, 1) != 1 || read(back[0], &token, 1) != 1)
            _exit(7);
    }
    int status;
    wait(&status);
    printf("switches: %d rounds, token %d, status %d\n", rounds, token, status);
}

static atomic_int turn;
static unsigned *code;
static long calls;

static long run(void) {
#ifdef __alpha__
    return ((long (*)(void)) code)();
#else
    return *code;
#endif
}

static void *caller(void *wrong) {
    for (int i = 0; i < 200; i++) {
        while (turn != 2 * i + 1)
            sched_yield();
#ifdef __alpha__
        __asm__ volatile("imb" ::: "memory");
#endif
        for (int k = 0; k < 500; k++) {
            *(long *) wrong += run() != i;
            calls++;
        }
        turn = 2 * i + 2;
    }
    return NULL;
}

/* A thread writes a function, another one runs it hot: always the newest. */
static void rewritten(void) {
    pthread_t other;
    long wrong = 0;
    code = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_create(&other, NULL, caller, &wrong);
    for (int i = 0; i < 200; i++) {
#ifdef __alpha__
        code[0] = 0x201f0000 | i; /* lda $0,i($31) */
        code[1] = 0x6bfa8001;     /* ret $31,($26),1 */
        __asm__ volatile("imb" ::: "memory");
#else
        code[0] = i;
#endif
        turn = 2 * i + 1;
        while (turn != 2 * i + 2)
            sched_yield();
    }
    pthread_join(other, NULL);
    printf("rewritten: %ld calls, %ld of them old\n", calls, wrong);
}

/* Litmus tests: x, y and what two threads saw. */
static struct { _Alignas(128) atomic_long x; _Alignas(128) atomic_long y; } shared;
static pthread_barrier_t both;
static long saw[2];
static int fenced;

static void *stores_then_loads(void *which) {
    long me = (long) which;
    atomic_long *mine = me ? &shared.y : &shared.x, *others = me ? &shared.x : &shared.y;
    for (int i = 0; i < fenced; i++) {
        pthread_barrier_wait(&both);
        atomic_store_explicit(mine, 1, memory_order_relaxed);
        atomic_thread_fence(memory_order_seq_cst);
        saw[me] = atomic_load_explicit(others, memory_order_relaxed);
        pthread_barrier_wait(&both);
        if (me == 0) {
            sink += saw[0] == 0 && saw[1] == 0;
            shared.x = 0;
            shared.y = 0;
        }
        pthread_barrier_wait(&both);
    }
    return NULL;
}

static void *publish(void *unused) {
    (void) unused;
    for (long i = 1; i <= 200000; i++) {
        atomic_store_explicit(&shared.x, i, memory_order_relaxed);
        atomic_store_explicit(&shared.y, i, memory_order_release);
    }
    return NULL;
}

static void litmus(void) {
    pthread_t one, two;
    long stale = 0, seen;
    sink = 0;
    fenced = 2000;
    pthread_barrier_init(&both, NULL, 2);
    pthread_create(&one, NULL, stores_then_loads, (void *) 0);
    pthread_create(&two, NULL, stores_then_loads, (void *) 1);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    printf("litmus: store buffers %lu\n", sink);
    pthread_create(&one, NULL, publish, NULL);
    do {
        seen = atomic_load_explicit(&shared.y, memory_order_acquire);
        stale += atomic_load_explicit(&shared.x, memory_order_relaxed) < seen;
    } while (seen < 200000);
    pthread_join(one, NULL);
    printf("litmus: messages %ld\n", stale);
}

int main(int argc, char **argv) {
    const char *test = argc > 1 ? argv[1] : "";
    if (!strcmp(test, "signals"))
        signals();
    else if (!strcmp(test, "protection"))
        protection();
    else if (!strcmp(test, "copies"))
        copies();
    else if (!strcmp(test, "switches"))
        switches(argc > 2 ? atoi(argv[2]) : 10000);
    else if (!strcmp(test, "rewritten"))
        rewritten();
    else if (!strcmp(test, "litmus"))
        litmus();
    else
        return 2;
    return 0;
}
