/* A program that a dynamic linker starts, with threads, thread-local variables and a library opened at run time.
   Dynamically linked
   Build flags: -pthread -ldl
*/
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static __thread int own = 3;

static void *add(void *argument) {
    own += *(int *) argument;
    printf("thread %d\n", own);
    return 0;
}

int main(int argc, char **argv) {
    printf("%d %s %.6f\n", argc, argv[argc - 1], sin(1.0));
    int four = 4;
    pthread_t thread;
    pthread_create(&thread, 0, add, &four);
    pthread_join(thread, 0);
    printf("%d\n", own);
    void *library = dlopen("libm.so.6" , RTLD_NOW);
    if (!library) library = dlopen("libm.so.6.1", RTLD_NOW);
    double (*function)(double) = library ? (double (*)(double)) dlsym(library, "cbrt") : 0;
    printf("%.6f\n", function ? function(27.0) : -1);
    return 5;
}
