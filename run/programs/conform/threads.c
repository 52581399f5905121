/* Threads and futexes. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w -pthread
 */
#define _GNU_SOURCE
#include "check.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static volatile int word, other, done;

static long futex(volatile int *at, int operation, int value, void *time, volatile int *second, int third) {
    return syscall(SYS_futex, at, operation, value, time, second, third);
}

static void *waiter(void *argument) {
    __atomic_add_fetch(&other, 1, __ATOMIC_SEQ_CST);
    futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0);
    __atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
    return argument;
}

/* Wakes until as many have been woken. */
static int wake(int operation, int count, volatile int *target) {
    int woken = 0;
    for (int i = 0; i < 500 && woken < count; i++) {
        int now = operation == FUTEX_WAKE ? futex(&word, FUTEX_WAKE, count - woken, NULL, NULL, 0) : futex(&word, operation, count, (void *) 0L, target, 0);
        if (now > 0) woken += now; else milliseconds(10);
    }
    return woken;
}

static volatile int gate, turn, stage, owners;

static void *takes_turn(void *argument) {
    __atomic_add_fetch(&stage, 1, __ATOMIC_SEQ_CST);
    long answer = futex(&gate, FUTEX_WAIT_REQUEUE_PI, 0, NULL, &turn, 0);
    if (answer == 0 && (turn & FUTEX_TID_MASK) == syscall(SYS_gettid)) __atomic_add_fetch(&owners, 1, __ATOMIC_SEQ_CST);
    if (answer == 0 && !__sync_bool_compare_and_swap(&turn, syscall(SYS_gettid), 0)) futex(&turn, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
    return argument;
}

static long move_on(int count, int expected) {
    return futex(&gate, FUTEX_CMP_REQUEUE_PI, 1, (void *) (long) count, &turn, expected);
}

static void turns(void) {
    struct timespec past = {1, 0}, wrong = {0, 1000000000};
    R("turn.value", futex(&gate, FUTEX_WAIT_REQUEUE_PI, 1, NULL, &turn, 0));
    R("turn.past", futex(&gate, FUTEX_WAIT_REQUEUE_PI, 0, &past, &turn, 0));
    R("turn.time", futex(&gate, FUTEX_WAIT_REQUEUE_PI, 0, &wrong, &turn, 0));
    R("turn.same", futex(&gate, FUTEX_WAIT_REQUEUE_PI, 0, &past, &gate, 0));
    R("turn.aligned", futex(&gate, FUTEX_WAIT_REQUEUE_PI, 0, &past, (int *) ((char *) &turn + 1), 0));
    R("turn.fault", futex((int *) 8, FUTEX_WAIT_REQUEUE_PI, 0, &past, &turn, 0));
    R("turn.move.none", move_on(10, 0));
    R("turn.move.value", move_on(10, 1));
    R("turn.move.negative", move_on(-1, 0));
    R("turn.move.two", futex(&gate, FUTEX_CMP_REQUEUE_PI, 2, (void *) 1, &turn, 0));
    R("turn.move.same", futex(&gate, FUTEX_CMP_REQUEUE_PI, 1, (void *) 1, &gate, 0));
    /* nobody has it: the first gets it, and hands it on */
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, takes_turn, NULL);
    while (stage < 4) milliseconds(1);
    milliseconds(100);
    R("turn.moved", move_on(2, 0));
    for (int i = 0; i < 500 && owners < 3; i++) milliseconds(5);
    R("turn.owners", owners);
    R("turn.moved.last", move_on(2, 0));
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    R("turn.owners.all", owners);
    R("turn.free", turn);
    /* somebody has it: all wait for him */
    owners = stage = 0;
    R("turn.lock", futex(&turn, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, takes_turn, NULL);
    while (stage < 2) milliseconds(1);
    milliseconds(100);
    R("turn.locked.moved", move_on(5, 0));
    milliseconds(20);
    R("turn.locked.owners", owners);
    T("turn.locked.waiters", turn & FUTEX_WAITERS);
    R("turn.unlock", futex(&turn, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    R("turn.unlocked.owners", owners);
    R("turn.unlocked.free", turn);
}

static void futexes(void) {
    struct timespec little = {0, 10000000}, wrong = {0, 1000000000};
    R("wait.value", futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0));
    R("wait.timeout", futex(&word, FUTEX_WAIT, 0, &little, NULL, 0));
    R("wait.time", futex(&word, FUTEX_WAIT, 0, &wrong, NULL, 0));
    R("wait.aligned", futex((int *) ((char *) &word + 1), FUTEX_WAIT, 0, &little, NULL, 0));
    R("wait.fault", futex((int *) 8, FUTEX_WAIT, 0, &little, NULL, 0));
    R("wake.none", futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0));
    R("operation", futex(&word, 99, 0, NULL, NULL, 0));
    R("bitset.zero", futex(&word, FUTEX_WAIT_BITSET, 0, &little, NULL, 0));
    struct timespec past = {1, 0};
    R("bitset.past", futex(&word, FUTEX_WAIT_BITSET, 0, &past, NULL, -1));
    R("bitset.realtime", futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &past, NULL, -1));
    R("requeue.value", futex(&word, FUTEX_CMP_REQUEUE, 1, (void *) 1, &other, 5));
    R("requeue.negative", futex(&word, FUTEX_CMP_REQUEUE, -1, (void *) 1, &other, 0));
    R("wakeop", futex(&word, FUTEX_WAKE_OP, 1, (void *) 1, &other, FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 0)));
    R("wakeop.changed", other);
    other = 0;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, waiter, NULL);
    R("wake.two", wake(FUTEX_WAKE, 2, NULL));
    while (done < 2) milliseconds(1);
    R("wake.done", done);
    R("wake.rest", wake(FUTEX_WAKE, 2, NULL));
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    R("wake.all", done);
    int *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct timespec long_time = {20, 0};
        _exit(futex(shared, FUTEX_WAIT, 0, &long_time, NULL, 0) == 0 ? 0 : 1);
    }
    int woken = 0;
    for (int i = 0; i < 1000 && woken == 0; i++) { woken = futex(shared, FUTEX_WAKE, 1, NULL, NULL, 0); milliseconds(5); }
    R("shared.wake", woken);
    int status;
    waitpid(child, &status, 0);
    R("shared.woken", WEXITSTATUS(status));
}

