package kernel.core.dispatcher.link;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** Generates the class of all plans that have the same sequence of steps: guards and handlers in fields, code unrolled. */
final class ShapeClass {

    private final Family family;
    private final String name;
    private final List<Step> steps;
    private final List<MethodHandle> constants;

    private ShapeClass(Family family, String name, List<Step> like, List<MethodHandle> constants) {
        this.family = family;
        this.name = name;
        this.constants = constants;
        steps = like;
    }

    /** @param constants those of {@link #constants}, as the class's loader will give them */
    static byte[] generate(Family family, String name, List<Step> like, List<MethodHandle> constants) {
        return new ShapeClass(family, name, like, constants).build();
    }

    /** The method handles that the code of such steps calls. */
    static List<MethodHandle> constants(List<Step> like) {
        return like.stream().flatMap(step -> step.tests.stream()).flatMap(test -> test.condition().tests.stream())
                .distinct().toList();
    }

    private byte[] build() {
        return Emit.build(family.loader(), name, builder -> {
            builder.withSuperclass(Emit.PLAN).withInterfaceSymbols(family.type());
            constructor(builder);
            for (int i = 0; i < family.signature().methods().size(); i++) {
                int index = i;
                builder.withMethodBody(family.signature().methods().get(i).getName(),
                        Emit.describe(family.signature().typeOf(i)), ClassFile.ACC_PUBLIC, code -> method(code, index));
            }
        });
    }

    /** Takes what {@link Plan} takes, and copies handlers and guards into fields. */
    private void constructor(ClassBuilder builder) {
        ClassDesc self = ClassDesc.of(name);
        MethodTypeDesc type = MethodTypeDesc.of(CD_void, Emit.HOOKS, Emit.STEP.arrayType(), CD_int, CD_Object);
        for (int i = 0; i < steps.size(); i++) {
            builder.withField("h" + i, family.type(), ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
            for (int j = 0; j < steps.get(i).tests.size(); j++) {
                builder.withField("g" + i + "_" + j, CD_Object, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
            }
        }
        builder.withMethodBody(Emit.INIT, type, ClassFile.ACC_PUBLIC, code -> {
            code.aload(0).aload(1).aload(2).iload(3).aload(4).invokespecial(Emit.PLAN, Emit.INIT, type);
            for (int i = 0; i < steps.size(); i++) {
                code.aload(0).aload(2).loadConstant(i).aaload().getfield(Emit.STEP, "handler", CD_Object)
                        .checkcast(family.type()).putfield(self, "h" + i, family.type());
                for (int j = 0; j < steps.get(i).tests.size(); j++) {
                    code.aload(0).aload(2).loadConstant(i).aaload().loadConstant(j)
                            .invokevirtual(Emit.STEP, "target", MethodTypeDesc.of(CD_Object, CD_int))
                            .putfield(self, "g" + i + "_" + j, CD_Object);
                }
            }
            code.return_();
        });
    }

    private void method(CodeBuilder code, int index) {
        PlanCode plan = new PlanCode(family, code, index);
        plan.begin();
        boolean first = true;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).in(index)) {
                step(code, plan, index, i, first);
                first = false;
            }
        }
        plan.end();
    }

    private void step(CodeBuilder code, PlanCode plan, int index, int i, boolean first) {
        ClassDesc self = ClassDesc.of(name);
        Step step = steps.get(i);
        Label next = code.newLabel();
        code.lineNumber(i + 1).aload(0).getfield(self, "h" + i, family.type());
        plan.take();
        if (!first) {
            plan.check(() -> code.loadConstant(i), next);
        }
        for (int j = 0; j < step.tests.size(); j++) {
            Step.Test test = step.tests.get(j);
            Emit.constant(code, constants.indexOf(test.condition().tests.get(index)));
            if (step.onHandler(test)) {
                plan.give();
            } else {
                code.aload(0).getfield(self, "g" + i + "_" + j, CD_Object);
            }
            plan.test(next);
        }
        if (step.changes.isEmpty()) {
            plan.call(() -> code.loadConstant(i), step.has(Step.INTRINSIC), step.has(Step.SILENT), next);
            if (step.has(Step.CANCEL)) {
                code.goto_(plan.end);
            }
        }
        for (int j = 0; j < step.changes.size(); j++) {
            if (step.changes.get(j).method() == index) {
                code.aload(0).getfield(Emit.PLAN, "steps", Emit.STEP.arrayType()).loadConstant(i).aaload()
                        .loadConstant(j).invokevirtual(Emit.STEP, "change",
                                MethodTypeDesc.of(Emit.METHOD_HANDLE, CD_int));
                plan.change(step.changes.get(j).parameter());
            }
        }
        code.labelBinding(next);
    }
}
