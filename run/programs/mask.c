/*
 * mask: makes the file "made" and the folder "folder" with all permissions,
 * shows what they got and the umask, changes it to 027 and does it again.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int show(const char *name)
{
    struct stat s;
    if (stat(name, &s) != 0) {
        perror(name);
        return 1;
    }
    printf("%s %o\n", name, s.st_mode & 0777);
    return 0;
}

static int make(void)
{
    close(open("made", O_WRONLY | O_CREAT | O_TRUNC, 0777));
    mkdir("folder", 0777);
    int bad = show("made") | show("folder");
    unlink("made");
    rmdir("folder");
    return bad;
}

int main(void)
{
    int bad = make();
    printf("umask %o\n", umask(027));
    bad |= make();
    return bad;
}
