package run.measure;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where things are.
 *
 * @param home root of the source tree
 */
public record Tree(Path home) {

    /** Reports and everything made while measuring. */
    public Path output(String driver) {
        return home.resolve("target").resolve(driver);
    }

    /** The figures that are kept with the sources. */
    Path figures() {
        return home.resolve("docs/figures");
    }

    /** The C sources of the peers. */
    Path peers() {
        return home.resolve("run/peers");
    }

    /** The Alpha test programs' sources and how they are built. */
    public Path programs() {
        return home.resolve("run/programs");
    }

    /** The jars that this module's build put together. */
    public Path assembly() {
        return home.resolve("run/measure/target/measure");
    }

    /** This module's jar: class path of the child virtual machines, and a bundle in them. */
    public Path jar() {
        return home.resolve("run/measure/target/run.measure-0.1.0-SNAPSHOT.jar");
    }

    /** The OSGi framework's jar. */
    public Path framework() {
        return assembly().resolve("lib/org.apache.felix.framework.jar");
    }

    /** The script that starts the machine. */
    public Path spin() throws MissingException {
        Path spin = home.resolve("run/spin");
        if (!Files.isExecutable(spin)) {
            throw new MissingException(
                    spin + " is not there or not executable; nothing of ours can be started without it");
        }
        return spin;
    }
}
