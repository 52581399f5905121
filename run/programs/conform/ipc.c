/* System V semaphores, messages and shared memory. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

union semun { int val; struct semid_ds *buf; unsigned short *array; };

static void semaphores(void) {
    key_t key = 0x5e000000 ^ getpid();
    R("sem.missing", semget(key, 1, 0));
    R("sem.none", semget(IPC_PRIVATE, 0, 0600));
    R("sem.many", semget(IPC_PRIVATE, 100000, 0600));
    int set = semget(key, 3, IPC_CREAT | IPC_EXCL | 0600);
    T("sem.create", set >= 0);
    R("sem.exists", semget(key, 3, IPC_CREAT | IPC_EXCL | 0600));
    R("sem.same", semget(key, 2, 0600) == set);
    R("sem.larger", semget(key, 4, 0600));
    R("sem.getval", semctl(set, 0, GETVAL));
    R("sem.setval", semctl(set, 1, SETVAL, (union semun) {.val = 5}));
    R("sem.setval.high", semctl(set, 1, SETVAL, (union semun) {.val = 40000}));
    R("sem.setval.low", semctl(set, 1, SETVAL, (union semun) {.val = -1}));
    R("sem.number", semctl(set, 3, GETVAL));
    struct sembuf take = {1, -3, IPC_NOWAIT}, two[2] = {{0, 1, 0}, {1, -3, IPC_NOWAIT}};
    R("sem.take", semop(set, &take, 1));
    R("sem.take.again", semop(set, &take, 1));
    R("sem.both", semop(set, two, 2));
    R("sem.both.undone", semctl(set, 0, GETVAL));
    R("sem.pid", semctl(set, 1, GETPID) == getpid());
    struct sembuf wrong = {3, 1, 0}, zero = {0, 0, IPC_NOWAIT};
    R("sem.op.number", semop(set, &wrong, 1));
    R("sem.op.none", semop(set, &take, 0));
    R("sem.op.fault", semop(set, (void *) 8, 1));
    R("sem.op.many", semop(set, &take, 100000));
    R("sem.zero", semop(set, &zero, 1));
    struct sembuf over = {1, 32767, 0};
    R("sem.over", semop(set, &over, 1));
    unsigned short values[3] = {1, 2, 3};
    R("sem.setall", semctl(set, 0, SETALL, (union semun) {.array = values}));
    memset(values, 0, sizeof values);
    R("sem.getall", semctl(set, 0, GETALL, (union semun) {.array = values}));
    say("sem.values", "%d %d %d", values[0], values[1], values[2]);
    CHILD("sem.undo", { struct sembuf undo = {2, -2, SEM_UNDO}; semop(set, &undo, 1); _exit(semctl(set, 2, GETVAL)); });
    R("sem.undone", semctl(set, 2, GETVAL));
    struct semid_ds status;
    R("sem.stat", semctl(set, 0, IPC_STAT, (union semun) {.buf = &status}));
    say("sem.stat.count", "%d %o", (int) status.sem_nsems, status.sem_perm.mode);
    struct timespec little = {0, 10000000};
    struct sembuf wait_for = {0, -5, 0};
    R("sem.timeout", semtimedop(set, &wait_for, 1, &little));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) _exit(semop(set, &wait_for, 1) == 0 ? 0 : errno == EIDRM ? 43 : 44);
    for (int i = 0; i < 500 && semctl(set, 0, GETNCNT) == 0; i++) milliseconds(5);
    R("sem.waiting", semctl(set, 0, GETNCNT));
    struct sembuf give = {0, 4, 0};
    semop(set, &give, 1);
    int state;
    waitpid(child, &state, 0);
    R("sem.given", WEXITSTATUS(state));
    child = fork();
    if (child == 0) _exit(semop(set, &wait_for, 1) == 0 ? 0 : errno == EIDRM ? 43 : 44);
    for (int i = 0; i < 500 && semctl(set, 0, GETNCNT) == 0; i++) milliseconds(5);
    R("sem.remove", semctl(set, 0, IPC_RMID));
    waitpid(child, &state, 0);
    R("sem.removed", WEXITSTATUS(state));
    R("sem.gone", semop(set, &take, 1));
}

static void messages(void) {
    key_t key = 0x6e000000 ^ getpid();
    struct { long type; char text[100]; } one = {3, "three"}, in;
    R("msg.missing", msgget(key, 0));
    int queue = msgget(key, IPC_CREAT | 0600);
    T("msg.create", queue >= 0);
    R("msg.send", msgsnd(queue, &one, 5, 0));
    one.type = 0;
    R("msg.type", msgsnd(queue, &one, 5, 0));
    one.type = 1;
    static struct { long type; char text[100000]; } large = {1};
    R("msg.long", msgsnd(queue, &large, 100000, 0));
    R("msg.negative", msgsnd(queue, &one, -1, 0));
    strcpy(one.text, "one");
    R("msg.second", msgsnd(queue, &one, 3, 0));
    one.type = 2;
    R("msg.empty", msgsnd(queue, &one, 0, 0));
    R("msg.none", msgrcv(queue, &in, 100, 9, IPC_NOWAIT));
    R("msg.short", msgrcv(queue, &in, 2, 0, IPC_NOWAIT));
    R("msg.cut", msgrcv(queue, &in, 2, 3, MSG_NOERROR));
    say("msg.cut.text", "%.2s %ld", in.text, in.type);
    R("msg.lowest", msgrcv(queue, &in, 100, -5, 0));
    say("msg.lowest.type", "%ld", in.type);
    R("msg.except", msgrcv(queue, &in, 100, 1, MSG_EXCEPT | IPC_NOWAIT));
    say("msg.except.type", "%ld", in.type);
    R("msg.left", msgrcv(queue, &in, 100, 0, IPC_NOWAIT));
    struct msqid_ds status;
    R("msg.stat", msgctl(queue, IPC_STAT, &status));
    say("msg.stat.count", "%d %d", (int) status.msg_qnum, (int) status.msg_qbytes);
    msgsnd(queue, &large, 8192, 0);
    msgsnd(queue, &large, 8192, 0);
    R("msg.full", msgsnd(queue, &large, 1, IPC_NOWAIT));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) { for (int i = 0; i < 3; i++) msgrcv(queue, &large, 8192, 0, 0); _exit(5); }
    R("msg.wait", msgsnd(queue, &large, 1, 0));
    int state;
    waitpid(child, &state, 0);
    R("msg.waited", WEXITSTATUS(state));
    R("msg.remove", msgctl(queue, IPC_RMID, NULL));
    R("msg.gone", msgrcv(queue, &in, 100, 0, 0));
}

static void memory(void) {
    key_t key = 0x7e000000 ^ getpid();
    R("shm.missing", shmget(key, 100, 0));
    R("shm.zero", shmget(IPC_PRIVATE, 0, 0600));
    int segment = shmget(key, 20000, IPC_CREAT | 0640);
    T("shm.create", segment >= 0);
    R("shm.larger", shmget(key, 90000, 0));
    R("shm.same", shmget(key, 100, 0) == segment);
    R("shm.wrong", shmat(99999999, NULL, 0));
    volatile int *at = shmat(segment, NULL, 0), *again = shmat(segment, NULL, SHM_RDONLY);
    T("shm.attach", at != (void *) -1 && again != (void *) -1 && at != again);
    at[100] = 42;
    R("shm.shared", again[100]);
    CHILD("shm.child", at[101] = 43);
    R("shm.written", again[101]);
    CHILD("shm.readonly", again[0] = 1);
    R("shm.address", shmat(segment, (void *) 12345, 0));
    struct shmid_ds status;
    R("shm.stat", shmctl(segment, IPC_STAT, &status));
    say("shm.stat.size", "%d %d %o", (int) status.shm_segsz, (int) status.shm_nattch, status.shm_perm.mode);
    R("shm.detach", shmdt((void *) again));
    R("shm.detach.again", shmdt((void *) again));
    R("shm.detach.middle", shmdt((char *) at + 8192));
    R("shm.remove", shmctl(segment, IPC_RMID, NULL));
    R("shm.removed.key", shmget(key, 100, 0));
    R("shm.removed.use", at[100]);
    R("shm.removed.stat", shmctl(segment, IPC_STAT, &status));
    T("shm.removed.mode", status.shm_perm.mode & SHM_DEST);
    R("shm.last", shmdt((void *) at));
    R("shm.gone", shmctl(segment, IPC_STAT, &status));
    CHILD("shm.unmapped", at[100] = 1);
}

static void checks(void) {
    semaphores();
    messages();
    memory();
}
