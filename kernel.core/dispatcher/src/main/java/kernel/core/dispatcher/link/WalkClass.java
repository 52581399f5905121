package kernel.core.dispatcher.link;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/** Generates the class of an event's plans that walk over an array of steps: any steps but filters. */
final class WalkClass {

    private final Family family;
    private final CodeBuilder code;
    private final int index;
    private final PlanCode plan;
    private final int i;
    private final int step;
    private final int j;

    private WalkClass(Family family, CodeBuilder code, int index) {
        this.family = family;
        this.code = code;
        this.index = index;
        plan = new PlanCode(family, code, index);
        i = plan.free + 4;
        step = plan.free + 5;
        j = plan.free + 6;
    }

    static byte[] generate(Family family, String name) {
        MethodTypeDesc type = MethodTypeDesc.of(CD_void, Emit.HOOKS, Emit.STEP.arrayType(), CD_int, CD_Object);
        return Emit.build(family.loader(), name, builder -> {
            builder.withSuperclass(Emit.PLAN).withInterfaceSymbols(family.type());
            Emit.constructor(builder, name, Emit.PLAN, type.parameterList(), List.of());
            for (int m = 0; m < family.signature().methods().size(); m++) {
                int index = m;
                builder.withMethodBody(family.signature().methods().get(m).getName(),
                        Emit.describe(family.signature().typeOf(m)), ClassFile.ACC_PUBLIC,
                        code -> new WalkClass(family, code, index).method());
            }
        });
    }

    private void method() {
        Label again = code.newLabel();
        Label next = code.newLabel();
        Label call = code.newLabel();
        plan.begin();
        code.lineNumber(Family.SAFE_LINE).iconst_0().istore(i).labelBinding(again).iload(i).aload(0)
                .getfield(Emit.PLAN, "steps", Emit.STEP.arrayType()).arraylength().if_icmpge(plan.end);
        code.aload(0).getfield(Emit.PLAN, "steps", Emit.STEP.arrayType()).iload(i).aaload().astore(step);
        code.aload(step).getfield(Emit.STEP, "methods", CD_long).loadConstant(1L << index).land().lconst_0().lcmp()
                .ifeq(next);
        code.aload(step).getfield(Emit.STEP, "handler", CD_Object).checkcast(family.type());
        plan.take();
        plan.check(() -> code.iload(i), next);
        code.lineNumber(1);
        guards(next);
        code.labelBinding(call);
        calls(next);
        code.labelBinding(next).lineNumber(Family.SAFE_LINE).iinc(i, 1).goto_(again);
        plan.end();
    }

    private void guards(Label next) {
        Label more = code.newLabel();
        Label passed = code.newLabel();
        code.iconst_0().istore(j).labelBinding(more).iload(j).aload(step)
                .getfield(Emit.STEP, "guards", CD_int).if_icmpge(passed);
        code.aload(step).iload(j).loadConstant(index).invokevirtual(Emit.STEP, "test",
                MethodTypeDesc.of(Emit.METHOD_HANDLE, CD_int, CD_int));
        code.aload(step).iload(j).invokevirtual(Emit.STEP, "target", MethodTypeDesc.of(CD_Object, CD_int));
        plan.test(next);
        code.iinc(j, 1).goto_(more).labelBinding(passed);
    }

    /** One call for each kind of step, so that each is like that of a shape. */
    private void calls(Label next) {
        Label ordinary = code.newLabel();
        Label silent = code.newLabel();
        Label cancels = code.newLabel();
        flag(Step.INTRINSIC).ifeq(ordinary);
        plan.call(() -> code.iload(i), true, false, next);
        code.goto_(next).labelBinding(ordinary);
        flag(Step.SILENT).ifne(silent);
        plan.call(() -> code.iload(i), false, false, next);
        code.goto_(cancels).labelBinding(silent);
        plan.call(() -> code.iload(i), false, true, next);
        code.labelBinding(cancels);
        flag(Step.CANCEL).ifne(plan.end);
    }

    private CodeBuilder flag(int flag) {
        return code.aload(step).getfield(Emit.STEP, "flags", CD_int).loadConstant(flag).iand();
    }
}
