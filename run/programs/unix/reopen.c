/* Descriptors that are read by some threads while others let them refer to other open files, of the same contents, cut those and write them
   again: whatever a reader gets is of its own file, or nothing, or the zeroes that Linux shows for a moment where a file is being cut.
   Build flags: -pthread
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SLOTS = 4, ROUNDS = 600, SIZE = 5000, FIRST = 50 };

static volatile int running = SLOTS, wrong, bad, reads;

static void name(int slot, char *to) {
    sprintf(to, "slot%d", slot);
}

static void fill(int file, int slot) {
    char bytes[SIZE];
    memset(bytes, 'a' + slot, SIZE);
    if (pwrite(file, bytes, SIZE, 0) != SIZE) bad++;
}

static void *changer(void *argument) {
    int slot = (long) argument;
    char path[20];
    name(slot, path);
    for (int i = 0; i < ROUNDS; i++) {
        int file = open(path, O_RDWR);
        int copy = dup(file);
        if (file < 0 || copy < 0 || dup2(file, FIRST + slot) != FIRST + slot) bad++;
        close(file);
        if (i % 8 == 0) {
            if (ftruncate(copy, i % 16 == 0 ? 0 : SIZE / 2)) bad++;
            fill(copy, slot);
        }
        char *page = mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE, copy, 0);
        close(copy);
        if (page == MAP_FAILED || *page != 'a' + slot) wrong++;
        munmap(page, SIZE);
    }
    __atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void *reader(void *argument) {
    int slot = (long) argument;
    char bytes[SIZE];
    while (running) {
        long got = reads % 2 ? pread(FIRST + slot, bytes, SIZE, 0) : read(FIRST + slot, bytes, SIZE);
        if (got < 0) bad++;
        for (long i = 0; i < got; i++)
            if (bytes[i] != 'a' + slot && bytes[i] != 0) {
                wrong++;
                break;
            }
        if (lseek(FIRST + slot, 0, SEEK_SET) < 0) bad++;
        __atomic_add_fetch(&reads, 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t threads[2 * SLOTS];
    char path[20];
    if (argc < 2 || chdir(argv[1])) return 2;
    for (int i = 0; i < SLOTS; i++) {
        name(i, path);
        int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
        fill(file, i);
        dup2(file, FIRST + i);
        close(file);
    }
    for (long i = 0; i < SLOTS; i++) {
        pthread_create(&threads[2 * i], NULL, reader, (void *) i);
        pthread_create(&threads[2 * i + 1], NULL, changer, (void *) i);
    }
    for (int i = 0; i < 2 * SLOTS; i++) pthread_join(threads[i], NULL);
    printf("wrong %d, bad %d, %s\n", wrong, bad, reads > 0 ? "read" : "not read");
    return 0;
}
