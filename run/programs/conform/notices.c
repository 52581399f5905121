/* Being told of what happens to files: inotify(7). Not asked: where the truncation by open(2) is told, before or after the opening,
   which has changed between versions of Linux.
   Build flags: -w
 */
#include "check.h"
#include <limits.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>

static int queue;

static const char *what(uint32_t mask) {
    static char text[200];
    static const struct { uint32_t bit; const char *name; } names[] = { { IN_ACCESS, "access" }, { IN_MODIFY, "modify" },
        { IN_ATTRIB, "attrib" }, { IN_CLOSE_WRITE, "close-write" }, { IN_CLOSE_NOWRITE, "close" }, { IN_OPEN, "open" },
        { IN_MOVED_FROM, "from" }, { IN_MOVED_TO, "to" }, { IN_CREATE, "create" }, { IN_DELETE, "delete" },
        { IN_DELETE_SELF, "delete-self" }, { IN_MOVE_SELF, "move-self" }, { IN_IGNORED, "ignored" },
        { IN_ISDIR, "folder" }, { IN_Q_OVERFLOW, "overflow" } };
    text[0] = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mask & names[i].bit)
            sprintf(text + strlen(text), "%s%s", text[0] ? "+" : "", names[i].name);
    return text;
}

/* All that has been told since the last time. */
static void told(const char *name) {
    char buffer[65536] __attribute__((aligned(8)));
    char all[4096] = "";
    uint32_t cookie = 0;
    ssize_t got = read(queue, buffer, sizeof buffer);
    if (got < 0) {
        say(name, "%s", error(errno));
        return;
    }
    for (char *at = buffer; at < buffer + got;) {
        struct inotify_event *event = (struct inotify_event *) at;
        sprintf(all + strlen(all), " %s", what(event->mask));
        if (event->len)
            sprintf(all + strlen(all), ":%s/%u", event->name, event->len);
        if (event->cookie)
            strcat(all, cookie == event->cookie ? "=" : "?");
        cookie = event->cookie;
        at += sizeof *event + event->len;
    }
    say(name, "%s", all);
}

static void put(const char *file, const char *text) {
    int f = open(file, O_WRONLY | O_CREAT | O_APPEND, 0644);
    MUST(f);
    MUST(write(f, text, strlen(text)));
    MUST(close(f));
}

static void errors(void) {
    int f = open("plain", O_RDWR | O_CREAT, 0644);
    R("bad-flags", inotify_init1(1));
    R("no-queue", inotify_add_watch(f, ".", IN_CREATE));
    R("closed", inotify_add_watch(77, ".", IN_CREATE));
    R("no-file", inotify_add_watch(queue, "missing", IN_CREATE));
    R("no-mask", inotify_add_watch(queue, ".", 0));
    R("no-folder", inotify_add_watch(queue, "plain", IN_CREATE | IN_ONLYDIR));
    R("bad-address", inotify_add_watch(queue, NULL, IN_CREATE));
    R("both", inotify_add_watch(queue, ".", IN_CREATE | IN_MASK_ADD | IN_MASK_CREATE));
    R("no-watch", inotify_rm_watch(queue, 99));
    R("rm-no-queue", inotify_rm_watch(f, 1));
    R("write", write(queue, "x", 1));
    R("empty", read(queue, &f, sizeof f));
    MUST(unlink("plain"));
}

