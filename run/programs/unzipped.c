/*
 * Sums up what is in a file made by bgzip, through the pager bundles/pagers/unzip: unzipped FILE [POSITION] - all of it, or prints
 * the 16 bytes at a position.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAP_UNZIPPED 20010

int main(int argc, char **argv)
{
	long length = 0;
	unsigned hash = 2166136261u;
	const unsigned char *at;
	if (argc < 2)
		return 2;
	at = (const unsigned char *)syscall(MAP_UNZIPPED, argv[1], &length);
	if (at == (void *)-1) {
		printf("not mapped: %s\n", strerror(errno));
		return 1;
	}
	if (argc > 2) {
		printf("%.16s\n", at + atol(argv[2]));
		return 0;
	}
	for (long i = 0; i < length; i++)
		hash = (hash ^ at[i]) * 16777619u;
	printf("%ld bytes, %08x\n", length, hash);
	return 0;
}
