package run.launcher;

import java.util.Map;
import java.util.TreeMap;

/** What {@code --net} takes: {@code WIRE[,OPTION=VALUE...]}. What it means: docs/network.md. */
final class NetworkOptions {

    private static final String WIRE = "none|gateway|tap:[^:/,;]{1,15}(:dhcp|:[0-9.]+/[0-9]+(:[0-9.]+)?)?"
            + "|wire:unix:[^,;]+|wire:(\\[[0-9a-fA-F:.]+\\]|[^:,;\\[]+):[0-9]{1,5}";
    private static final String ADDRESS = "([0-9.]+/[0-9]{1,2}|[0-9a-fA-F:.]+/[0-9]{1,3})";
    private static final String SHARE = "[0-9]+(\\.[0-9]+)?%";
    private static final String TIME = "[0-9]+(\\.[0-9]+)?(us|ms|s)";

    /** Options, what they look like and an example. */
    private static final Map<String, String[]> OPTIONS = new TreeMap<>(Map.ofEntries(
            option("address", ADDRESS + "(\\+" + ADDRESS + ")*|dhcp", "10.1.0.2/24+fd00::2/64"),
            option("dns", "[0-9a-fA-F:.]+", "10.1.0.1"),
            option("gateway", "[0-9a-fA-F:.]+(\\+[0-9a-fA-F:.]+)?", "10.1.0.1+fd00::1"),
            option("mtu", "[0-9]{2,5}", "1500"),
            option("mac", "[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}", "08:00:2b:00:00:02"),
            option("pvc", "[0-9.:+]+", "0.100:10.2.0.2"),
            option("loss", SHARE, "1%"),
            option("dup", SHARE, "1%"),
            option("corrupt", SHARE, "0.1%"),
            option("reorder", SHARE, "5%"), option("hole", "[1-9][0-9]{1,4}", "1200"),
            option("delay", TIME, "5ms"),
            option("jitter", TIME, "2ms"),
            option("rate", "[0-9]+(\\.[0-9]+)?[kMG]", "10M"),
            option("seed", "-?[0-9]{1,18}", "7")));

    private NetworkOptions() {}

    /** {@code --atm}: the same over a wire between processes, with circuits. */
    static String atm(String text) throws Options.UsageException {
        if (!text.startsWith("wire:")) {
            throw new Options.UsageException(
                    "--atm wants wire:unix:PATH or wire:HOST:PORT, and options, not \"" + text + "\"");
        }
        return network(text);
    }

    private static Map.Entry<String, String[]> option(String name, String pattern, String example) {
        return Map.entry(name, new String[]{pattern, example});
    }

    static String network(String text) throws Options.UsageException {
        String[] words = text.split(",");
        if (!words[0].matches(WIRE)) {
            throw new Options.UsageException("--net wants none, gateway, wire:unix:PATH, wire:HOST:PORT"
                    + " or tap:NAME:ADDRESS/PREFIX[:GATEWAY] or tap:NAME:dhcp, not \"" + text + "\"");
        }
        for (int i = 1; i < words.length; i++) {
            String name = words[i].replaceAll("=.*", "");
            String[] wanted = OPTIONS.get(name);
            if (wanted == null) {
                throw new Options.UsageException("--net has no option \"" + words[i] + "\"; it has "
                        + String.join(", ", OPTIONS.keySet()));
            }
            if (!words[i].startsWith(name + "=") || !words[i].substring(name.length() + 1).matches(wanted[0])) {
                throw new Options.UsageException(
                        "--net ..." + words[i] + ": such as " + name + "=" + wanted[1] + " is wanted");
            }
        }
        return text;
    }

    /** One more; what was said before is not said twice. */
    static String and(String some, String one) {
        return (";" + some + ";").contains(";" + one + ";") ? some : some + ";" + one;
    }
}
