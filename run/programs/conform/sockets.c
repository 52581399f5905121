/* Sockets: the UNIX family and loopback. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

static char bytes[100000];

static struct sockaddr_un name(const char *path) {
    struct sockaddr_un address = {AF_UNIX};
    strcpy(address.sun_path, path);
    return address;
}

static void made(void) {
    R("family", socket(99, SOCK_STREAM, 0));
    R("type", socket(AF_UNIX, 99, 0));
    R("protocol", socket(AF_INET, SOCK_STREAM, 99));
    R("flags", socket(AF_UNIX, SOCK_STREAM | 0x1000000, 0) >= -1 ? 0 : 1);
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    T("socket", s >= 0);
    R("cloexec", fcntl(s, F_GETFD));
    T("nonblock", fcntl(s, F_GETFL) & O_NONBLOCK);
    int value = 0;
    socklen_t size = sizeof value;
    R("so_type", getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &size));
    T("so_type.stream", value == SOCK_STREAM);
    R("so_domain", (getsockopt(s, SOL_SOCKET, SO_DOMAIN, &value, &size), value));
    R("so_error", (getsockopt(s, SOL_SOCKET, SO_ERROR, &value, &size), value));
    R("option", getsockopt(s, SOL_SOCKET, 9999, &value, &size));
    R("option.level", getsockopt(s, 77, 1, &value, &size));
    R("unconnected.write", (signal(SIGPIPE, SIG_IGN), write(s, "x", 1)));
    R("unconnected.read", read(s, bytes, 1));
    R("unconnected.peer", getpeername(s, (struct sockaddr *) bytes, &size));
    R("unconnected.shutdown", shutdown(s, SHUT_RD));
    R("unlistening.accept", accept(s, NULL, NULL));
    R("unbound.listen", listen(s, 5));
    R("lseek", lseek(s, 0, SEEK_SET));
    struct stat st;
    fstat(s, &st);
    T("fstat", S_ISSOCK(st.st_mode));
    close(s);
    R("file.bind", bind(open("/dev/null", O_RDONLY), (struct sockaddr *) bytes, 10));
    R("bad", listen(999, 1));
}

static void pairs(void) {
    int p[2];
    R("pair", socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    int none[2];
    R("pair.inet", socketpair(AF_INET, SOCK_STREAM, 0, none));
    R("pair.fault", socketpair(AF_UNIX, SOCK_STREAM, 0, (int *) 8));
    R("pair.write", write(p[0], "hello", 5));
    R("pair.peek", recv(p[1], bytes, 3, MSG_PEEK));
    int count = 0;
    ioctl(p[1], FIONREAD, &count);
    R("pair.fionread", count);
    R("pair.read", read(p[1], bytes, 100));
    R("pair.dontwait", recv(p[1], bytes, 100, MSG_DONTWAIT));
    R("pair.flags", recv(p[1], bytes, 1, MSG_OOB));
    R("pair.waitall", (write(p[0], "ab", 2), write(p[0], "cd", 2), recv(p[1], bytes, 4, MSG_WAITALL)));
    R("pair.trunc", (write(p[0], "abcd", 4), recv(p[1], bytes, 2, MSG_TRUNC)));
    R("pair.rest", recv(p[1], bytes, 10, 0));
    R("pair.half", shutdown(p[0], SHUT_WR));
    R("pair.half.read", read(p[1], bytes, 1));
    R("pair.half.write", write(p[0], "x", 1));
    R("pair.other.write", write(p[1], "back", 4));
    R("pair.other.read", read(p[0], bytes, 10));
    R("pair.shutdown.wrong", shutdown(p[0], 9));
    close(p[1]);
    R("pair.closed.read", read(p[0], bytes, 1));
    R("pair.closed.write", write(p[0], "x", 1));
    struct pollfd poller = {p[0], POLLIN, 0};
    poll(&poller, 1, 0);
    T("pair.closed.hup", poller.revents & POLLHUP);
    close(p[0]);
    socketpair(AF_UNIX, SOCK_DGRAM, 0, p);
    write(p[0], "first", 5);
    write(p[0], "second", 6);
    R("dgram.first", read(p[1], bytes, 3));
    R("dgram.second", read(p[1], bytes, 100));
    R("dgram.empty", (write(p[0], "", 0), read(p[1], bytes, 100)));
    struct iovec part = {bytes, 2};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    write(p[0], "long", 4);
    R("dgram.cut", recvmsg(p[1], &message, 0));
    T("dgram.cut.flag", message.msg_flags & MSG_TRUNC);
    close(p[0]);
    close(p[1]);
    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, p);
    write(p[0], "one", 3);
    write(p[0], "two", 3);
    R("seqpacket", read(p[1], bytes, 100));
    close(p[0]);
    R("seqpacket.left", read(p[1], bytes, 100));
    R("seqpacket.end", read(p[1], bytes, 100));
    close(p[1]);
}

static void rights(void) {
    int p[2], file = make("passed", "contents");
    socketpair(AF_UNIX, SOCK_STREAM, 0, p);
    char control[CMSG_SPACE(sizeof(int))];
    memset(control, 0, sizeof control);
    struct iovec part = {"x", 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &file, sizeof file);
    R("rights.send", sendmsg(p[0], &message, 0));
    close(file);
    memset(control, 0, sizeof control);
    part.iov_base = bytes;
    R("rights.receive", recvmsg(p[1], &message, MSG_CMSG_CLOEXEC));
    header = CMSG_FIRSTHDR(&message);
    T("rights.kind", header && header->cmsg_type == SCM_RIGHTS);
    memcpy(&file, CMSG_DATA(header), sizeof file);
    R("rights.cloexec", fcntl(file, F_GETFD));
    R("rights.read", pread(file, bytes, 100, 0));
    close(file);
    int bad = 999;
    memcpy(CMSG_DATA(header), &bad, sizeof bad);
    R("rights.bad", sendmsg(p[0], &message, 0));
    int on = 1;
    R("passcred", setsockopt(p[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    R("peercred", getsockopt(p[1], SOL_SOCKET, SO_PEERCRED, &credentials, &size));
    T("peercred.pid", credentials.pid == getpid());
    close(p[0]);
    close(p[1]);
}

static void named(void) {
    int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = name("server"), other;
    R("connect.missing", connect(client, (struct sockaddr *) &address, sizeof address));
    R("bind", bind(server, (struct sockaddr *) &address, sizeof address));
    R("bind.again", bind(server, (struct sockaddr *) &address, sizeof address));
    R("bind.inuse", bind(client, (struct sockaddr *) &address, sizeof address));
    R("bind.short", bind(client, (struct sockaddr *) &address, 1));
    R("connect.notlistening", connect(client, (struct sockaddr *) &address, sizeof address));
    R("listen", listen(server, 1));
    R("connect", connect(client, (struct sockaddr *) &address, sizeof address));
    R("connect.again", connect(client, (struct sockaddr *) &address, sizeof address));
    socklen_t size = sizeof other;
    int accepted = accept4(server, (struct sockaddr *) &other, &size, SOCK_CLOEXEC);
    T("accept", accepted >= 0);
    R("accept.name", size);
    R("accept.cloexec", fcntl(accepted, F_GETFD));
    size = sizeof other;
    R("peername", getpeername(client, (struct sockaddr *) &other, &size));
    say("peername.path", "%s", other.sun_path);
    R("written", write(client, "to server", 9));
    R("read", read(accepted, bytes, 100));
    struct stat st;
    R("stat", stat("server", &st));
    T("stat.socket", S_ISSOCK(st.st_mode));
    R("open", open("server", O_RDONLY));
    close(client);
    R("gone", read(accepted, bytes, 1));
    close(accepted);
    fcntl(server, F_SETFL, O_NONBLOCK);
    R("accept.none", accept(server, NULL, NULL));
    close(server);
    client = socket(AF_UNIX, SOCK_STREAM, 0);
    R("connect.closed", connect(client, (struct sockaddr *) &address, sizeof address));
    R("unlink", unlink("server"));
    close(make("plain", "x"));
    address = name("plain");
    R("connect.plain", connect(client, (struct sockaddr *) &address, sizeof address));
    close(client);
    int abstract = socket(AF_UNIX, SOCK_DGRAM, 0);
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    sprintf(address.sun_path + 1, "conform-%d", getpid());
    R("abstract", bind(abstract, (struct sockaddr *) &address, sizeof address));
    client = socket(AF_UNIX, SOCK_DGRAM, 0);
    R("abstract.send", sendto(client, "hi", 2, 0, (struct sockaddr *) &address, sizeof address));
    R("abstract.received", read(abstract, bytes, 100));
    close(abstract);
    R("abstract.gone", sendto(client, "hi", 2, 0, (struct sockaddr *) &address, sizeof address));
    close(client);
}

static void loopback(void) {
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}}, other;
    socklen_t size = sizeof address;
    R("inet.bind", bind(server, (struct sockaddr *) &address, sizeof address));
    getsockname(server, (struct sockaddr *) &address, &size);
    T("inet.port", address.sin_port != 0);
    R("inet.listen", listen(server, 5));
    R("inet.connect", connect(client, (struct sockaddr *) &address, sizeof address));
    size = sizeof other;
    int accepted = accept(server, (struct sockaddr *) &other, &size);
    T("inet.accept", accepted >= 0 && other.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
    R("inet.nodelay", setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    R("inet.write", write(client, "ping", 4));
    R("inet.read", recv(accepted, bytes, 4, MSG_WAITALL));
    R("inet.isconn", connect(client, (struct sockaddr *) &address, sizeof address));
    R("inet.shutdown", shutdown(client, SHUT_WR));
    R("inet.end", read(accepted, bytes, 1));
    close(accepted);
    R("inet.client.end", read(client, bytes, 1));
    close(client);
    close(server);
    client = socket(AF_INET, SOCK_STREAM, 0);
    R("inet.refused", connect(client, (struct sockaddr *) &address, sizeof address));
    close(client);
    int udp = socket(AF_INET, SOCK_DGRAM, 0), from = socket(AF_INET, SOCK_DGRAM, 0);
    address.sin_port = 0;
    R("udp.bind", bind(udp, (struct sockaddr *) &address, sizeof address));
    size = sizeof address;
    getsockname(udp, (struct sockaddr *) &address, &size);
    R("udp.send", sendto(from, "data", 4, 0, (struct sockaddr *) &address, sizeof address));
    R("udp.nodestination", send(from, "data", 4, 0));
    R("udp.receive", recvfrom(udp, bytes, 100, 0, (struct sockaddr *) &other, &size));
    R("udp.dontwait", recv(udp, bytes, 100, MSG_DONTWAIT));
    R("udp.large", sendto(from, bytes, 70000, 0, (struct sockaddr *) &address, sizeof address));
    R("udp.connect", connect(from, (struct sockaddr *) &address, sizeof address));
    R("udp.connected", send(from, "more", 4, 0));
    R("udp.received", recv(udp, bytes, 100, 0));
    close(udp);
    close(from);
}

static void checks(void) {
    made();
    pairs();
    rights();
    named();
    loopback();
}