static void folder(void) {
    int bytes = -1;
    MUST(mkdir("d", 0755));
    R("first", inotify_add_watch(queue, "d", IN_ALL_EVENTS & ~(IN_ACCESS | IN_ISDIR)));
    R("again", inotify_add_watch(queue, "./d", IN_ALL_EVENTS & ~IN_ACCESS));
    R("exists", inotify_add_watch(queue, "d", IN_CREATE | IN_MASK_CREATE));
    struct pollfd one = { queue, POLLIN | POLLOUT, 0 };
    R("poll-none", poll(&one, 1, 0));
    put("d/file", "hello");
    R("poll", poll(&one, 1, 0));
    R("poll-in", one.revents);
    R("fionread", ioctl(queue, FIONREAD, &bytes));
    R("bytes", bytes);
    R("short", read(queue, &bytes, sizeof bytes));
    told("made");
    put("d/file", "more");
    told("written");
    int f = open("d/file", O_RDONLY);
    MUST(f);
    MUST(close(f));
    told("read");
    f = open("d/file", O_WRONLY);
    MUST(f);
    MUST(ftruncate(f, 10));
    MUST(close(f));
    told("truncated");
    MUST(truncate("d/file", 3));
    told("truncate");
    MUST(chmod("d/file", 0600));
    told("chmod");
    MUST(rename("d/file", "d/a-longer-name"));
    told("renamed");
    MUST(link("d/a-longer-name", "d/l"));
    told("linked");
    MUST(symlink("nowhere", "d/s"));
    told("symlink");
    MUST(unlink("d/l"));
    MUST(unlink("d/s"));
    told("unlinked");
    MUST(rename("d/a-longer-name", "outside"));
    told("out");
    MUST(rename("outside", "d/in"));
    told("in");
    MUST(mkdir("d/sub", 0755));
    told("mkdir");
    MUST(rmdir("d/sub"));
    told("rmdir");
    MUST(mknod("d/fifo", S_IFIFO | 0644, 0));
    told("mknod");
    MUST(unlink("d/fifo"));
    MUST(unlink("d/in"));
    told("cleared");
    MUST(rmdir("d"));
    told("gone");
    R("rm-gone", inotify_rm_watch(queue, 1));
    told("nothing");
}

static void file(void) {
    put("f", "x");
    int watch = inotify_add_watch(queue, "f", IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF);
    MUST(watch);
    R("number", watch);
    put("f", "y");
    told("modify");
    MUST(rename("f", "g"));
    told("moved");
    put("g", "z");
    told("by-its-new-name");
    MUST(unlink("g"));
    told("deleted");
    put("f", "x");
    watch = inotify_add_watch(queue, "f", IN_MODIFY | IN_ONESHOT);
    put("f", "1");
    put("f", "2");
    told("once");
    watch = inotify_add_watch(queue, "f", IN_MODIFY);
    put("f", "3");
    R("rm", inotify_rm_watch(queue, watch));
    put("f", "4");
    told("until-removed");
    watch = inotify_add_watch(queue, "f", IN_ATTRIB);
    R("added", inotify_add_watch(queue, "f", IN_MODIFY | IN_MASK_ADD) == watch);
    put("f", "5");
    MUST(chmod("f", 0600));
    told("two");
    for (int i = 0; i < 5; i++) MUST(chmod("f", 0600 + i));
    told("the-same-once");
    put("t", "t");
    MUST(rename("t", "f"));
    told("replaced");
    MUST(unlink("f"));
}

static void waiting(void) {
    int watch = inotify_add_watch(queue, ".", IN_CREATE);
    MUST(watch);
    MUST(fcntl(queue, F_SETFL, 0));
    pid_t child = fork();
    if (child == 0) {
        usleep(50000);
        put("late", "x");
        _exit(0);
    }
    told("waited");
    waitpid(child, NULL, 0);
    MUST(fcntl(queue, F_SETFL, O_NONBLOCK));
    MUST(unlink("late"));
    inotify_rm_watch(queue, watch);
    told("end");
}

static void checks(void) {
    queue = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    MUST(queue);
    T("cloexec", fcntl(queue, F_GETFD) == FD_CLOEXEC);
    T("nonblock", (fcntl(queue, F_GETFL) & (O_NONBLOCK | O_ACCMODE)) == O_NONBLOCK);
    int plain = inotify_init();
    T("plain", fcntl(plain, F_GETFD) == 0);
    close(plain);
    errors();
    folder();
    file();
    waiting();
}
