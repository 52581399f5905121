package hw.alpha.cpu;

import hw.alpha.translator.HostMemory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The host's memory for the interpreter's main loop: handles that HotSpot makes single instructions of, wherever they are used. Methods it
 * would call there, as it puts no more methods into one that has become as large; and who calls keeps nothing in registers. Raw, as {@link
 * hw.alpha.mmu.Host}; addresses are aligned. The virtual machine's own access to memory where it is open to us, else {@link HostMemory}.
 */
final class Raw {

    /** One byte from an address. */
    static final MethodHandle GET_BYTE = get("Byte", byte.class);
    /** Two bytes. */
    static final MethodHandle GET_WORD = get("Short", short.class);
    /** Four bytes. */
    static final MethodHandle GET_LONGWORD = get("Int", int.class);
    /** Eight bytes. */
    static final MethodHandle GET_QUADWORD = get("Long", long.class);
    /** One byte to an address. */
    static final MethodHandle PUT_BYTE = put("Byte", byte.class);
    /** Two bytes. */
    static final MethodHandle PUT_WORD = put("Short", short.class);
    /** Four bytes. */
    static final MethodHandle PUT_LONGWORD = put("Int", int.class);
    /** Eight bytes. */
    static final MethodHandle PUT_QUADWORD = put("Long", long.class);

    private Raw() {}

    private static MethodHandle get(String what, Class<?> type) {
        return find("get" + what, MethodType.methodType(type, long.class));
    }

    private static MethodHandle put(String what, Class<?> type) {
        return find("put" + what, MethodType.methodType(void.class, long.class, type));
    }

    private static MethodHandle find(String name, MethodType type) {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            if (Object.class.getModule().isExported("jdk.internal.misc", Raw.class.getModule())) {
                Class<?> internal = Class.forName("jdk.internal.misc.Unsafe", false, null);
                Object unsafe = internal.getMethod("getUnsafe").invoke(null);
                return lookup.findVirtual(internal, name, type).bindTo(unsafe);
            }
            return lookup.findStatic(HostMemory.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
