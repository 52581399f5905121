/* Threads: pthreads, futexes, signals to threads, exit. thr TEST...
   Build flags: -pthread
*/
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 20000 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static long plain;
static atomic_long counted;
static __thread int own = 5;
static int turn;

static void *count(void *argument) {
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        plain++;
        pthread_mutex_unlock(&mutex);
        atomic_fetch_add(&counted, 1);
    }
    own += (int) (long) argument;
    return (void *) (long) own;
}

static void locks(void) {
    pthread_t threads[THREADS];
    long sum = 0;
    for (long i = 0; i < THREADS; i++) pthread_create(&threads[i], 0, count, (void *) i);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        sum += (long) result;
    }
    printf("locks: %ld %ld results %ld own %d\n", plain, (long) counted, sum, own);
}

static void *ping(void *argument) {
    int mine = (int) (long) argument;
    for (int i = 0; i < 2000; i++) {
        pthread_mutex_lock(&mutex);
        while (turn != mine) pthread_cond_wait(&condition, &mutex);
        turn = (mine + 1) % THREADS;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
    }
    pthread_barrier_wait(&barrier);
    return 0;
}

static void conditions(void) {
    pthread_t threads[THREADS];
    pthread_barrier_init(&barrier, 0, THREADS + 1);
    for (long i = 0; i < THREADS; i++) pthread_create(&threads[i], 0, ping, (void *) i);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], 0);
    struct timespec when;
    clock_gettime(CLOCK_REALTIME, &when);
    when.tv_nsec += 20000000;
    if (when.tv_nsec >= 1000000000) { when.tv_sec++; when.tv_nsec -= 1000000000; }
    pthread_mutex_lock(&mutex);
    int result = pthread_cond_timedwait(&condition, &mutex, &when);
    pthread_mutex_unlock(&mutex);
    printf("conditions: turn %d, timed wait %s\n", turn, strerror(result));
}

static volatile sig_atomic_t handled;
static pid_t handler;
static void note(int signal) { handled = signal; handler = gettid(); }

static atomic_int ready;
static void *waits(void *argument) {
    pid_t *id = argument;
    *id = gettid();
    atomic_store(&ready, 1);
    while (!handled) usleep(1000);
    return 0;
}

static void *waitsForSignal(void *argument) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    int got = 0;
    atomic_store(&ready, 1);
    sigwait(&set, &got);
    *(int *) argument = got == SIGUSR2;
    return 0;
}

static void signals(void) {
    pthread_t thread;
    pid_t id = 0;
    struct sigaction action = {.sa_handler = note};
    sigaction(SIGUSR1, &action, 0);
    pthread_create(&thread, 0, waits, &id);
    while (!ready) usleep(1000);
    pthread_kill(thread, SIGUSR1);
    pthread_join(thread, 0);
    printf("signals: own thread %d, other id %d\n", handler == id, id != getpid());
    /* blocked here: the other gets it */
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    handled = ready = 0;
    pthread_create(&thread, 0, waits, &id);
    while (!ready) usleep(1000);
    pthread_sigmask(SIG_BLOCK, &set, 0);
    kill(getpid(), SIGUSR1);
    pthread_join(thread, 0);
    int right = 0;
    printf("signals: the one that does not block %d\n", handler == id);
    ready = 0;
    pthread_create(&thread, 0, waitsForSignal, &right);
    while (!ready) usleep(1000);
    kill(getpid(), SIGUSR2);
    pthread_join(thread, 0);
    printf("signals: sigwait %d\n", right);
}

static void clean(void *argument) { printf("cleanup %s\n", (char *) argument); }
static void *sleeper(void *argument) {
    pthread_cleanup_push(clean, argument);
    atomic_store(&ready, 1);
    for (;;) sleep(100);
    pthread_cleanup_pop(0);
    return 0;
}

static void cancel(void) {
    pthread_t thread;
    void *result;
    ready = 0;
    pthread_create(&thread, 0, sleeper, "now");
    while (!ready) usleep(1000);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    printf("cancelled %d\n", result == PTHREAD_CANCELED);
}

static pthread_mutex_t *robust;
static void *dies(void *argument) {
    (void) argument;
    pthread_mutex_lock(robust);
    return 0;
}

