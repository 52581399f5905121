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
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Checkpoint;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.hooks.weaving.WeavingException;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/**
 * Prepares the classes of bundles that have handlers with time limits, as they are loaded: puts a look at the
 * {@link Checkpoint} at each method entry and before each backward branch, so that no path through the code is endless
 * without one. A bundle has such handlers if a component description of it mentions {@link Binding#LIMIT}, or its manifest
 * says so; those that the linker does not trust are all prepared. Thread-safe.
 *
 * <p>Exception handlers are made to end where they would cover themselves, as those of compilers do at the end of a {@code synchronized}
 * block: else an error thrown there again and again would be a loop without a look.
 */
final class Weaver implements WeavingHook {

    /** Manifest header that asks for it. */
    static final String HEADER = "Kernel-Ephemeral";

    private static final ClassDesc CHECKPOINT = ClassDesc.of(Checkpoint.class.getName());
    private static final MethodTypeDesc POLL = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc POLL_DOMAIN = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);

    private final Set<ClassLoader> prepared = Collections
            .synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final Map<String, Boolean> wanted = new ConcurrentHashMap<>();
    private final Strangers strangers;

    Weaver(Strangers strangers) {
        this.strangers = strangers;
    }

    /** Whether that class can be stopped. */
    boolean stoppable(Class<?> type) {
        return type.getClassLoader() != null && prepared.contains(type.getClassLoader());
    }

    @Override
    public void weave(WovenClass woven) {
        Bundle bundle = woven.getBundleWiring().getBundle();
        ClassLoader loader = woven.getBundleWiring().getClassLoader();
        if (bundle.equals(FrameworkUtil.getBundle(Weaver.class))) {
            return;
        }
        int domain = strangers.domain(bundle, loader);
        if (domain < 0 && !wants(bundle, loader)) {
            return;
        }
        try {
            woven.setBytes(prepare(woven.getBytes(), loader, domain));
        } catch (RuntimeException e) {
            // any other exception would keep the framework from asking again, for whatever bundle
            throw new WeavingException(woven.getClassName() + " cannot be prepared to be stopped", e);
        }
        woven.getDynamicImports().add(Checkpoint.class.getPackageName());
        prepared.add(loader);
    }

    /** Not computed while the map is held: the looking may load classes, which come here in turn. */
    private boolean wants(Bundle bundle, ClassLoader loader) {
        String revision = bundle.getBundleId() + " " + bundle.getLastModified();
        Boolean known = wanted.get(revision);
        if (known == null) {
            known = says(bundle, loader);
            wanted.put(revision, known);
        }
        return known;
    }

    private static boolean says(Bundle bundle, ClassLoader loader) {
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

    /** Puts in the looks. @param domain whose code it is, negative if that does not matter */
    static byte[] prepare(byte[] bytes, ClassLoader loader, int domain) {
        ClassHierarchyResolver resolver = loader == null
                ? ClassHierarchyResolver.defaultResolver()
                : ClassHierarchyResolver.ofResourceParsing(loader).orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
        return file.transformClass(file.parse(bytes),
                ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(() -> new Looks(domain))));
    }

    /** For one method. */
    private static final class Looks implements CodeTransform {
        /** Labels that have come, with their places among them. */
        private final Map<Label, Integer> behind = new HashMap<>();
        private final List<ExceptionCatch> handlers = new ArrayList<>();
        private final int domain;

        Looks(int domain) {
            this.domain = domain;
        }

        private void look(CodeBuilder code) {
            if (domain < 0) {
                code.invokestatic(CHECKPOINT, "poll", POLL);
            } else {
                code.loadConstant(domain).invokestatic(CHECKPOINT, "poll", POLL_DOMAIN);
            }
        }

        @Override
        public void atStart(CodeBuilder code) {
            // a constructor may look before it has called the superclass's: the call takes nothing from it
            look(code);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof ExceptionCatch handler) {
                handlers.add(handler); // at the end it is known where the labels are
                return;
            }
            boolean back = switch (element) {
                case LabelTarget target -> {
                    behind.put(target.label(), behind.size());
                    yield false;
                }
                case BranchInstruction branch -> behind.containsKey(branch.target());
                case TableSwitchInstruction table -> anyBehind(table.cases(), table.defaultTarget());
                case LookupSwitchInstruction table -> anyBehind(table.cases(), table.defaultTarget());
                default -> false;
            };
            if (back) {
                look(code);
            }
            code.with(element);
        }

        @Override
        public void atEnd(CodeBuilder code) {
            for (ExceptionCatch handler : handlers) {
                int at = behind.get(handler.handler());
                boolean itself = at > behind.get(handler.tryStart()) && at < behind.get(handler.tryEnd());
                code.with(ExceptionCatch.of(handler.handler(), handler.tryStart(),
                        itself ? handler.handler() : handler.tryEnd(), handler.catchType()));
            }
        }

        private boolean anyBehind(List<SwitchCase> cases, Label otherwise) {
            return behind.containsKey(otherwise) || cases.stream().anyMatch(c -> behind.containsKey(c.target()));
        }
    }
}
