package kernel.ext.vm.provider;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.machine.VirtualTime;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.Translation;
import kernel.core.memory.TranslationContext;
import kernel.core.strand.Strands;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.MemoryStatistics;
import kernel.ext.vm.api.PageStore;
import kernel.ext.vm.api.Pager;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The address spaces, by their translation. Thread-safe: the table is a concurrent map. Registered
 * under its own class, which nobody else can see, for {@link FaultHandler}; others reach it by a {@link SpacesCapability}.
 */
@Component(service = VirtualMemory.class)
public final class VirtualMemory implements AddressSpaces {

    private final Translation translation;
    private final Paging paging;
    private final ConcurrentHashMap<TranslationContext, Space> byTranslation = new ConcurrentHashMap<>();

    /**
     * @param translation makes the spaces' translations
     * @param memory where frames come from
     */
    @Activate
    public VirtualMemory(@Reference Translation translation, @Reference PhysAddr memory) {
        this.translation = translation;
        this.paging = new Paging(memory);
    }

    @Override
    public AddressSpace create(String name) {
        return make(name, null);
    }

    /** @param holder the capability by which it is made, and copies of it will be; null: none */
    Space make(String name, SpacesCapability holder) {
        TranslationContext context = translation.create();
        var space = new Space(name, context, paging, translation.limit(), copy -> make(copy, holder), holder,
                () -> byTranslation.remove(context));
        byTranslation.put(context, space);
        return space;
    }

    @Override
    public MemoryObject object(Pager pager) {
        return new SharedPages(pager, paging, true);
    }

    @Override
    public MemoryObject template(Pager pager) {
        return new SharedPages(pager, paging, false);
    }

    /** Those that a capability has made. */
    List<Space> of(SpacesCapability holder) {
        return byTranslation.values().stream().filter(space -> space.holder() == holder).toList();
    }

    @Override
    public List<AddressSpace> spaces() {
        return List.copyOf(byTranslation.values());
    }

    @Override
    public MemoryStatistics statistics() {
        return paging.statistics();
    }

    /** There is somebody who can fetch pages ahead. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void setStrands(Strands strands) {
        paging.ahead.begin(strands);
    }

    /**
     * The machine has a time of its own: then nothing is fetched ahead, because it depends on what others have left in memory whether
     * there is something to fetch, and a strand more or less makes another run of it.
     */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void setTime(VirtualTime time) {
        paging.ahead.forbid(true);
    }

    /** The machine has the host's time. */
    public void unsetTime(VirtualTime time) {
        paging.ahead.forbid(false);
    }

    /** Nobody can any more; what is under way ends. */
    public void unsetStrands(Strands strands) {
        paging.ahead.end(strands);
    }

    /** Pages may go to a store from now on. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addStore(PageStore store, Map<String, Object> properties) {
        Object name = properties.get(PageStore.NAME);
        Object ranking = properties.get(Constants.SERVICE_RANKING);
        paging.stores.add(store, name == null ? store.getClass().getName() : name.toString(),
                ranking instanceof Integer number ? number : 0);
    }

    /** A store goes; what it has is fetched first. */
    public void removeStore(PageStore store) {
        paging.stores.remove(store);
    }

    /** The space that has this translation, or null. */
    Space find(TranslationContext context) {
        return byTranslation.get(context);
    }

    /** Frames that the machine has. */
    int frames() {
        return paging.memory.total();
    }

    /** What pages have together. */
    Paging paging() {
        return paging;
    }
}
