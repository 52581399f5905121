package kernel.core.dispatcher.link;

import static java.lang.constant.ConstantDescs.CD_Object;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Consumer;

/** Pieces of code that all generated classes are made of. */
final class Emit {

    static final ClassDesc METHOD_HANDLE = ClassDesc.of(MethodHandle.class.getName());
    static final ClassDesc PLAN = ClassDesc.of(Plan.class.getName());
    static final ClassDesc STEP = ClassDesc.of(Step.class.getName());
    static final ClassDesc HOOKS = ClassDesc.of(Hooks.class.getName());
    static final String INIT = ConstantDescs.INIT_NAME;

    private static final DirectMethodHandleDesc CONSTANT = ConstantDescs.ofConstantBootstrap(
            ClassDesc.of(EventLoader.class.getName()), "constant", METHOD_HANDLE, ConstantDescs.CD_int);

    private Emit() {}

    static byte[] build(ClassLoader loader, String name, Consumer<ClassBuilder> content) {
        return build(loader, name, ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL, content);
    }

    static byte[] build(ClassLoader loader, String name, int flags, Consumer<ClassBuilder> content) {
        ClassHierarchyResolver resolver = ClassHierarchyResolver.defaultResolver()
                .orElse(ClassHierarchyResolver.ofClassLoading(loader));
        return ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver)).build(ClassDesc.of(name), builder -> {
            builder.withFlags(flags).with(SourceFileAttribute.of("event"));
            content.accept(builder);
        });
    }

    static ClassDesc describe(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    static MethodTypeDesc describe(MethodType type) {
        return type.describeConstable().orElseThrow();
    }

    static MethodTypeDesc describe(Method method) {
        return describe(MethodType.methodType(method.getReturnType(), method.getParameterTypes()));
    }

    /** Loads parameters of which the first is in that slot. */
    static void load(CodeBuilder code, MethodType type, int slot) {
        for (Class<?> parameter : type.parameterArray()) {
            TypeKind kind = TypeKind.from(parameter);
            code.loadLocal(kind, slot);
            slot += kind.slotSize();
        }
    }

    /** The slot of a parameter. */
    static int slot(MethodType type, int parameter, int first) {
        for (int i = 0; i < parameter; i++) {
            first += TypeKind.from(type.parameterType(i)).slotSize();
        }
        return first;
    }

    /** Returns what is on the stack. */
    static void give(CodeBuilder code, Class<?> result) {
        code.lineNumber(Family.SAFE_LINE).return_(TypeKind.from(result));
    }

    /** Pushes the result that is none. */
    static void nothing(CodeBuilder code, Class<?> result) {
        switch (TypeKind.from(result)) {
            case VOID -> {
                // nothing to push
            }
            case LONG -> code.lconst_0();
            case FLOAT -> code.fconst_0();
            case DOUBLE -> code.dconst_0();
            case REFERENCE -> code.aconst_null();
            default -> code.iconst_0();
        }
    }

    static void drop(CodeBuilder code, Class<?> result) {
        switch (TypeKind.from(result).slotSize()) {
            case 0 -> {
                // nothing there
            }
            case 1 -> code.pop();
            default -> code.pop2();
        }
    }

    /** Pushes a constant of the class's loader. */
    static void constant(CodeBuilder code, int index) {
        code.loadConstant(DynamicConstantDesc.ofNamed(CONSTANT, ConstantDescs.DEFAULT_NAME, METHOD_HANDLE, index));
    }

    /** A constructor that passes its first arguments to the superclass's and stores the others in fields. */
    static void constructor(ClassBuilder builder, String self, ClassDesc superclass, List<ClassDesc> passed,
            List<Field> fields) {
        List<ClassDesc> all = new java.util.ArrayList<>(passed);
        fields.forEach(field -> all.add(field.type));
        for (Field field : fields) {
            builder.withField(field.name, field.type, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
        }
        builder.withMethodBody(INIT, MethodTypeDesc.of(ConstantDescs.CD_void, all), ClassFile.ACC_PUBLIC, code -> {
            code.aload(0);
            int slot = 1;
            for (ClassDesc type : passed) {
                code.loadLocal(TypeKind.from(type), slot);
                slot += TypeKind.from(type).slotSize();
            }
            code.invokespecial(superclass, INIT, MethodTypeDesc.of(ConstantDescs.CD_void, passed));
            for (Field field : fields) {
                code.aload(0).loadLocal(TypeKind.from(field.type), slot).putfield(ClassDesc.of(self), field.name,
                        field.type);
                slot += TypeKind.from(field.type).slotSize();
            }
            code.return_();
        });
    }

    /** A field that the constructor sets. */
    record Field(String name, ClassDesc type) {}

    static void plainConstructor(ClassBuilder builder) {
        constructor(builder, "", CD_Object, List.of(), List.of());
    }
}
