package kernel.core.dispatcher.link;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatcher.link.Emit.Field;

/**
 * The way from an event's stub to its plan: the <em>entry</em>, an object whose code calls the plan. It is a constant of the
 * stub, so HotSpot inlines the entry into raisers without a profile, and the plan into the entry because the entry asks
 * whether it is of the class that it was made for (or by the entry's own profile, where the plan is somebody's handler),
 * which is why another kind of plan needs another entry.
 *
 * <p>A raiser that is hot is compiled again within a millisecond of losing its code, long before a new entry has a profile,
 * and what is inlined gets none any more. So a new entry is first <em>trained</em>: raisers reach it through a call that
 * HotSpot cannot inline, until it was called so often that its profile, and those of all that it calls, are ripe (a
 * thousand calls of code of the first compiler; ProfileMaturityPercentage of Tier4InvocationThreshold). Not thread-safe:
 * belongs to the event's lock, but for {@link #invoker}.
 */
final class Entrance {

    /** Raises after which all that an entry calls has a profile, the time that the first compiler needs included. */
    private static final int TRAINED = 20_000;

    private final Family family;
    /** Gives the object of class Entries that raises enter. */
    private final MutableCallSite site = new MutableCallSite(MethodType.methodType(Object.class));
    private Class<?> trainer;
    private List<MethodHandle> handles;
    private VarHandle count;
    /** The entry that is being trained, with whom it is trained; or null. */
    private Object trained;
    private Object training;

    Entrance(Family family) {
        this.family = family;
    }

    /** The constant of the stub. */
    MethodHandle invoker() {
        return site.dynamicInvoker();
    }

    private ClassDesc entries() {
        return ClassDesc.of(family.prefix() + "Entries");
    }

    /** Makes the classes that all entries share. Needs nothing of the stub. */
    void prepare(EventLoader loader) throws ReflectiveOperationException {
        Class<?> type = loader.define(family.prefix() + "Entries", abstractEntries());
        String name = family.prefix() + "Trainer";
        trainer = loader.define(name, trainer(name));
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        handles = new ArrayList<>();
        for (int i = 0; i < family.signature().methods().size(); i++) {
            handles.add(lookup.findVirtual(type, "enter" + i, family.signature().typeOf(i)));
        }
        count = lookup.findVarHandle(trainer, "count", int.class);
    }

    /** The first entry, which needs no training: raisers are as new as it is. */
    void open(Object entry) {
        enter(entry);
    }

    /** Raises go to a new entry, which is trained first. */
    void train(Object entry) {
        List<Object> arguments = new ArrayList<>(List.of(entry));
        arguments.addAll(handles);
        training = Family.make(trainer.getConstructors()[0], arguments.toArray());
        trained = entry;
        enter(training);
    }

    /**
     * Ends the training if the entry has a profile.
     *
     * @return whether nothing is being trained any more
     */
    boolean finish() {
        if (training != null && (int) count.get(training) >= TRAINED) {
            enter(trained);
            training = null;
            trained = null;
        }
        return training == null;
    }

    private void enter(Object entry) {
        site.setTarget(MethodHandles.constant(Object.class, entry));
        MutableCallSite.syncAll(new MutableCallSite[]{site});
    }

    // ---- classes

    private byte[] abstractEntries() {
        return Emit.build(family.loader(), entries().packageName() + "." + entries().displayName(),
                ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT, builder -> {
                    Emit.plainConstructor(builder);
                    for (int i = 0; i < family.signature().methods().size(); i++) {
                        builder.withMethod("enter" + i, Emit.describe(family.signature().typeOf(i)),
                                ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT, method -> {});
                    }
                });
    }

    /** The code of the stub's methods. */
    void call(CodeBuilder code, int index, MethodType type) {
        Emit.constant(code, 0);
        code.invokevirtual(Emit.METHOD_HANDLE, "invokeExact", Emit.describe(MethodType.methodType(Object.class)))
                .checkcast(entries());
        Emit.load(code, type, 1);
        code.invokevirtual(entries(), "enter" + index, Emit.describe(type));
        Emit.give(code, type.returnType());
    }

    /**
     * An entry.
     *
     * @param kind the generated class of most plans that it will call, or null: as HotSpot sees what a plan of it runs, it
     *        needs no profile, which an entry that is compiled while HotSpot's second compiler is busy never gets
     */
    byte[] entry(String name, ClassLoader loader, Class<?> kind) {
        return Emit.build(loader, name, builder -> {
            builder.withSuperclass(entries());
            Emit.constructor(builder, name, entries(), List.of(), List.of());
            for (int i = 0; i < family.signature().methods().size(); i++) {
                String called = family.signature().methods().get(i).getName();
                MethodType type = family.signature().typeOf(i);
                builder.withMethodBody("enter" + i, Emit.describe(type), ClassFile.ACC_PUBLIC,
                        code -> enter(code, called, type, kind));
            }
        });
    }

    private void enter(CodeBuilder code, String called, MethodType type, Class<?> kind) {
        code.lineNumber(1).getstatic(family.stubClass(), "plan", family.type());
        if (kind != null) {
            ClassDesc known = ClassDesc.of(kind.getName());
            int plan = code.allocateLocal(TypeKind.REFERENCE);
            Label other = code.newLabel();
            code.astore(plan).aload(plan).instanceOf(known).ifeq(other).aload(plan).checkcast(known);
            Emit.load(code, type, 1);
            code.invokevirtual(known, called, Emit.describe(type));
            Emit.give(code, type.returnType());
            code.labelBinding(other).lineNumber(1).aload(plan);
        }
        Emit.load(code, type, 1);
        code.invokeinterface(family.type(), called, Emit.describe(type));
        Emit.give(code, type.returnType());
    }

    /** Counts, and calls by method handles that are no constants, which HotSpot does not inline. */
    private byte[] trainer(String name) {
        ClassDesc self = ClassDesc.of(name);
        List<Field> fields = new ArrayList<>(List.of(new Field("to", entries())));
        for (int i = 0; i < family.signature().methods().size(); i++) {
            fields.add(new Field("by" + i, Emit.METHOD_HANDLE));
        }
        return Emit.build(family.loader(), name, builder -> {
            builder.withSuperclass(entries()).withField("count", CD_int, ClassFile.ACC_PUBLIC);
            Emit.constructor(builder, name, entries(), List.of(), fields);
            for (int i = 0; i < family.signature().methods().size(); i++) {
                int index = i;
                MethodType type = family.signature().typeOf(i);
                builder.withMethodBody("enter" + i, Emit.describe(type), ClassFile.ACC_PUBLIC, code -> {
                    code.lineNumber(1).aload(0).dup().getfield(self, "count", CD_int).iconst_1().iadd()
                            .putfield(self, "count", CD_int);
                    code.aload(0).getfield(self, "by" + index, Emit.METHOD_HANDLE).aload(0).getfield(self, "to",
                            entries());
                    Emit.load(code, type, 1);
                    code.invokevirtual(Emit.METHOD_HANDLE, "invokeExact",
                            Emit.describe(type).insertParameterTypes(0, entries()));
                    Emit.give(code, type.returnType());
                });
            }
        });
    }
}
