/* What is moved through pipes without being seen: splice, tee, vmsplice; sizes of pipes. Wrong arguments are meant.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <sys/socket.h>
#include <sys/uio.h>

static char data[70000];

static void moved(void) {
    int from = make("from", "0123456789"), to = make("to", ""), p[2], q[2];
    MUST(pipe(p));
    MUST(pipe(q));
    loff_t at = 2;
    R("splice.in", splice(from, &at, p[1], 0, 5, 0));
    say("splice.in.offset", "%ld", (long) at);
    lseek(from, 8, SEEK_SET);
    R("splice.in.position", splice(from, 0, p[1], 0, 50, 0));
    R("splice.in.end", splice(from, 0, p[1], 0, 50, 0));
    R("splice.pipe", splice(p[0], 0, q[1], 0, 3, 0));
    at = 4;
    R("splice.out", splice(q[0], 0, to, &at, 50, 0));
    say("splice.out.offset", "%ld", (long) at);
    lseek(to, 0, SEEK_SET);
    R("splice.out.position", splice(p[0], 0, to, 0, 2, 0));
    R("splice.rest", read(p[0], data, 100));
    say("splice.rest.bytes", "%.2s", data);
    int n = pread(to, data, 100, 0);
    say("splice.file", "%d %.2s %.3s", n, data, data + 4);
    R("splice.nothing", splice(p[0], 0, to, 0, 0, 0));
    R("splice.again", splice(p[0], 0, to, 0, 5, SPLICE_F_NONBLOCK));
    R("splice.nopipe", splice(from, 0, to, 0, 5, 0));
    R("splice.same", (write(p[1], "x", 1), splice(p[0], 0, p[1], 0, 1, 0)));
    at = 0;
    R("splice.pipe.offset", splice(p[0], &at, q[1], 0, 1, 0));
    R("splice.pipe.offset.out", splice(from, 0, q[1], &at, 1, 0));
    R("splice.flags", splice(p[0], 0, q[1], 0, 1, 0x100));
    R("splice.bad", splice(999, 0, q[1], 0, 1, 0));
    R("splice.direction", splice(p[1], 0, q[1], 0, 1, 0));
    R("splice.readonly", splice(p[0], 0, open("to", O_RDONLY), 0, 1, 0));
    R("splice.append", splice(p[0], 0, open("to", O_WRONLY | O_APPEND), 0, 1, 0));
    R("splice.kept", read(p[0], data, 100));
    int s[2];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, s));
    write(p[1], "to socket", 9);
    R("splice.socket", splice(p[0], 0, s[0], 0, 100, 0));
    R("splice.socket.read", read(s[1], data, 100));
    write(s[1], "back", 4);
    R("splice.from.socket", splice(s[0], 0, p[1], 0, 100, 0));
    R("splice.from.socket.read", read(p[0], data, 100));
    close(p[1]);
    R("splice.eof", splice(p[0], 0, to, 0, 5, 0));
    close(q[0]);
    signal(SIGPIPE, SIG_IGN);
    lseek(from, 0, SEEK_SET);
    R("splice.broken", splice(from, 0, q[1], 0, 5, 0));
    signal(SIGPIPE, SIG_DFL);
    CHILD("splice.sigpipe", splice(from, 0, q[1], 0, 5, 0));
}

static void copied(void) {
    int p[2], q[2];
    MUST(pipe(p));
    MUST(pipe(q));
    write(p[1], "abcdef", 6);
    R("tee", tee(p[0], q[1], 4, 0));
    R("tee.copy", read(q[0], data, 100));
    say("tee.copy.bytes", "%.4s", data);
    R("tee.source", read(p[0], data, 100));
    say("tee.source.bytes", "%.6s", data);
    R("tee.empty", tee(p[0], q[1], 4, SPLICE_F_NONBLOCK));
    R("tee.none", tee(p[0], q[1], 0, 0));
    R("tee.same", (write(p[1], "x", 1), tee(p[0], p[1], 4, 0)));
    R("tee.file", tee(p[0], make("file", ""), 4, 0));
    R("tee.flags", tee(p[0], q[1], 4, 64));
    close(p[1]);
    read(p[0], data, 1);
    R("tee.eof", tee(p[0], q[1], 4, 0));
}

static void memory(void) {
    int p[2];
    MUST(pipe(p));
    struct iovec two[2] = {{"abc", 3}, {"defg", 4}};
    R("vmsplice", vmsplice(p[1], two, 2, 0));
    char a[2], b[10];
    struct iovec back[2] = {{a, 2}, {b, 10}};
    R("vmsplice.read", vmsplice(p[0], back, 2, 0));
    say("vmsplice.bytes", "%.2s %.5s", a, b);
    R("vmsplice.nothing", vmsplice(p[1], two, 0, 0));
    R("vmsplice.flags", vmsplice(p[1], two, 2, 0x100));
    R("vmsplice.file", vmsplice(make("v", ""), two, 2, 0));
    R("vmsplice.bad", vmsplice(999, two, 2, 0));
}

static void sizes(void) {
    int p[2];
    MUST(pipe(p));
    R("size", fcntl(p[0], F_GETPIPE_SZ));
    R("size.set", fcntl(p[1], F_SETPIPE_SZ, 65536));
    R("size.file", fcntl(make("s", ""), F_GETPIPE_SZ));
    MUST(fcntl(p[1], F_SETFL, O_NONBLOCK));
    R("size.full", write(p[1], data, 70000));
    int from = make("big", "0123456789");
    R("full.splice", splice(from, 0, p[1], 0, 5, SPLICE_F_NONBLOCK));
    R("full.position", lseek(from, 0, SEEK_CUR));
    int q[2];
    MUST(pipe(q));
    MUST(fcntl(q[1], F_SETFL, O_NONBLOCK));
    long total = 0, n;
    while ((n = splice(p[0], 0, q[1], 0, 70000, SPLICE_F_NONBLOCK)) > 0) total += n;
    say("all", "%ld", total);
    R("all.more", n);
    total = 0;
    close(q[1]);
    while ((n = read(q[0], data, 70000)) > 0) total += n;
    say("all.read", "%ld", total);
}

static void checks(void) {
    moved();
    copied();
    memory();
    sizes();
}
