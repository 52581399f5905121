package kernel.ext.vm.provider;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.MemoryStatistics;
import kernel.ext.vm.api.Pager;

/**
 * Address spaces as one bundle has them. When the bundle stops, or lets go of the service, it is revoked: the spaces that were made by
 * it, and their copies, are destroyed, its memory objects closed, and no more can be made. Thread-safe.
 */
final class SpacesCapability implements AddressSpaces {

    private final VirtualMemory memory;
    private final String bundle;
    private final Set<MemoryObject> objects = Collections
            .newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));
    private volatile boolean revoked;

    /** @param bundle for people: whose it is */
    SpacesCapability(VirtualMemory memory, String bundle) {
        this.memory = memory;
        this.bundle = bundle;
    }

    /** Ends all that was made of it. Idempotent. */
    void revoke() {
        revoked = true;
        memory.of(this).forEach(Space::destroy);
        List<MemoryObject> all;
        synchronized (objects) {
            all = List.copyOf(objects);
        }
        all.forEach(MemoryObject::close);
    }

    private void check() {
        if (revoked) {
            throw new IllegalStateException("address spaces: the capability was revoked: bundle " + bundle
                    + ", whose it was, has stopped or has let go of it; ask for the service again");
        }
    }

    @Override
    public AddressSpace create(String name) {
        check();
        Space space = memory.make(name, this);
        if (revoked) {
            space.destroy();
        }
        check();
        return space;
    }

    @Override
    public MemoryObject object(Pager pager) {
        return kept(memory.object(pager));
    }

    @Override
    public MemoryObject template(Pager pager) {
        return kept(memory.template(pager));
    }

    private MemoryObject kept(MemoryObject object) {
        objects.add(object);
        if (revoked) {
            object.close();
        }
        check();
        return object;
    }

    @Override
    public List<AddressSpace> spaces() {
        check();
        return memory.spaces();
    }

    @Override
    public MemoryStatistics statistics() {
        check();
        return memory.statistics();
    }
}
