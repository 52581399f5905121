/*
 * tty [raw]: says of each standard stream whether it is a terminal, and of
 * standard input its settings and size.  With "raw": turns echo, line editing
 * and signal keys off, says so, writes the numbers of the bytes typed until a
 * "q", puts the settings back and shows them again.  SIGWINCH shows the size.
 * For a pseudo-terminal; without one it only says so.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static void size(void)
{
    struct winsize w;
    if (ioctl(0, TIOCGWINSZ, &w) == 0)
        printf("size %d x %d\n", w.ws_row, w.ws_col);
    else
        printf("no size\n");
    fflush(stdout);
}

static void resized(int number)
{
    (void)number;
    size();
}

static void flags(const struct termios *t)
{
    printf("%cicrnl %cixon %copost %conlcr %ccread %cisig %cicanon %cecho %cechoe %ciexten cs%d %s min %d time %d "
           "intr %d quit %d eof %d erase %d susp %d\n",
           t->c_iflag & ICRNL ? '+' : '-', t->c_iflag & IXON ? '+' : '-', t->c_oflag & OPOST ? '+' : '-',
           t->c_oflag & ONLCR ? '+' : '-', t->c_cflag & CREAD ? '+' : '-', t->c_lflag & ISIG ? '+' : '-',
           t->c_lflag & ICANON ? '+' : '-', t->c_lflag & ECHO ? '+' : '-', t->c_lflag & ECHOE ? '+' : '-',
           t->c_lflag & IEXTEN ? '+' : '-', (t->c_cflag & CSIZE) == CS8 ? 8 : 7,
           cfgetospeed(t) == B38400 ? "38400" : "other", t->c_cc[VMIN], t->c_cc[VTIME], t->c_cc[VINTR],
           t->c_cc[VQUIT], t->c_cc[VEOF], t->c_cc[VERASE], t->c_cc[VSUSP]);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct termios before, raw;
    unsigned char c = 0;

    printf("terminals %d %d %d\n", isatty(0), isatty(1), isatty(2));
    if (tcgetattr(0, &before) != 0) {
        perror("tcgetattr");
        return 1;
    }
    flags(&before);
    size();
    if (argc < 2 || strcmp(argv[1], "raw") != 0)
        return 0;
    struct sigaction action = {.sa_handler = resized, .sa_flags = SA_RESTART};
    sigaction(SIGWINCH, &action, NULL);
    raw = before;
    raw.c_lflag &= ~(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(0, TCSADRAIN, &raw) != 0) {
        perror("tcsetattr");
        return 1;
    }
    tcgetattr(0, &raw);
    flags(&raw);
    printf("raw\n");
    fflush(stdout);
    while (c != 'q' && read(0, &c, 1) == 1) {
        printf("%d\n", c);
        fflush(stdout);
    }
    tcsetattr(0, TCSADRAIN, &before);
    tcgetattr(0, &before);
    flags(&before);
    return 0;
}
