package run.measure.dispatch;

import java.lang.classfile.Annotation;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import kernel.core.dispatch.Event;

/**
 * Many events and many implementations, each a class of its own: a system in which everything is an event. The classes are
 * generated; they are what this would compile to:
 *
 * <pre>{@code
 * @Event public interface Many17 extends Plain {}
 * public final class Many17Own implements Many17 { public long step(long number) { return Procedure.next(number); } }
 * }</pre>
 */
final class Many {

    private static final String PREFIX = Many.class.getName();
    private static final ClassDesc PLAIN = ClassDesc.of(Plain.class.getName());
    private static final ClassDesc PROCEDURE = ClassDesc.of(Procedure.class.getName());
    private static final MethodTypeDesc STEP = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long);

    private Many() {}

    /** So many objects of different classes. */
    static Plain[] implementations(int number) throws ReflectiveOperationException {
        Plain[] all = new Plain[number];
        for (int i = 0; i < number; i++) {
            declare(i);
            all[i] = implement(i);
        }
        return all;
    }

    /** So many events, each with an intrinsic handler of a class of its own. */
    static Plain[] stubs(int number, Events events) throws ReflectiveOperationException {
        Plain[] all = new Plain[number];
        for (int i = 0; i < number; i++) {
            all[i] = bind(declare(i), implement(i), events);
        }
        return all;
    }

    private static <E extends Plain> Plain bind(Class<E> event, Object procedure, Events events) {
        return events.own(event, event.cast(procedure));
    }

    private static Class<? extends Plain> declare(int number) throws IllegalAccessException {
        byte[] bytes = ClassFile.of().build(ClassDesc.of(PREFIX + number), type -> type
                .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT)
                .withInterfaceSymbols(PLAIN)
                .with(RuntimeVisibleAnnotationsAttribute.of(Annotation.of(ClassDesc.of(Event.class.getName())))));
        return MethodHandles.lookup().defineClass(bytes).asSubclass(Plain.class);
    }

    private static Plain implement(int number) throws ReflectiveOperationException {
        byte[] bytes = ClassFile.of().build(ClassDesc.of(PREFIX + number + "Own"), type -> type
                .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                .withInterfaceSymbols(ClassDesc.of(PREFIX + number))
                .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC,
                        code -> code.aload(0).invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME,
                                ConstantDescs.MTD_void).return_())
                .withMethodBody("step", STEP, ClassFile.ACC_PUBLIC,
                        code -> code.lload(1).invokestatic(PROCEDURE, "next", STEP).lreturn()));
        return (Plain) MethodHandles.lookup().defineClass(bytes).getConstructor().newInstance();
    }
}
