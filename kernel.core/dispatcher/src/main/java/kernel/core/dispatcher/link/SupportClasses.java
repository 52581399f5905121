package kernel.core.dispatcher.link;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import kernel.core.dispatcher.link.Emit.Field;
import kernel.core.dispatcher.link.Signature.KeySource;

/** Generates the small classes of an event's family. */
final class SupportClasses {

    private static final ClassDesc SUPPLIER = ClassDesc.of(Supplier.class.getName());
    private static final ClassDesc AROUND = ClassDesc.of(Around.class.getName());
    private static final ClassDesc OUTBOX = ClassDesc.of(Outbox.class.getName());
    private static final ClassDesc RUNNABLE = ClassDesc.of(Runnable.class.getName());
    private static final ClassDesc KEY_TABLE = ClassDesc.of(KeyTable.class.getName());

    private SupportClasses() {}

    /** Writes the code of one of the event's methods. */
    private interface Body {
        void write(CodeBuilder code, int index, MethodType type);
    }

    private static void methods(Family family, ClassBuilder builder, Body body) {
        for (int i = 0; i < family.signature().methods().size(); i++) {
            int index = i;
            MethodType type = family.signature().typeOf(i);
            builder.withMethodBody(family.signature().methods().get(i).getName(), Emit.describe(type),
                    ClassFile.ACC_PUBLIC, code -> body.write(code.lineNumber(1), index, type));
        }
    }

    private static void invoke(Family family, CodeBuilder code, int index, MethodType type) {
        code.invokeinterface(family.type(), family.signature().methods().get(index).getName(), Emit.describe(type));
    }

    /** What raisers call. */
    static byte[] stub(Family family, Entrance entrance, String name) {
        return Emit.build(family.loader(), name, builder -> {
            builder.withInterfaceSymbols(family.type());
            int flags = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_VOLATILE;
            builder.withField("plan", family.type(), flags).withField("removals", CD_int, flags);
            Emit.plainConstructor(builder);
            builder.withMethodBody("toString", MethodTypeDesc.of(CD_String), ClassFile.ACC_PUBLIC,
                    code -> code.loadConstant("stub of " + family.signature().type().getName()).areturn());
            methods(family, builder, entrance::call);
        });
    }

    /** Calls what a supplier says. */
    static byte[] redirect(Family family, String name) {
        return Emit.build(family.loader(), name, builder -> {
            builder.withInterfaceSymbols(family.type());
            Emit.constructor(builder, name, CD_Object, List.of(), List.of(new Field("to", SUPPLIER)));
            methods(family, builder, (code, index, type) -> {
                code.aload(0).getfield(ClassDesc.of(name), "to", SUPPLIER)
                        .invokeinterface(SUPPLIER, "get", MethodTypeDesc.of(CD_Object)).checkcast(family.type());
                Emit.load(code, type, 1);
                invoke(family, code, index, type);
                Emit.give(code, type.returnType());
            });
        });
    }

    /** Calls a handler with something done around it. */
    static byte[] around(Family family, String name) {
        ClassDesc self = ClassDesc.of(name);
        return Emit.build(family.loader(), name, builder -> {
            builder.withInterfaceSymbols(family.type());
            Emit.constructor(builder, name, CD_Object, List.of(),
                    List.of(new Field("around", AROUND), new Field("target", family.type())));
            methods(family, builder, (code, index, type) -> {
                int entered = Emit.slot(type, type.parameterCount(), 1);
                TypeKind kind = TypeKind.from(type.returnType());
                code.aload(0).getfield(self, "around", AROUND).loadConstant(index)
                        .invokeinterface(AROUND, "enter", MethodTypeDesc.of(CD_long, CD_int)).lstore(entered);
                code.trying(block -> {
                    block.aload(0).getfield(self, "target", family.type());
                    Emit.load(block, type, 1);
                    invoke(family, block, index, type);
                    if (kind != TypeKind.VOID) {
                        block.storeLocal(kind, entered + 3);
                    }
                }, catches -> catches.catchingAll(block -> block.astore(entered + 2).aload(0)
                        .getfield(self, "around", AROUND).loadConstant(index).lload(entered).aload(entered + 2)
                        .invokeinterface(AROUND, "failed",
                                MethodTypeDesc.of(CD_Throwable, CD_int, CD_long, CD_Throwable))
                        .athrow()));
                code.aload(0).getfield(self, "around", AROUND).loadConstant(index).lload(entered)
                        .invokeinterface(AROUND, "leave", MethodTypeDesc.of(CD_void, CD_int, CD_long));
                if (kind != TypeKind.VOID) {
                    code.loadLocal(kind, entered + 3);
                }
                Emit.give(code, type.returnType());
            });
        });
    }

