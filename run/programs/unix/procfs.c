/* What programs expect of /proc: themselves, their descriptors, the machine. procfs */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *why(long result) { return result < 0 ? strerror(errno) : "no error"; }

static char text[65536];

static int load(const char *path) {
    int fd = open(path, O_RDONLY);
    if (fd < 0) {
        printf("%s: %s\n", path, why(fd));
        return text[0] = 0;
    }
    int total = 0, count;
    while ((count = read(fd, text + total, sizeof text - 1 - total)) > 0) total += count;
    text[total] = 0;
    close(fd);
    return total;
}

static int has(const char *path, const char *what) {
    load(path);
    return strstr(text, what) != 0;
}

static int entry(const char *folder, const char *name) {
    DIR *dir = opendir(folder);
    int found = 0;
    for (struct dirent *one; dir && (one = readdir(dir));) found += !strcmp(one->d_name, name);
    if (dir) closedir(dir);
    return found;
}

int main(int argc, char **argv) {
    char path[300], target[300], other[300];
    (void) argc;
    struct stat status;
    sprintf(path, "%d", getpid());
    int length = readlink("/proc/self", target, sizeof target - 1);
    printf("self %d\n", length > 0 && !strncmp(path, target, length));
    length = readlink("/proc/self/exe", target, sizeof target - 1);
    target[length > 0 ? length : 0] = 0;
    printf("exe %d\n", length > 0 && strstr(target, "procfs") != 0);
    length = readlink("/proc/self/cwd", target, sizeof target - 1);
    target[length > 0 ? length : 0] = 0;
    printf("cwd %d\n", getcwd(other, sizeof other) && !strcmp(target, other));
    load("/proc/self/cmdline");
    printf("cmdline %d\n", strstr(text, "procfs") != 0);
    load("/proc/self/stat");
    int id, parent, group;
    char state, name[100];
    printf("stat %d", sscanf(text, "%d (%99[^)]) %c %d %d", &id, name, &state, &parent, &group));
    printf(" %d\n", id == getpid());
    printf("status %d %d\n", has("/proc/self/status", "Pid:\t"), has("/proc/self/status", "VmSize:"));
    printf("maps %d\n", has("/proc/self/maps", "[stack]"));
    int file = open("/dev/null", O_RDWR);
    sprintf(path, "/proc/self/fd/%d", file);
    length = readlink(path, target, sizeof target - 1);
    printf("descriptor %.*s\n", length > 0 ? length : 0, target);
    lstat(path, &status);
    printf("link %d", S_ISLNK(status.st_mode));
    stat(path, &status);
    printf(" %d\n", S_ISCHR(status.st_mode));
    int two[2];
    if (pipe(two)) return 1;
    sprintf(path, "/proc/self/fd/%d", two[0]);
    length = readlink(path, target, sizeof target - 1);
    printf("pipe %.5s\n", target);
    if (write(two[1], "through", 7) != 7) return 1;
    int again = open(path, O_RDONLY);
    printf("again %d\n", (int) read(again, target, sizeof target));
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, two)) return 1;
    sprintf(path, "/proc/self/fd/%d", two[0]);
    length = readlink(path, target, sizeof target - 1);
    printf("socket %.7s\n", target);
    sprintf(path, "%d", two[1]);
    printf("entries %d %d", entry("/proc/self/fd", path), entry("/proc/self", "status"));
    sprintf(path, "%d", getpid());
    printf(" %d\n", entry("/proc", path));
    printf("memory %d %d\n", has("/proc/meminfo", "MemTotal:"), has("/proc/meminfo", "MemFree:"));
    double up, idle;
    load("/proc/uptime");
    printf("uptime %d\n", sscanf(text, "%lf %lf", &up, &idle));
    load("/proc/loadavg");
    printf("load %d\n", sscanf(text, "%lf %lf", &up, &idle));
    printf("stat %d %d\n", has("/proc/stat", "cpu "), has("/proc/stat", "btime "));
    printf("mounts %d\n", has("/proc/mounts", "proc /proc proc"));
    printf("net %d %d\n", has("/proc/net/dev", "lo:"), has("/proc/net/tcp", "local_address"));
    printf("version %d\n", has("/proc/version", "Linux version"));
    printf("system %d\n", has("/proc/sys/kernel/ostype", "Linux"));
    printf("none %s\n", why(open("/proc/nothing-of-this-name", O_RDONLY)));
    printf("none %s\n", why(open("/proc/self/nothing-of-this-name", O_RDONLY)));
    printf("no link %s\n", why(readlink("/proc/self/stat", target, 9)));
    printf("no folder %s\n", why(open("/proc/self/stat", O_RDONLY | O_DIRECTORY)));
    stat("/proc/self", &status);
    printf("folder %d", S_ISDIR(status.st_mode));
    lstat("/proc/self", &status);
    printf(" %d\n", S_ISLNK(status.st_mode));
    int folder = open("/proc/self", O_RDONLY | O_DIRECTORY);
    int below = openat(folder, "comm", O_RDONLY);
    printf("below %d\n", read(below, target, 20) > 0);
    printf("access %d %s\n", access("/proc/self/stat", R_OK), why(access("/proc/self/none", F_OK)));
    fflush(stdout);
    int child = fork();
    if (child == 0) _exit(0);
    siginfo_t info;
    waitid(P_PID, child, &info, WEXITED | WNOWAIT);
    sprintf(path, "/proc/%d/stat", child);
    load(path);
    sscanf(text, "%d (%99[^)]) %c %d", &id, name, &state, &parent);
    printf("zombie %c %d\n", state, parent == getpid());
    wait(0);
    printf("gone %s\n", why(open(path, O_RDONLY)));
    printf("program %d\n", argv[0] != 0);
    return 0;
}
