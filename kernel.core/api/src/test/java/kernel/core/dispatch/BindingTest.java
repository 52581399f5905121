package kernel.core.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.core.dispatch.Authorizer.Decision;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.Count;
import kernel.core.dispatch.Dispatcher.EventState;
import org.junit.jupiter.api.Test;

class BindingTest {

    private static final Set<String> PROPERTIES = Set.of(Binding.ROLE, Binding.ORDER, Binding.GUARD, Binding.KEY,
            Binding.FILTERS, Binding.METHODS, Binding.CANCEL, Binding.ASYNC, Binding.QUEUE, Binding.OVERFLOW,
            Binding.LIMIT, Binding.NAME);

    /** The annotations' members become service properties by prefix and name (Declarative Services 1.4, 112.8.2.1). */
    @Test
    void annotationsSetThePropertiesThatBindingNames() throws Exception {
        for (Class<?> annotation : List.of(Handler.class, Intrinsic.class, Filter.class, Default.class)) {
            String prefix = (String) annotation.getField("PREFIX_").get(null);
            for (Method method : annotation.getDeclaredMethods()) {
                assertTrue(PROPERTIES.contains(prefix + method.getName()), method::toString);
            }
        }
        assertEquals(Binding.HANDLER, Handler.class.getMethod("role").getDefaultValue());
        assertEquals(Binding.INTRINSIC, Intrinsic.class.getMethod("role").getDefaultValue());
        assertEquals(Binding.FILTER, Filter.class.getMethod("role").getDefaultValue());
        assertEquals(Binding.DEFAULT, Default.class.getMethod("role").getDefaultValue());
    }

    @Test
    void aBindingIsItsProperties() {
        Runnable run = () -> {};
        Binding<Runnable> plain = Binding.handler(Runnable.class, run);
        Binding<Runnable> rich = plain.name("n").order(Binding.FIRST).key("k", 1).key("k", "2").guard("g").cancel()
                .async(5, Binding.DROP).limit(Duration.ofMillis(2)).methods("run").ranking(3).credential("secret");
        assertEquals(Map.of(Binding.ROLE, Binding.HANDLER), plain.properties());
        assertEquals(List.of(Map.entry("k", 1), Map.entry("k", "2")), rich.properties().get(Binding.KEY));
        assertEquals(2000L, rich.properties().get(Binding.LIMIT));
        assertEquals(5, rich.properties().get(Binding.QUEUE));
        assertEquals(run, rich.handler());
        assertEquals(Runnable.class, rich.event());
        assertEquals(List.of("a=b"), Binding.filter(Runnable.class, run, "a=b").properties().get(Binding.FILTERS));
    }

    @Test
    void decisionsAreMadeStepByStep() {
        Object guard = new Object();
        Decision decision = Decision.allow().withGuard(guard).withLimit(7).withOrder(Binding.LAST).withAsync();
        assertEquals(new Decision(true, "", Binding.LAST, 7, true, List.of(guard)), decision);
        assertFalse(Decision.deny("no").allowed());
    }

    @Test
    void aStateIsASnapshot() {
        List<BindingState> bindings = new ArrayList<>();
        EventState state = new EventState("e", bindings, List.of(), List.of(), null);
        bindings.add(new BindingState("n", Binding.HANDLER, "", "", "", "b", 1, 0, "", null));
        assertEquals(List.of(), state.bindings());
        assertThrows(UnsupportedOperationException.class, () -> state.faults().add("x"));
        assertEquals(50, new Count(5, 0, 0, 100_000_000).rate());
        assertEquals(0, new Count(0, 0, 0, 0).rate());
    }
}
