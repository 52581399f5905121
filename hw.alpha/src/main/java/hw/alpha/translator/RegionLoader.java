package hw.alpha.translator;

import hw.alpha.mmu.TranslationBuffer;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * Makes classes of regions: hidden ones, so that each goes when its region does. They stand in a package of their own under
 * a loader of their own, because that may see what bundles may not: the virtual machine's own access to memory, where
 * the command line opens it ({@code --add-exports java.base/jdk.internal.misc=ALL-UNNAMED}). Thread-safe.
 */
final class RegionLoader extends ClassLoader {

    private static final String PACKAGE = "hw.alpha.translator.region";
    static final ClassDesc ANCHOR = ClassDesc.of(PACKAGE + ".Anchor");
    static final ClassDesc UNSAFE = ClassDesc.of("jdk.internal.misc.Unsafe");
    /** Where the elements of a {@code long[]} begin, for {@link #UNSAFE}. */
    static final int LONGS_OFFSET = longsOffset();
    static final String UNSAFE_FIELD = "MEMORY";
    /**
     * All classes whose methods and fields regions use. HotSpot's compilers take a class that this loader was never asked for as not
     * loaded: the first compiler then calls where it could inline, and has its code patched or thrown away when it gets there.
     */
    static final List<String> USED = List.of("java.lang.Double", "java.lang.Long", "java.lang.Math",
            "java.lang.invoke.VarHandle", TranslationBuffer.class.getName(), GuestState.class.getName(),
            Region.class.getName(), Support.class.getName(), Multimedia.class.getName(), HostMemory.class.getName());
    private static final ClassDesc LOOKUP = ClassDesc.of("java.lang.invoke.MethodHandles$Lookup");

    private final MethodHandles.Lookup lookup;
    private final boolean internal;

    RegionLoader(boolean allowInternal) {
        super("alpha-regions", RegionLoader.class.getClassLoader());
        internal = allowInternal && Object.class.getModule().isExported("jdk.internal.misc", getUnnamedModule())
                && LONGS_OFFSET != 0;
        byte[] anchor = anchor(internal);
        try {
            Class<?> type = defineClass(PACKAGE + ".Anchor", anchor, 0, anchor.length);
            lookup = (MethodHandles.Lookup) type.getField("LOOKUP").get(null);
            for (String name : USED) {
                Class.forName(name, true, this);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the translator cannot make classes", e);
        }
    }

    private static int longsOffset() {
        // Object headers are of 8, 12 or 16 bytes, and the length takes 4 more; asking needs what may not be open to us.
        try {
            Class<?> type = Class.forName("jdk.internal.misc.Unsafe", false, null);
            return type.getField("ARRAY_LONG_BASE_OFFSET").get(null) instanceof Number n ? n.intValue() : 0;
        } catch (ReflectiveOperationException e) {
            return 0;
        }
    }

    /** Whether regions may use {@link #UNSAFE}. */
    boolean internal() {
        return internal;
    }

    static ClassDesc name(long entry) {
        return ClassDesc.of(PACKAGE + ".R" + Long.toHexString(entry));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        // Bundles' loaders do not delegate this to the JDK.
        return Class.forName(name, false, null);
    }

    Region define(byte[] bytes) {
        assert usesOnlyKnown(bytes);
        try {
            return (Region) lookup.defineHiddenClass(bytes, true).lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a region's class cannot be made", e);
        }
    }

    /** Whether a region's class names only itself and {@link #USED}; who writes it puts in a class of exceptions, not used. */
    private static boolean usesOnlyKnown(byte[] bytes) {
        ClassModel model = ClassFile.of().parse(bytes);
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof ClassEntry type && !type.asInternalName().startsWith("[")) {
                String name = type.asInternalName().replace('/', '.');
                if (!USED.contains(name) && !name.equals("java.lang.Throwable") && !type.equals(model.thisClass())
                        && !type.matches(ANCHOR)
                        && !type.matches(UNSAFE)) {
                    throw new AssertionError(name + " is missing among the classes that regions use");
                }
            }
        }
        return true;
    }

    private static byte[] anchor(boolean internal) {
        return ClassFile.of().build(ANCHOR, type -> {
            int flags = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
            type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
            type.withField("LOOKUP", LOOKUP, flags);
            if (internal) {
                type.withField(UNSAFE_FIELD, UNSAFE, flags);
            }
            type.withMethodBody(ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC, body -> {
                body.invokestatic(ClassDesc.of("java.lang.invoke.MethodHandles"), "lookup", MethodTypeDesc.of(LOOKUP));
                body.putstatic(ANCHOR, "LOOKUP", LOOKUP);
                if (internal) {
                    body.invokestatic(UNSAFE, "getUnsafe", MethodTypeDesc.of(UNSAFE));
                    body.putstatic(ANCHOR, UNSAFE_FIELD, UNSAFE);
                }
                body.return_();
            });
        });
    }
}
