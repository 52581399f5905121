package kernel.core.dispatcher.link;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import kernel.core.dispatch.Event.Fold;

/**
 * The code of one method of a plan: what shapes and walks have in common. Local variables: the parameters, the result so
 * far, whether a handler ran, the handler at hand, and what the subclass needs.
 */
final class PlanCode {

    /** The line number of the default handler's call; step {@code i} has line {@code i + 1}. */
    static final int FALLBACK_LINE = 60_000;

    private final Family family;
    private final CodeBuilder code;
    private final int index;
    private final Method method;
    private final MethodType type;
    private final Fold fold;
    private final int result;
    private final int ran;
    private final int handler;
    final int free;
    final Label end;

    PlanCode(Family family, CodeBuilder code, int index) {
        this.family = family;
        this.code = code;
        this.index = index;
        method = family.signature().methods().get(index);
        type = family.signature().typeOf(index);
        fold = family.signature().event().fold();
        result = Emit.slot(type, type.parameterCount(), 1);
        ran = result + 2;
        handler = ran + 1;
        free = handler + 1;
        end = code.newLabel();
    }

    void begin() {
        if (type.returnType() != void.class) {
            Emit.nothing(code, type.returnType());
            code.storeLocal(TypeKind.from(type.returnType()), result);
        }
        code.iconst_0().istore(ran);
    }

    /** Calls the method handle on the stack on the object above it; goes to the label if it gives false. */
    void test(Label otherwise) {
        Emit.load(code, type, 1);
        code.invokevirtual(Emit.METHOD_HANDLE, "invokeExact",
                Emit.describe(type.changeReturnType(boolean.class).insertParameterTypes(0, Object.class)))
                .ifeq(otherwise);
    }

    /** Puts the handler at hand on the stack. */
    void give() {
        code.aload(handler);
    }

    /** Replaces a parameter by what the method handle on the stack makes of all. */
    void change(int parameter) {
        Class<?> changed = type.parameterType(parameter);
        Emit.load(code, type, 1);
        code.invokevirtual(Emit.METHOD_HANDLE, "invokeExact", Emit.describe(type.changeReturnType(changed)));
        code.storeLocal(TypeKind.from(changed), Emit.slot(type, parameter, 1));
    }

    /** Takes the handler at hand from the stack. */
    void take() {
        code.astore(handler);
    }

    /**
     * If bindings were removed since this plan was made: asks what to do with the step of which {@code step} pushes the
     * index, and takes that for the handler at hand.
     */
    void check(Runnable step, Label left) {
        Label fresh = code.newLabel();
        code.getstatic(family.stubClass(), "removals", CD_int).aload(0).getfield(Emit.PLAN, "removals", CD_int)
                .if_icmpeq(fresh);
        Label present = code.newLabel();
        code.aload(0);
        step.run();
        code.invokevirtual(Emit.PLAN, "resolve", MethodTypeDesc.of(CD_Object, CD_int)).checkcast(family.type())
                .astore(handler).aload(handler).ifnonnull(present).goto_(left).labelBinding(present)
                .labelBinding(fresh);
    }

    /** Calls the handler at hand; what it throws is the event's to judge, unless it is the intrinsic handler's. */
    void call(Runnable step, boolean intrinsic, boolean silent, Label next) {
        if (intrinsic) {
            invoke();
            answer(silent);
            return;
        }
        code.trying(block -> {
            block.aload(handler);
            Emit.load(block, type, 1);
            block.invokeinterface(family.type(), method.getName(), Emit.describe(type));
            if (type.returnType() != void.class) {
                block.storeLocal(TypeKind.from(type.returnType()), free + 2);
            }
        }, catches -> catches.catchingAll(block -> {
            block.astore(free + 1);
            block.aload(0);
            step.run();
            block.aload(free + 1).invokevirtual(Emit.PLAN, "failed", MethodTypeDesc.of(CD_void, CD_int, CD_Throwable))
                    .goto_(next);
        }));
        if (type.returnType() != void.class) {
            code.loadLocal(TypeKind.from(type.returnType()), free + 2);
        }
        answer(silent);
    }

    private void invoke() {
        code.aload(handler);
        Emit.load(code, type, 1);
        code.invokeinterface(family.type(), method.getName(), Emit.describe(type));
    }

    /** Makes the result on the stack part of the raise's. */
    private void answer(boolean silent) {
        Class<?> answered = type.returnType();
        if (silent) {
            Emit.drop(code, answered);
            return;
        }
        if (answered == void.class) {
            code.iconst_1().istore(ran);
            return;
        }
        Label go = code.newLabel();
        switch (fold) {
            case LAST -> code.storeLocal(TypeKind.from(answered), result);
            case ANY -> code.ifeq(go).iconst_1().ireturn().labelBinding(go);
            case ALL -> code.ifne(go).iconst_0().ireturn().labelBinding(go);
            case BY -> combine(go);
        }
        if (fold == Fold.ALL) {
            code.iconst_1().istore(result);
        }
        code.iconst_1().istore(ran);
    }

    private void combine(Label go) {
        TypeKind kind = TypeKind.from(type.returnType());
        Method by = family.signature().folder(index);
        code.storeLocal(kind, free + 2).iload(ran).ifeq(go).loadLocal(kind, result).loadLocal(kind, free + 2)
                .invokestatic(family.type(), by.getName(), Emit.describe(by), true).storeLocal(kind, free + 2)
                .labelBinding(go).loadLocal(kind, free + 2).storeLocal(kind, result);
    }

    /** Ends the raise: if nobody ran, the default handler answers. */
    void end() {
        Label answered = code.newLabel();
        code.labelBinding(end).lineNumber(FALLBACK_LINE).iload(ran).ifne(answered);
        Label none = code.newLabel();
        ClassDesc self = family.type();
        code.aload(0).getfield(Emit.PLAN, "fallback", CD_Object).checkcast(self).astore(handler).aload(handler)
                .ifnull(none);
        invoke();
        Emit.give(code, type.returnType());
        code.labelBinding(none).aload(0).invokevirtual(Emit.PLAN, "unanswered", MethodTypeDesc.of(CD_void));
        if (fold == Fold.ALL) {
            code.iconst_1().istore(result);
        }
        code.labelBinding(answered).lineNumber(Family.SAFE_LINE);
        if (type.returnType() != void.class) {
            code.loadLocal(TypeKind.from(type.returnType()), result);
        }
        Emit.give(code, type.returnType());
    }
}
