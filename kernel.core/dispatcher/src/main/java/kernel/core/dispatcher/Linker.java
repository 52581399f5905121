package kernel.core.dispatcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.List;
import kernel.core.dispatch.Event.Fold;

/**
 * Makes one method handle of a list of steps: what a raise does. The handle is a tree of constants, which HotSpot inlines
 * into the raiser: with the intrinsic handler alone it is the call of that handler and nothing else.
 */
final class Linker {

    /**
     * One binding's part in an event.
     *
     * @param handler of the event's type
     * @param guard of the event's parameters and boolean, or null
     */
    record Step(MethodHandle handler, MethodHandle guard) {}

    private Linker() {}

    /**
     * @param type the event's parameters and result
     * @param steps in the order in which they run, at least one of them without a guard
     */
    static MethodHandle link(MethodType type, Fold fold, List<Step> steps) {
        if (fold == Fold.ANY) {
            return any(type, steps);
        }
        return type.returnType() == void.class ? sequence(type, steps) : last(type, steps);
    }

    private static MethodHandle sequence(MethodType type, List<Step> steps) {
        MethodHandle nothing = MethodHandles.empty(type);
        MethodHandle chain = null;
        for (Step step : steps.reversed()) {
            MethodHandle one = step.guard == null
                    ? step.handler
                    : MethodHandles.guardWithTest(step.guard, step.handler, nothing);
            chain = chain == null ? one : MethodHandles.foldArguments(chain, one);
        }
        return chain;
    }

    /** Threads the result so far through the steps as an additional first argument. */
    private static MethodHandle last(MethodType type, List<Step> steps) {
        if (steps.size() == 1) {
            return steps.getFirst().handler;
        }
        Class<?> result = type.returnType();
        MethodType threaded = type.insertParameterTypes(0, result);
        MethodHandle keep = MethodHandles.dropArguments(MethodHandles.identity(result), 1, type.parameterArray());
        MethodHandle chain = keep;
        for (Step step : steps.reversed()) {
            MethodHandle handler = MethodHandles.dropArguments(step.handler, 0, result);
            MethodHandle one = step.guard == null
                    ? handler
                    : MethodHandles.guardWithTest(MethodHandles.dropArguments(step.guard, 0, result), handler, keep);
            chain = MethodHandles.foldArguments(MethodHandles.dropArguments(chain, 1, threaded.parameterType(0)), one);
        }
        return MethodHandles.insertArguments(chain, 0, Array.get(Array.newInstance(result, 1), 0));
    }

    private static MethodHandle any(MethodType type, List<Step> steps) {
        MethodHandle no = MethodHandles.empty(type);
        MethodHandle yes = MethodHandles.dropArguments(MethodHandles.constant(boolean.class, true), 0,
                type.parameterArray());
        MethodHandle chain = no;
        for (Step step : steps.reversed()) {
            MethodHandle one = step.guard == null
                    ? step.handler
                    : MethodHandles.guardWithTest(step.guard, step.handler, no);
            chain = MethodHandles.guardWithTest(one, yes, chain);
        }
        return chain;
    }
}
