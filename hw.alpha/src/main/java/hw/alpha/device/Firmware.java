package hw.alpha.device;

import hw.alpha.cpu.Unaligned;
import hw.alpha.host.HostFile;
import hw.alpha.host.HostStatus;
import hw.alpha.isa.Model;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import kernel.core.machine.Boot;
import kernel.core.machine.FileOpener;
import kernel.core.machine.FileStatuses;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * What the machine's non-volatile memory tells: {@link Boot}, from framework properties; and the host's file system, as a
 * service of type {@link FileSystem} with the property {@code spin.filesystem=host}. Both are objects that no component
 * class can extend, so this component registers them, {@link FileOpener} and {@link FileStatuses} with them; they go when it goes.
 *
 * <p>Properties: {@code spin.mode} ({@code shell}, {@code commands}, {@code exec} or {@code idle}), {@code spin.arguments}
 * (how many) and {@code spin.argument.0} and so on, {@code spin.environments} and {@code spin.environment.0} and so on,
 * {@code spin.directory}, {@code spin.home}, {@code spin.started}; {@code spin.cpu} ({@code ev4}, {@code ev56}, {@code ev67}) and
 * {@code spin.unaligned} ({@code fix}, {@code fatal}), of which the processor is told.
 */
@Component(service = {}, immediate = true)
public final class Firmware {

    /** @param context of this bundle, whose framework's properties are read */
    @Activate
    public Firmware(BundleContext context) {
        Model.choose(Model.named(or(context::getProperty, "spin.cpu", "ev67")));
        Unaligned.choose(Unaligned.named(or(context::getProperty, "spin.unaligned", "fix")));
        context.registerService(Boot.class, boot(context::getProperty), null);
        Dictionary<String, Object> host = new Hashtable<>();
        host.put("spin.filesystem", "host");
        context.registerService(FileSystem.class, FileSystems.getDefault(), host);
        context.registerService(FileOpener.class, HostFile::open, null);
        context.registerService(FileStatuses.class, HostStatus::of, null);
    }

    /**
     * Reads how the machine was started.
     *
     * @param properties answers a property's value, or null
     * @throws IllegalArgumentException a value is not what it must be; the message names it
     */
    static Boot boot(UnaryOperator<String> properties) {
        String directory = or(properties, "spin.directory", System.getProperty("user.dir", "/"));
        return new Boot(mode(or(properties, "spin.mode", "idle")), list(properties, "spin.argument"),
                list(properties, "spin.environment"), directory, or(properties, "spin.home", directory),
                number(properties, "spin.started"));
    }

    private static Boot.Mode mode(String name) {
        try {
            return Boot.Mode.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "spin.mode=" + name + ": must be one of " + Arrays.toString(Boot.Mode.values()), e);
        }
    }

    private static List<String> list(UnaryOperator<String> properties, String name) {
        List<String> values = new ArrayList<>();
        long count = number(properties, name + "s");
        for (int i = 0; i < count; i++) {
            String value = properties.apply(name + "." + i);
            if (value == null) {
                throw new IllegalArgumentException(name + "." + i + " is missing: " + name + "s=" + count);
            }
            values.add(value);
        }
        return values;
    }

    private static long number(UnaryOperator<String> properties, String name) {
        String value = or(properties, name, "0");
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + "=" + value + ": not a number", e);
        }
    }

    private static String or(UnaryOperator<String> properties, String name, String otherwise) {
        String value = properties.apply(name);
        return value == null ? otherwise : value;
    }
}
