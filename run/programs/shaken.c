/*
 * Copies a file of its own in pieces, and checks the copy: "careful" repeats what was interrupted and goes on after a part, "careless"
 * believes that calls do what they are asked. A full disk is told, and is no failure.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE 20000

static char before[SIZE], after[SIZE];
static int careful, interrupted, parts, full;

static int open_it(const char *name, int flags)
{
	int fd;
	do
		fd = open(name, flags, 0600);
	while (fd < 0 && errno == EINTR && careful && ++interrupted);
	return fd;
}

static int transfer(int fd, char *buffer, int out)
{
	int done = 0;
	while (done < SIZE) {
		int left = SIZE - done < 1000 ? SIZE - done : 1000;
		int n = out ? write(fd, buffer + done, left) : read(fd, buffer + done, left);
		if (n == left || !careful) {
			done += left;
		} else if (n > 0) {
			parts++;
			done += n;
		} else if (n < 0 && errno == EINTR) {
			interrupted++;
		} else if (n < 0 && errno == ENOSPC) {
			full++;
		} else {
			return -1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = "shaken.tmp";
	int fd, bad;
	careful = argc > 1 && !strcmp(argv[1], "careful");
	for (int i = 0; i < SIZE; i++)
		before[i] = (char)(i * 7 + i / 256);
	fd = open_it(name, O_CREAT | O_TRUNC | O_RDWR);
	bad = fd < 0 || transfer(fd, before, 1) < 0 || lseek(fd, 0, SEEK_SET) != 0 || transfer(fd, after, 0) < 0
		|| memcmp(before, after, SIZE) != 0;
	unlink(name);
	char line[120];
	int length = snprintf(line, sizeof line, "%s: interrupted %d, parts %d, full %d\n", bad ? "differs" : "same",
		interrupted, parts, full);
	for (int at = 0; at < length;) {
		int n = write(1, line + at, length - at);
		at += n > 0 ? n : 0;
	}
	_exit(bad);
}
