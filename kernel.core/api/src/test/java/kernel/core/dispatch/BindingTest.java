package kernel.core.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.EventState;
import org.junit.jupiter.api.Test;

class BindingTest {

    /** The annotations' members become service properties by prefix and name (Declarative Services 1.4, 112.8.2.1). */
    @Test
    void annotationsSetThePropertiesThatBindingNames() throws Exception {
        assertEquals(Binding.ROLE, Handler.PREFIX_ + Handler.class.getMethod("role").getName());
        assertEquals(Binding.ORDER, Handler.PREFIX_ + Handler.class.getMethod("order").getName());
        assertEquals(Binding.GUARD, Handler.PREFIX_ + Handler.class.getMethod("guard").getName());
        assertEquals(Binding.NAME, Handler.PREFIX_ + Handler.class.getMethod("name").getName());
        assertEquals(Binding.ROLE, Intrinsic.PREFIX_ + Intrinsic.class.getMethod("role").getName());
        for (Method method : Handler.class.getDeclaredMethods()) {
            assertEquals(method.getName().equals("role") ? Binding.HANDLER : "", method.getDefaultValue());
        }
        assertEquals(Binding.INTRINSIC, Intrinsic.class.getMethod("role").getDefaultValue());
    }

    @Test
    void aStateIsASnapshot() {
        List<BindingState> bindings = new ArrayList<>();
        EventState state = new EventState("e", bindings, List.of());
        bindings.add(new BindingState("n", Binding.HANDLER, "", "", "b", 1));
        assertEquals(List.of(), state.bindings());
        assertThrows(UnsupportedOperationException.class, () -> state.faults().add("x"));
    }
}