static pthread_mutex_t mutex;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static long sum;

static void *adds(void *argument) {
    for (int i = 0; i < 2000; i++) {
        pthread_mutex_lock(&mutex);
        sum++;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void *meets(void *argument) { return (void *) (long) (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD); }
static void *dies(void *argument) { pthread_mutex_lock(&mutex); return NULL; }
static void *sleeps(void *argument) { for (;;) pause(); }
static void *signals(void *argument) { pthread_mutex_lock(&mutex); sum = 77; pthread_cond_signal(&condition); pthread_mutex_unlock(&mutex); return NULL; }
static void cleans(void *argument) { done = 55; }
static void *cancelled(void *argument) {
    pthread_cleanup_push(cleans, NULL);
    sleep(60);
    pthread_cleanup_pop(0);
    return NULL;
}

static void kinds(const char *name, int type, int protocol, int robust) {
    char text[60];
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    if (protocol) pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    if (robust) pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    sprintf(text, "%s.init", name);
    int error_number = pthread_mutex_init(&mutex, &attributes);
    say(text, "%s", error_number ? error(error_number) : "ok");
    if (error_number) return;
    sum = 0;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, adds, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    sprintf(text, "%s.sum", name);
    R(text, sum);
    sprintf(text, "%s.free", name);
    error_number = pthread_mutex_unlock(&mutex);
    if (type != PTHREAD_MUTEX_NORMAL || protocol || robust) say(text, "%s", error_number ? error(error_number) : "ok");
    pthread_mutex_lock(&mutex);
    sprintf(text, "%s.try", name);
    error_number = pthread_mutex_trylock(&mutex);
    say(text, "%s", error_number ? error(error_number) : "ok");
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 20000000;
    if (soon.tv_nsec >= 1000000000) { soon.tv_sec++; soon.tv_nsec -= 1000000000; }
    if (type != PTHREAD_MUTEX_NORMAL) {
        sprintf(text, "%s.twice", name);
        error_number = pthread_mutex_timedlock(&mutex, &soon);
        say(text, "%s", error_number ? error(error_number) : "ok");
    }
    if (error_number == 0) pthread_mutex_unlock(&mutex);
    pthread_mutex_unlock(&mutex);
    if (robust && !protocol) { /* with both, QEMU's C library ends the program */
        pthread_t thread;
        pthread_create(&thread, NULL, dies, NULL);
        pthread_join(thread, NULL);
        sprintf(text, "%s.died", name);
        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_sec += 2;
        error_number = pthread_mutex_timedlock(&mutex, &soon);
        say(text, "%s", error_number ? error(error_number) : "ok");
        sprintf(text, "%s.consistent", name);
        say(text, "%d", pthread_mutex_consistent(&mutex));
        pthread_mutex_unlock(&mutex);
    }
}

static void posix(void) {
    kinds("normal", PTHREAD_MUTEX_NORMAL, 0, 0);
    kinds("check", PTHREAD_MUTEX_ERRORCHECK, 0, 0);
    kinds("recursive", PTHREAD_MUTEX_RECURSIVE, 0, 0);
    kinds("robust", PTHREAD_MUTEX_ERRORCHECK, 0, 1);
    kinds("inherit", PTHREAD_MUTEX_ERRORCHECK, 1, 0);
    kinds("both", PTHREAD_MUTEX_ERRORCHECK, 1, 1);
    pthread_mutex_init(&mutex, NULL);
    pthread_t threads[3], thread;
    pthread_mutex_lock(&mutex);
    sum = 0;
    pthread_create(&thread, NULL, signals, NULL);
    while (sum != 77) pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    R("condition", sum);
    struct timespec past = {1, 0};
    pthread_mutex_lock(&mutex);
    say("condition.timeout", "%s", error(pthread_cond_timedwait(&condition, &mutex, &past)));
    pthread_mutex_unlock(&mutex);
    pthread_barrier_init(&barrier, NULL, 3);
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, meets, NULL);
    long serial = 0;
    for (int i = 0; i < 3; i++) { void *value; pthread_join(threads[i], &value); serial += (long) value; }
    R("barrier", serial);
    pthread_create(&thread, NULL, cancelled, NULL);
    milliseconds(20);
    pthread_cancel(thread);
    void *value;
    pthread_join(thread, &value);
    T("cancel", value == PTHREAD_CANCELED);
    R("cancel.cleaned", done);
    sem_t semaphore;
    sem_init(&semaphore, 0, 1);
    R("semaphore", sem_wait(&semaphore));
    R("semaphore.try", sem_trywait(&semaphore));
    R("semaphore.timeout", sem_timedwait(&semaphore, &past));
    CHILD("exit.main", { pthread_create(&thread, NULL, sleeps, NULL); exit(9); });
    CHILD("exit.thread", { pthread_create(&thread, NULL, sleeps, NULL); pthread_kill(thread, SIGTERM); for (;;) pause(); });
    T("gettid", gettid() == getpid());
    R("tid.address", syscall(SYS_set_tid_address, &other) == gettid());
    R("robust.size", syscall(SYS_set_robust_list, &other, 3));
    void *head;
    size_t size;
    R("robust.nobody", syscall(SYS_get_robust_list, 4194000, &head, &size));
}

static volatile int first, second, ready, late;

/* Ends with a lock that another waits for. */
static void *keeps(void *argument) {
    futex(&first, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
    ready = 1;
    while (!(first & FUTEX_WAITERS)) milliseconds(1);
    milliseconds(20);
    return argument;
}

/* Has one lock and waits for the other, which others have. */
static void *crosses(void *argument) {
    futex(&second, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
    struct timespec past = {1, 0};
    late = futex(&first, FUTEX_LOCK_PI, 0, &past, NULL, 0) == 0 ? 0 : errno;
    ready = 2;
    long answer = futex(&first, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
    if (answer == 0) futex(&first, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
    futex(&second, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
    return argument;
}

/* Locks that are handed on: their owner ends, they are waited for in a circle, or for a while only. */
static void locks(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, keeps, NULL);
    while (!ready) milliseconds(1);
    R("lock.ended", futex(&first, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    T("lock.ended.word", (first & ~FUTEX_WAITERS) == (gettid() | FUTEX_OWNER_DIED));
    pthread_join(thread, NULL);
    R("lock.ended.unlock", futex(&first, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    R("lock.again", futex(&first, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    R("lock.twice", futex(&first, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    pthread_create(&thread, NULL, crosses, NULL);
    while (ready < 2 || !(first & FUTEX_WAITERS)) milliseconds(1);
    milliseconds(20);
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_sec++;
    R("lock.circle", futex(&second, FUTEX_LOCK_PI, 0, &soon, NULL, 0));
    R("lock.try", futex(&second, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
    R("lock.not.own", futex(&second, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    R("lock.unlock", futex(&first, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    pthread_join(thread, NULL);
    R("lock.free", first | second);
    say("lock.late", "%s", error(late));
    first = 999999;
    R("lock.nobody", futex(&first, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    first = 0;
}

static void checks(void) {
    futexes();
    turns();
    locks();
    posix();
}
