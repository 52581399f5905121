/* C-Threads (Cooper and Draves, "C Threads", CMU-CS-88-154, 1988) for Alpha programs, as coroutines: all threads of a process share
   one strand of the kernel, and one gives way to another only when it waits or says so. So no two run at once, making one or
   switching to another costs some dozen instructions and no system call, and a system call that waits stops them all.
   Elsewhere than on an Alpha the same functions are made of pthreads, for comparison. Include it in one file of a program. */
#ifndef CTHREADS_H
#define CTHREADS_H

#include <stdio.h>
#include <stdlib.h>

typedef void *any_t;
typedef any_t (*cthread_fn_t)(any_t);

#ifdef __alpha__

#define CTHREAD_STACK (64 * 1024)

struct cthread {
    void *sp; /* while it does not run */
    struct cthread *next; /* in the queue that it is in */
    cthread_fn_t function;
    any_t argument, result;
    struct cthread *joiner;
    int done, detached;
    char *stack;
};
typedef struct cthread *cthread_t;

struct cthread_queue {
    cthread_t first, last;
};
struct mutex {
    cthread_t owner;
    struct cthread_queue waiting;
};
struct condition {
    struct cthread_queue waiting;
};
typedef struct mutex *mutex_t;
typedef struct condition *condition_t;

static struct cthread cthread_main_;
static cthread_t cthread_current_ = &cthread_main_;
static struct cthread_queue cthread_ready_;
/* Those that ended and were joined, to be used again with their stacks. */
static cthread_t cthread_free_;

/* Keeps what a function must keep (Calling Standard for Alpha Systems, 3.1: s0 to s5, fp, f2 to f9, return address) on the stack,
   and goes on with another one. A new thread's stack looks as if it had called this from cthread_first_. */
void cthread_switch_(void **from, void *to);
void cthread_first_(void);
__asm__(".text\n"
        ".align 4\n"
        ".globl cthread_switch_\n"
        ".ent cthread_switch_\n"
        "cthread_switch_:\n"
        "\t.frame $30,128,$26,0\n"
        "\tlda $30,-128($30)\n"
        "\tstq $26,0($30)\n\tstq $9,8($30)\n\tstq $10,16($30)\n\tstq $11,24($30)\n"
        "\tstq $12,32($30)\n\tstq $13,40($30)\n\tstq $14,48($30)\n\tstq $15,56($30)\n"
        "\tstt $f2,64($30)\n\tstt $f3,72($30)\n\tstt $f4,80($30)\n\tstt $f5,88($30)\n"
        "\tstt $f6,96($30)\n\tstt $f7,104($30)\n\tstt $f8,112($30)\n\tstt $f9,120($30)\n"
        "\tstq $30,0($16)\n"
        "\tmov $17,$30\n"
        "\tldq $26,0($30)\n\tldq $9,8($30)\n\tldq $10,16($30)\n\tldq $11,24($30)\n"
        "\tldq $12,32($30)\n\tldq $13,40($30)\n\tldq $14,48($30)\n\tldq $15,56($30)\n"
        "\tldt $f2,64($30)\n\tldt $f3,72($30)\n\tldt $f4,80($30)\n\tldt $f5,88($30)\n"
        "\tldt $f6,96($30)\n\tldt $f7,104($30)\n\tldt $f8,112($30)\n\tldt $f9,120($30)\n"
        "\tlda $30,128($30)\n"
        "\tret $31,($26),1\n"
        ".end cthread_switch_\n"
        ".align 4\n"
        ".globl cthread_first_\n"
        ".ent cthread_first_\n"
        "cthread_first_:\n"
        "\tmov $9,$27\n"
        "\tjsr $26,($27),0\n"
        "\tcall_pal 0x81\n"
        ".end cthread_first_\n");

static inline void cthread_put_(struct cthread_queue *queue, cthread_t thread) {
    thread->next = NULL;
    if (queue->first == NULL)
        queue->first = thread;
    else
        queue->last->next = thread;
    queue->last = thread;
}

static inline cthread_t cthread_take_(struct cthread_queue *queue) {
    cthread_t first = queue->first;
    if (first != NULL)
        queue->first = first->next;
    return first;
}

/* Goes on with the next that is ready; the caller has put itself where it will be found. */
static void cthread_block_(void) {
    cthread_t self = cthread_current_, next = cthread_take_(&cthread_ready_);
    if (next == NULL) {
        fprintf(stderr, "C-Threads: all threads wait for each other\n");
        abort();
    }
    if (next != self) {
        cthread_current_ = next;
        cthread_switch_(&self->sp, next->sp);
    }
}

static inline cthread_t cthread_self(void) {
    return cthread_current_;
}

static inline void cthread_yield(void) {
    cthread_put_(&cthread_ready_, cthread_current_);
    cthread_block_();
}

