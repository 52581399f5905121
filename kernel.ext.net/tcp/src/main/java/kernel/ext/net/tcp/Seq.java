package kernel.ext.net.tcp;

/** Sequence numbers, modulo 2^32 (RFC 9293 section 3.4). */
final class Seq {

    private Seq() {}

    static boolean less(int a, int b) {
        return a - b < 0;
    }

    static boolean atMost(int a, int b) {
        return a - b <= 0;
    }

    static int later(int a, int b) {
        return less(a, b) ? b : a;
    }
}
