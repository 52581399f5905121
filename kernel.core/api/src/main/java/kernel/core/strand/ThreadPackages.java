package kernel.core.strand;

/**
 * Installs thread packages. Each bundle gets a service of its own: what it has installed is closed when it stops. Thread-safe.
 * Who has this capability alone can touch no strands but those that it forks.
 */
public interface ThreadPackages {

    /**
     * Installs a package.
     *
     * @param name for people
     * @param parameters what the package asks of the global scheduler, for each of its processors
     * @param processors how many of its strands run at a time, at most: 1 to the number of the machine's processors
     * @param threads is called for the strands that are forked through the group
     * @throws IllegalArgumentException so many processors there are not
     * @throws AdmissionException the policy in force cannot promise what the parameters ask for
     */
    StrandGroup install(String name, Parameters parameters, int processors, ThreadPackage threads);
}