static void robusts(void) {
    robust = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(robust, &attributes);
    pthread_t thread;
    pthread_create(&thread, 0, dies, 0);
    pthread_join(thread, 0);
    printf("robust: thread %d\n", pthread_mutex_lock(robust) == EOWNERDEAD);
    pthread_mutex_consistent(robust);
    pthread_mutex_unlock(robust);
    pid_t pid = fork();
    if (pid == 0) { pthread_mutex_lock(robust); _exit(0); }
    waitpid(pid, 0, 0);
    printf("robust: process %d\n", pthread_mutex_lock(robust) == EOWNERDEAD);
    pthread_mutex_consistent(robust);
    pthread_mutex_unlock(robust);
    sem_t *semaphore = (sem_t *) (robust + 1);
    sem_init(semaphore, 1, 0);
    fflush(stdout);
    pid = fork();
    if (pid == 0) { usleep(20000); sem_post(semaphore); _exit(0); }
    printf("semaphore between processes: %d\n", sem_wait(semaphore));
    waitpid(pid, 0, 0);
}

static void *forks(void *argument) {
    pid_t pid = fork();
    if (pid == 0) _exit(17);
    waitpid(pid, argument, 0);
    return 0;
}

static void *ends(void *argument) {
    (void) argument;
    usleep(20000);
    exit(23);
}

static void *execs(void *argument) {
    execl("/proc/self/exe", "thr", "id", (char *) 0);
    return argument;
}

static void *forever(void *argument) {
    for (;;) pause();
    return argument;
}

static void process(void) {
    pthread_t thread;
    int status;
    pthread_create(&thread, 0, forks, &status);
    pthread_join(thread, 0);
    printf("fork in a thread: %d\n", WEXITSTATUS(status));
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        pthread_create(&thread, 0, forever, 0);
        pthread_create(&thread, 0, ends, 0);
        for (;;) pause();
    }
    waitpid(pid, &status, 0);
    printf("exit in a thread: %d\n", WEXITSTATUS(status));
    pid = fork();
    if (pid == 0) {
        pthread_create(&thread, 0, forever, 0);
        pthread_create(&thread, 0, forever, 0);
        for (;;) { }
    }
    usleep(50000);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    printf("killed with threads: %d\n", WTERMSIG(status));
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        pthread_create(&thread, 0, ends, 0);
        pthread_exit(0);
    }
    waitpid(pid, &status, 0);
    printf("the first thread is gone: %d\n", WEXITSTATUS(status));
}

static void programs(void) {
    pthread_t thread;
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        pthread_create(&thread, 0, forever, 0);
        pthread_create(&thread, 0, execs, 0);
        for (;;) pause();
    }
    waitpid(pid, &status, 0);
    printf("exec in a thread: %d\n", WEXITSTATUS(status));
}

static void *nothing(void *argument) { return argument; }

static void many(int count) {
    pthread_t threads[200];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 65536);
    for (int done = 0; done < count; done += 200) {
        for (int i = 0; i < 200; i++) if (pthread_create(&threads[i], &attributes, nothing, 0)) { puts("none"); exit(1); }
        for (int i = 0; i < 200; i++) pthread_join(threads[i], 0);
    }
    printf("%d threads\n", count);
}

/* Time that all processors need for work on one, in percent of what one needs: only for people. */
static void *work(void *argument) {
    volatile double sum = 0;
    for (int i = 1; i < 20000000; i++) sum = sum + 1.0 / i;
    return argument;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void speed(int count) {
    work(0);
    double start = now();
    work(0);
    double one = now() - start;
    pthread_t threads[16];
    start = now();
    for (int i = 0; i < count; i++) pthread_create(&threads[i], 0, work, 0);
    for (int i = 0; i < count; i++) pthread_join(threads[i], 0);
    printf("%d threads: %.2f of one processor\n", count, count * one / (now() - start));
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "locks")) locks();
        else if (!strcmp(argv[i], "conditions")) conditions();
        else if (!strcmp(argv[i], "signals")) signals();
        else if (!strcmp(argv[i], "cancel")) cancel();
        else if (!strcmp(argv[i], "robust")) robusts();
        else if (!strcmp(argv[i], "process")) process();
        else if (!strcmp(argv[i], "programs")) programs();
        else if (!strcmp(argv[i], "many")) many(atoi(argv[++i]));
        else if (!strcmp(argv[i], "speed")) speed(atoi(argv[++i]));
        else if (!strcmp(argv[i], "id")) return getpid() == gettid() ? 31 : 32;
        else { fprintf(stderr, "thr: no test %s\n", argv[i]); return 2; }
    }
    return 0;
}