    /** One call of a method with its arguments, to be run later. */
    static byte[] call(Family family, String name, int index) {
        ClassDesc self = ClassDesc.of(name);
        MethodType type = family.signature().typeOf(index);
        return Emit.build(family.loader(), name, builder -> {
            builder.withInterfaceSymbols(RUNNABLE);
            List<Field> fields = new ArrayList<>(List.of(new Field("target", family.type())));
            for (int i = 0; i < type.parameterCount(); i++) {
                fields.add(new Field("a" + i, Emit.describe(type.parameterType(i))));
            }
            Emit.constructor(builder, name, CD_Object, List.of(), fields);
            builder.withMethodBody("run", MethodTypeDesc.of(CD_void), ClassFile.ACC_PUBLIC, code -> {
                for (Field field : fields) {
                    code.aload(0).getfield(self, field.name(), field.type());
                }
                invoke(family, code, index, type);
                Emit.drop(code, type.returnType());
                code.return_();
            });
        });
    }

    /** Sends calls instead of making them. */
    static byte[] send(Family family, String name, List<ClassDesc> calls) {
        ClassDesc self = ClassDesc.of(name);
        return Emit.build(family.loader(), name, builder -> {
            builder.withInterfaceSymbols(family.type());
            Emit.constructor(builder, name, CD_Object, List.of(),
                    List.of(new Field("outbox", OUTBOX), new Field("target", family.type())));
            methods(family, builder, (code, index, type) -> {
                code.aload(0).getfield(self, "outbox", OUTBOX).new_(calls.get(index)).dup().aload(0).getfield(self,
                        "target", family.type());
                Emit.load(code, type, 1);
                code.invokespecial(calls.get(index), Emit.INIT,
                        Emit.describe(type.changeReturnType(void.class)).insertParameterTypes(0, family.type()));
                code.invokeinterface(OUTBOX, "send", MethodTypeDesc.of(CD_void, RUNNABLE));
                Emit.nothing(code, type.returnType());
                Emit.give(code, type.returnType());
            });
        });
    }

    /** Chooses a plan by the value of a key; methods that do not have the key take the plan without. */
    static byte[] keyed(Family family, String name, String key) {
        ClassDesc self = ClassDesc.of(name);
        return Emit.build(family.loader(), name, builder -> {
            builder.withInterfaceSymbols(family.type());
            Emit.constructor(builder, name, CD_Object, List.of(),
                    List.of(new Field("table", KEY_TABLE), new Field("otherwise", family.type())));
            methods(family, builder, (code, index, type) -> {
                KeySource source = family.signature().key(key, index);
                code.aload(0);
                if (source == null) {
                    code.getfield(self, "otherwise", family.type());
                } else {
                    code.getfield(self, "table", KEY_TABLE);
                    value(family, code, type, source);
                    code.invokevirtual(KEY_TABLE, "find",
                            MethodTypeDesc.of(CD_Object, source.integer() ? CD_long : CD_Object))
                            .checkcast(family.type());
                }
                Emit.load(code, type, 1);
                invoke(family, code, index, type);
                Emit.give(code, type.returnType());
            });
        });
    }

    private static void value(Family family, CodeBuilder code, MethodType type, KeySource source) {
        if (source.parameter() >= 0) {
            code.loadLocal(TypeKind.from(source.type()), Emit.slot(type, source.parameter(), 1));
        } else {
            Emit.load(code, type, 1);
            code.invokestatic(family.type(), source.extractor().getName(), Emit.describe(source.extractor()), true);
        }
        if (source.integer() && source.type() != long.class) {
            code.i2l();
        }
    }
}
