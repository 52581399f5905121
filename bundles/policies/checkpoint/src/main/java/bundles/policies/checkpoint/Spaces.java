package bundles.policies.checkpoint;

import java.util.Objects;
import kernel.core.machine.UserContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpaces;

/** Finds address spaces. */
record Spaces(AddressSpaces spaces) {

    /** The one in which a context runs. */
    AddressSpace of(UserContext context) {
        return spaces.spaces().stream().filter(one -> Objects.equals(one.translation(), context.translation()))
                .findFirst().orElseThrow();
    }
}
