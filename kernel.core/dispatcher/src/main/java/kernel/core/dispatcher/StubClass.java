package kernel.core.dispatcher;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Method;
import java.util.List;

/**
 * Generates the class of a stub: each method passes its arguments to a method handle that is a constant of the class, so
 * that HotSpot inlines through it.
 */
final class StubClass {

    private static final ClassDesc METHOD_HANDLE = ClassDesc.of(MethodHandle.class.getName());
    private static final DirectMethodHandleDesc TARGET = ConstantDescs.ofConstantBootstrap(
            ClassDesc.of(StubLoader.class.getName()), "target", METHOD_HANDLE, ConstantDescs.CD_int);

    private StubClass() {}

    /**
     * Makes a stub.
     *
     * @param type a public interface
     * @param methods its abstract methods
     * @param targets what they call, of the methods' types
     * @throws IllegalStateException the interface is not public
     */
    static Object create(Class<?> type, List<Method> methods, List<MethodHandle> targets) {
        String name = StubClass.class.getPackageName() + ".stub." + type.getSimpleName() + "$Stub";
        byte[] bytes = ClassFile.of().build(ClassDesc.of(name), builder -> {
            builder.withInterfaceSymbols(describe(type)).withFlags(AccessFlag.PUBLIC, AccessFlag.FINAL);
            constructor(builder);
            describeItself(builder, type);
            for (int i = 0; i < methods.size(); i++) {
                passOn(builder, methods.get(i), i);
            }
        });
        try {
            return new StubLoader(type, targets).define(name, bytes).getConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("No stub can be made for the event " + type.getName()
                    + ": it must be a public interface in an exported package (" + e + ")", e);
        }
    }

    private static void constructor(ClassBuilder builder) {
        builder.withMethodBody(INIT_NAME, MTD_void, ClassFile.ACC_PUBLIC,
                code -> code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_());
    }

    private static void describeItself(ClassBuilder builder, Class<?> type) {
        builder.withMethodBody("toString", MethodTypeDesc.of(CD_String), ClassFile.ACC_PUBLIC,
                code -> code.loadConstant("stub of " + type.getName()).areturn());
    }

    private static void passOn(ClassBuilder builder, Method method, int index) {
        MethodTypeDesc type = MethodTypeDesc.of(describe(method.getReturnType()),
                List.of(method.getParameterTypes()).stream().map(StubClass::describe).toList());
        builder.withMethodBody(method.getName(), type, ClassFile.ACC_PUBLIC, code -> {
            code.loadConstant(
                    DynamicConstantDesc.ofNamed(TARGET, ConstantDescs.DEFAULT_NAME, METHOD_HANDLE, index));
            loadParameters(code, method);
            code.invokevirtual(METHOD_HANDLE, "invokeExact", type);
            if (type.returnType().equals(CD_void)) {
                code.return_();
            } else {
                code.return_(TypeKind.from(method.getReturnType()));
            }
        });
    }

    private static void loadParameters(CodeBuilder code, Method method) {
        int slot = 1;
        for (Class<?> parameter : method.getParameterTypes()) {
            TypeKind kind = TypeKind.from(parameter);
            code.loadLocal(kind, slot);
            slot += kind.slotSize();
        }
    }

    private static ClassDesc describe(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }
}
