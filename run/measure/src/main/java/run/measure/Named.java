package run.measure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds what the command line names. */
final class Named {

    private Named() {}

    /**
     * @param all what there is
     * @param names what is wanted; none means all
     * @throws UsageException one is unknown; the message says what there is
     */
    static <T> List<T> find(String kind, Collection<T> all, Function<T, String> name, List<String> names)
            throws UsageException {
        if (names.isEmpty()) {
            return List.copyOf(all);
        }
        List<T> found = new ArrayList<>();
        for (String wanted : names) {
            T one = all.stream().filter(candidate -> name.apply(candidate).equals(wanted)).findFirst()
                    .orElseThrow(() -> new UsageException("There is no " + kind + " \"" + wanted + "\". There are: "
                            + all.stream().map(name).collect(Collectors.joining(", "))));
            if (!found.contains(one)) {
                found.add(one);
            }
        }
        return found;
    }
}
