package kernel.core.dispatcher;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Checkpoint;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/**
 * Prepares the classes of bundles that have handlers with time limits, as they are loaded: puts a look at the
 * {@link Checkpoint} at each method entry and before each backward branch, so that no path through the code is endless
 * without one. A bundle has such handlers if a component description of it mentions {@link Binding#LIMIT}, or its manifest
 * says so. Thread-safe.
 */
final class Weaver implements WeavingHook {

    /** Manifest header that asks for it. */
    static final String HEADER = "Kernel-Ephemeral";

    private static final ClassDesc CHECKPOINT = ClassDesc.of(Checkpoint.class.getName());
    private static final MethodTypeDesc POLL = MethodTypeDesc.of(ConstantDescs.CD_void);

    private final Set<ClassLoader> prepared = Collections
            .synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final Map<String, Boolean> wanted = new ConcurrentHashMap<>();

    /** Whether that class can be stopped. */
    boolean stoppable(Class<?> type) {
        return type.getClassLoader() != null && prepared.contains(type.getClassLoader());
    }

    @Override
    public void weave(WovenClass woven) {
        Bundle bundle = woven.getBundleWiring().getBundle();
        ClassLoader loader = woven.getBundleWiring().getClassLoader();
        if (bundle.equals(FrameworkUtil.getBundle(Weaver.class))
                || !wanted.computeIfAbsent(bundle.getBundleId() + " " + bundle.getLastModified(),
                        k -> wants(bundle, loader))) {
            return;
        }
        woven.setBytes(prepare(woven.getBytes(), loader));
        woven.getDynamicImports().add(Checkpoint.class.getPackageName());
        prepared.add(loader);
    }

    private static boolean wants(Bundle bundle, ClassLoader loader) {
        if ("true".equalsIgnoreCase(bundle.getHeaders("").get(HEADER))) {
            return true;
        }
        String components = bundle.getHeaders("").get("Service-Component");
        if (components == null) {
            return false;
        }
        for (String path : components.split(",")) {
            try (InputStream in = loader.getResourceAsStream(path.split(";")[0].strip())) {
                if (in == null) {
                    continue;
                }
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                // its default is written out as well, and means nothing
                if (text.contains(Binding.LIMIT)
                        && !text.matches("(?s).*" + Binding.LIMIT + "\"[^>]*value=\"0\".*")) {
                    return true;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return false;
    }

    /** Puts in the looks. */
    static byte[] prepare(byte[] bytes, ClassLoader loader) {
        ClassHierarchyResolver resolver = loader == null
                ? ClassHierarchyResolver.defaultResolver()
                : ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
        return file.transformClass(file.parse(bytes),
                ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Looks::new)));
    }

    /** For one method. */
    private static final class Looks implements CodeTransform {
        private final Set<Label> behind = new HashSet<>();

        @Override
        public void atStart(CodeBuilder code) {
            // a constructor may look before it has called the superclass's: the call takes nothing from it
            code.invokestatic(CHECKPOINT, "poll", POLL);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            boolean back = switch (element) {
                case LabelTarget target -> {
                    behind.add(target.label());
                    yield false;
                }
                case BranchInstruction branch -> behind.contains(branch.target());
                case TableSwitchInstruction table -> anyBehind(table.cases(), table.defaultTarget());
                case LookupSwitchInstruction table -> anyBehind(table.cases(), table.defaultTarget());
                default -> false;
            };
            if (back) {
                code.invokestatic(CHECKPOINT, "poll", POLL);
            }
            code.with(element);
        }

        private boolean anyBehind(List<SwitchCase> cases, Label otherwise) {
            return behind.contains(otherwise) || cases.stream().anyMatch(c -> behind.contains(c.target()));
        }
    }
}
