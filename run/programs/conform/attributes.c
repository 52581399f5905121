/* Extended attributes of files: those of the user, and what programs look for that have none (ls, cp, tar). Wrong
   arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <sys/xattr.h>

static char value[100], big[70000];

static void named(void) {
    int file = make("a", "text");
    R("get.none", getxattr("a", "user.x", value, 100));
    R("list.none", listxattr("a", value, 100));
    R("set", setxattr("a", "user.x", "hello", 5, 0));
    R("size", getxattr("a", "user.x", 0, 0));
    R("get", getxattr("a", "user.x", value, 100));
    say("value", "%.5s", value);
    R("get.small", getxattr("a", "user.x", value, 4));
    R("get.fault", getxattr("a", "user.x", (void *) 8, 100));
    R("create.there", setxattr("a", "user.x", "h", 1, XATTR_CREATE));
    R("replace.none", setxattr("a", "user.y", "h", 1, XATTR_REPLACE));
    R("replace", fsetxattr(file, "user.x", "hi", 2, XATTR_REPLACE));
    R("create", fsetxattr(file, "user.yy", "", 0, XATTR_CREATE));
    R("empty", fgetxattr(file, "user.yy", value, 100));
    R("again", fgetxattr(file, "user.x", value, 100));
    R("list.size", listxattr("a", 0, 0));
    R("list", flistxattr(file, value, 100));
    R("list.small", flistxattr(file, value, 3));
    R("remove", removexattr("a", "user.x"));
    R("remove.again", fremovexattr(file, "user.x"));
    R("list.one", llistxattr("a", value, 100));
    say("left", "%s", value);
    struct stat st;
    R("size.stays", (fstat(file, &st), st.st_size));
}

static void wrong(void) {
    R("missing.get", getxattr("missing", "user.x", value, 100));
    R("missing.set", setxattr("missing", "user.x", "a", 1, 0));
    R("missing.list", listxattr("missing", value, 100));
    R("name.none", getxattr("a", "", value, 100));
    R("name.fault", getxattr("a", (char *) 8, value, 100));
    R("name.nospace", getxattr("a", "x", value, 100));
    R("name.nospace.set", setxattr("a", "x", "a", 1, 0));
    R("name.empty", setxattr("a", "user.", "a", 1, 0));
    char name[300];
    memset(name, 'n', 299);
    memcpy(name, "user.", 5);
    name[255] = 0;
    Z("name.longest", setxattr("a", name, "a", 1, 0));
    name[255] = 'n', name[256] = 0;
    R("name.long", setxattr("a", name, "a", 1, 0));
    R("value.long", setxattr("a", "user.big", big, 65537, 0));
    R("value.fault", setxattr("a", "user.z", (void *) 8, 10, 0));
    R("flags", setxattr("a", "user.z", "a", 1, 4));
    R("bad", fgetxattr(999, "user.x", value, 100));
    R("path", fgetxattr(open("a", O_PATH), "user.x", value, 100));
    int ends[2];
    MUST(pipe(ends));
    R("pipe.list", flistxattr(ends[0], value, 100));
    R("pipe.set", fsetxattr(ends[0], "user.x", "a", 1, 0));
    R("acl", getxattr("a", "system.posix_acl_access", value, 100));
    R("selinux", lgetxattr("a", "security.selinux", value, 100));
}

static void kinds(void) {
    MUST(mkdir("d", 0755));
    R("dir.set", setxattr("d", "user.x", "dir", 3, 0));
    R("dir.get", getxattr("d", "user.x", value, 100));
    MUST(symlink("a", "link"));
    R("link.follow.set", setxattr("link", "user.l", "abc", 3, 0));
    R("link.follow", getxattr("a", "user.l", value, 100));
    R("link.self.set", lsetxattr("link", "user.l", "abc", 3, 0));
    R("link.self.get", lgetxattr("link", "user.l", value, 100));
    R("link.self.list", llistxattr("link", value, 100));
    R("link.self.remove", lremovexattr("link", "user.l"));
    MUST(symlink("nowhere", "dangling"));
    R("dangling", getxattr("dangling", "user.l", value, 100));
    R("rename", (rename("a", "b"), getxattr("b", "user.l", value, 100)));
    R("copy", (make("c", ""), getxattr("c", "user.l", value, 100)));
}

static void checks(void) {
    named();
    wrong();
    kinds();
}