static void cthread_exit(any_t result) {
    cthread_t self = cthread_current_;
    self->result = result;
    self->done = 1;
    if (self->joiner != NULL)
        cthread_put_(&cthread_ready_, self->joiner);
    else if (self->detached) {
        self->next = cthread_free_; /* used again by others at the earliest when this one no longer runs */
        cthread_free_ = self;
    }
    cthread_block_();
    abort(); /* nobody goes on with it */
}

static void cthread_body_(void) {
    cthread_exit(cthread_current_->function(cthread_current_->argument));
}

/* NULL: no memory. */
static cthread_t cthread_fork(cthread_fn_t function, any_t argument) {
    cthread_t made = cthread_free_;
    if (made != NULL)
        cthread_free_ = made->next;
    else {
        made = malloc(sizeof *made);
        if (made == NULL || (made->stack = malloc(CTHREAD_STACK)) == NULL) {
            free(made);
            return NULL;
        }
    }
    void **frame = (void **) (((unsigned long) made->stack + CTHREAD_STACK - 256) & ~15UL);
    frame[0] = (void *) cthread_first_; /* $26 */
    frame[1] = (void *) cthread_body_; /* $9 */
    made->sp = frame;
    made->function = function;
    made->argument = argument;
    made->joiner = NULL;
    made->done = made->detached = 0;
    cthread_put_(&cthread_ready_, made);
    return made;
}

static any_t cthread_join(cthread_t thread) {
    if (!thread->done) {
        thread->joiner = cthread_current_;
        cthread_block_();
    }
    any_t result = thread->result;
    thread->next = cthread_free_;
    cthread_free_ = thread;
    return result;
}

/* Nobody will join it. */
static inline void cthread_detach(cthread_t thread) {
    if (thread->done) {
        thread->next = cthread_free_;
        cthread_free_ = thread;
    } else
        thread->detached = 1;
}

static inline mutex_t mutex_alloc(void) {
    return calloc(1, sizeof(struct mutex));
}

static inline condition_t condition_alloc(void) {
    return calloc(1, sizeof(struct condition));
}

static inline int mutex_try_lock(mutex_t mutex) {
    if (mutex->owner != NULL)
        return 0;
    mutex->owner = cthread_current_;
    return 1;
}

static inline void mutex_lock(mutex_t mutex) {
    if (!mutex_try_lock(mutex)) {
        cthread_put_(&mutex->waiting, cthread_current_);
        cthread_block_(); /* who unlocks hands it over */
    }
}

static inline void mutex_unlock(mutex_t mutex) {
    mutex->owner = cthread_take_(&mutex->waiting);
    if (mutex->owner != NULL)
        cthread_put_(&cthread_ready_, mutex->owner);
}

static inline void condition_wait(condition_t condition, mutex_t mutex) {
    cthread_put_(&condition->waiting, cthread_current_);
    mutex_unlock(mutex);
    cthread_block_();
    mutex_lock(mutex);
}

static inline void condition_signal(condition_t condition) {
    cthread_t first = cthread_take_(&condition->waiting);
    if (first != NULL)
        cthread_put_(&cthread_ready_, first);
}

static inline void condition_broadcast(condition_t condition) {
    while (condition->waiting.first != NULL)
        condition_signal(condition);
}

#else

#include <pthread.h>
#include <sched.h>

typedef pthread_t *cthread_t;
typedef pthread_mutex_t *mutex_t;
typedef pthread_cond_t *condition_t;

static inline cthread_t cthread_fork(cthread_fn_t function, any_t argument) {
    cthread_t made = malloc(sizeof *made);
    if (made != NULL && pthread_create(made, NULL, function, argument) != 0) {
        free(made);
        return NULL;
    }
    return made;
}

static inline any_t cthread_join(cthread_t thread) {
    any_t result;
    pthread_join(*thread, &result);
    free(thread);
    return result;
}

static inline void cthread_yield(void) {
    sched_yield();
}

static inline mutex_t mutex_alloc(void) {
    mutex_t mutex = malloc(sizeof *mutex);
    pthread_mutex_init(mutex, NULL);
    return mutex;
}

static inline condition_t condition_alloc(void) {
    condition_t condition = malloc(sizeof *condition);
    pthread_cond_init(condition, NULL);
    return condition;
}

static inline void mutex_lock(mutex_t mutex) {
    pthread_mutex_lock(mutex);
}

static inline void mutex_unlock(mutex_t mutex) {
    pthread_mutex_unlock(mutex);
}

static inline void condition_wait(condition_t condition, mutex_t mutex) {
    pthread_cond_wait(condition, mutex);
}

static inline void condition_signal(condition_t condition) {
    pthread_cond_signal(condition);
}

static inline void condition_broadcast(condition_t condition) {
    pthread_cond_broadcast(condition);
}

#endif
#endif
