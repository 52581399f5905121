package hw.alpha.device.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a wire does to what goes over it, in each direction: as {@code tc netem} of Linux does it. Shares are 0 to 1, times
 * nanoseconds.
 *
 * @param loss share that does not arrive
 * @param duplication share that arrives twice
 * @param corruption share of which one bit is changed
 * @param reordering share that is overtaken by what was sent up to a millisecond (or the delay, if that is longer) after it
 * @param delay of everything
 * @param jitter added to the delay, evenly between 0 and this; does not reorder
 * @param rate bits a second, 0 for no limit; what would wait behind 1,000 others is lost
 * @param hole bytes of the longest packet, its Ethernet header not counted, that arrives: longer ones vanish without a word; 0 for no
 *            limit
 * @param seed from which the fate of the n-th frame follows, whenever it is sent
 */
record Faults(double loss, double duplication, double corruption, double reordering, long delay, long jitter,
        long rate, int hole, long seed) {

    /** A perfect wire. */
    static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 1);

    /** Takes its options out of others; throws {@link IllegalArgumentException} that says what is wrong with one. */
    static Faults take(Map<String, String> options) {
        return new Faults(share(options, "loss"), share(options, "dup"), share(options, "corrupt"),
                share(options, "reorder"), time(options, "delay"), time(options, "jitter"), rate(options),
                hole(options), seed(options));
    }

    private static double share(Map<String, String> options, String name) {
        String text = options.remove(name);
        if (text == null) {
            return 0;
        }
        if (!text.matches("[0-9]+(\\.[0-9]+)?%") || number(text, 1) > 100) {
            throw new IllegalArgumentException(name + "=" + text + ": a share is wanted, such as 1% or 0.5%");
        }
        return number(text, 1) / 100;
    }

    private static double number(String text, int unit) {
        return Double.parseDouble(text.substring(0, text.length() - unit));
    }

    private static long time(Map<String, String> options, String name) {
        String text = options.remove(name);
        if (text == null) {
            return 0;
        }
        if (text.matches("[0-9]+(\\.[0-9]+)?(us|ms)")) {
            return (long) (number(text, 2) * (text.endsWith("us") ? 1e3 : 1e6));
        }
        if (text.matches("[0-9]+(\\.[0-9]+)?s") && number(text, 1) <= 60) {
            return (long) (number(text, 1) * 1e9);
        }
        throw new IllegalArgumentException(name + "=" + text + ": a time is wanted, such as 50us, 5ms or 1.5s");
    }

    private static long rate(Map<String, String> options) {
        String text = options.remove("rate");
        if (text == null) {
            return 0;
        }
        if (!text.matches("[0-9]+(\\.[0-9]+)?[kMG]") || number(text, 1) <= 0) {
            throw new IllegalArgumentException("rate=" + text + ": bits a second are wanted, such as 64k, 10M or 1G");
        }
        double unit = text.endsWith("k") ? 1e3 : text.endsWith("M") ? 1e6 : 1e9;
        return Math.max(1, (long) (number(text, 1) * unit));
    }

    private static int hole(Map<String, String> options) {
        String text = options.remove("hole");
        if (text == null) {
            return 0;
        }
        if (!text.matches("[1-9][0-9]{1,4}")) {
            throw new IllegalArgumentException("hole=" + text + ": bytes of a packet are wanted, such as 1200");
        }
        return Integer.parseInt(text);
    }

    private static long seed(Map<String, String> options) {
        String text = options.remove("seed");
        if (text == null) {
            return 1;
        }
        if (!text.matches("-?[0-9]{1,18}")) {
            throw new IllegalArgumentException("seed=" + text + ": a whole number is wanted");
        }
        return Long.parseLong(text);
    }

    /** Whether nothing is wrong with the wire. */
    boolean none() {
        return loss == 0 && duplication == 0 && corruption == 0 && hole == 0 && !slow();
    }

    /** Whether anything arrives later than it is sent. */
    boolean slow() {
        return reordering > 0 || delay > 0 || jitter > 0 || rate > 0;
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>();
        share(all, "loss", loss);
        share(all, "dup", duplication);
        share(all, "corrupt", corruption);
        share(all, "reorder", reordering);
        time(all, "delay", delay);
        time(all, "jitter", jitter);
        if (hole > 0) {
            all.add("hole=" + hole);
        }
        if (rate > 0) {
            all.add("rate=" + (rate % 1_000_000 == 0 ? rate / 1_000_000 + "M" : rate / 1000 + "k"));
        }
        return String.join(" ", all);
    }

    private static void share(List<String> all, String name, double share) {
        if (share > 0) {
            all.add(name + "=" + text(share * 100) + "%");
        }
    }

    private static void time(List<String> all, String name, long time) {
        if (time > 0) {
            all.add(name + "=" + text(time / 1e6) + "ms");
        }
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.3f", value).replaceAll("\\.?0+$", "");
    }
}
