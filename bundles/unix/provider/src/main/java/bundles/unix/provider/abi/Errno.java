package bundles.unix.provider.abi;

import java.util.HashMap;
import java.util.Map;

/** Error numbers of Linux/Alpha, which are OSF/1's where that had them (asm/errno.h). */
public enum Errno {
    // @formatter:off
    EPERM(1), ENOENT(2), ESRCH(3), EINTR(4), EIO(5), ENXIO(6), E2BIG(7), ENOEXEC(8), EBADF(9), ECHILD(10),
    EDEADLK(11), ENOMEM(12), EACCES(13), EFAULT(14), ENOTBLK(15), EBUSY(16), EEXIST(17), EXDEV(18), ENODEV(19),
    ENOTDIR(20), EISDIR(21), EINVAL(22), ENFILE(23), EMFILE(24), ENOTTY(25), ETXTBSY(26), EFBIG(27), ENOSPC(28),
    ESPIPE(29), EROFS(30), EMLINK(31), EPIPE(32), EDOM(33), ERANGE(34), EAGAIN(35), EINPROGRESS(36), EALREADY(37),
    ENOTSOCK(38), EDESTADDRREQ(39), EMSGSIZE(40), EPROTOTYPE(41), ENOPROTOOPT(42), EPROTONOSUPPORT(43),
    ESOCKTNOSUPPORT(44), EOPNOTSUPP(45), EPFNOSUPPORT(46), EAFNOSUPPORT(47), EADDRINUSE(48), EADDRNOTAVAIL(49),
    ENETDOWN(50), ENETUNREACH(51), ENETRESET(52), ECONNABORTED(53), ECONNRESET(54), ENOBUFS(55), EISCONN(56),
    ENOTCONN(57), ESHUTDOWN(58), ETOOMANYREFS(59), ETIMEDOUT(60), ECONNREFUSED(61), ELOOP(62), ENAMETOOLONG(63),
    EHOSTDOWN(64), EHOSTUNREACH(65), ENOTEMPTY(66), EUSERS(68), EDQUOT(69), ESTALE(70), EREMOTE(71), ENOLCK(77),
    ENOSYS(78), ENOMSG(80), EIDRM(81), ENOSR(82), ETIME(83), EBADMSG(84), EPROTO(85), ENODATA(86), ENOSTR(87),
    ECHRNG(88), EL2NSYNC(89), EL3HLT(90), EL3RST(91), ENOPKG(92), ELNRNG(93), EUNATCH(94), ENOCSI(95), EL2HLT(96),
    EBADE(97), EBADR(98), EXFULL(99), ENOANO(100), EBADRQC(101), EBADSLT(102), EBFONT(104), ENONET(105),
    ENOLINK(106), EADV(107), ESRMNT(108), ECOMM(109), EMULTIHOP(110), EDOTDOT(111), EOVERFLOW(112), ENOTUNIQ(113),
    EBADFD(114), EREMCHG(115), EILSEQ(116), EUCLEAN(117), ENOTNAM(118), ENAVAIL(119), EISNAM(120), EREMOTEIO(121),
    ELIBACC(122), ELIBBAD(123), ELIBSCN(124), ELIBMAX(125), ELIBEXEC(126), ERESTART(127), ESTRPIPE(128),
    ENOMEDIUM(129), EMEDIUMTYPE(130), ECANCELED(131), ENOKEY(132), EKEYEXPIRED(133), EKEYREVOKED(134),
    EKEYREJECTED(135), EOWNERDEAD(136), ENOTRECOVERABLE(137), ERFKILL(138), EHWPOISON(139);
    // @formatter:on

    private static final Map<Integer, Errno> BY_NUMBER = new HashMap<>();

    static {
        for (Errno errno : values()) {
            BY_NUMBER.put(errno.number, errno);
        }
    }

    private final int number;
    private final ErrnoException exception;

    Errno(int number) {
        this.number = number;
        this.exception = new ErrnoException(this);
    }

    /** The number, from 1. */
    public int number() {
        return number;
    }

    /** What a system call throws that ends with this error; the same object each time, without a trace. */
    public ErrnoException exception() {
        return exception;
    }

    /** The name of a number, or the number itself if it has none. */
    public static String name(int number) {
        Errno errno = BY_NUMBER.get(number);
        return errno == null ? Integer.toString(number) : errno.name();
    }
}
