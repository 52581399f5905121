package kernel.core.processor;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.util.HashSet;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.ExecutableElement;

/**
 * Finds the plainest of side effects: a method that assigns a field of its own object or class. Bodies are parsed but not
 * attributed when processors run, so it goes by names; what a called method does it does not see. Other compilers than
 * javac have no trees to look at: there nothing is found.
 */
final class SideEffects {

    private final Trees trees;

    SideEffects(ProcessingEnvironment environment) {
        trees = trees(environment);
    }

    private static Trees trees(ProcessingEnvironment environment) {
        try {
            return Trees.instance(environment);
        } catch (IllegalArgumentException | LinkageError e) {
            return null; // not javac
        }
    }

    /** The first field that the method's text assigns; null if none is seen, or there is no text. */
    String assigned(ExecutableElement method) {
        MethodTree tree = trees == null ? null : trees.getTree(method);
        if (tree == null) {
            return null;
        }
        Set<String> locals = new HashSet<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitVariable(VariableTree variable, Void nothing) {
                locals.add(variable.getName().toString());
                return super.visitVariable(variable, null);
            }
        }.scan(tree, null);
        Assigned assigned = new Assigned(locals);
        assigned.scan(tree.getBody(), null);
        return assigned.first;
    }

    private static final class Assigned extends TreeScanner<Void, Void> {

        private final Set<String> locals;
        private String first;

        Assigned(Set<String> locals) {
            this.locals = locals;
        }

        private void target(ExpressionTree target) {
            String name = switch (target) {
                case IdentifierTree plain when !locals.contains(plain.getName().toString()) ->
                    plain.getName().toString();
                case MemberSelectTree select when select.getExpression() instanceof IdentifierTree owner
                        && owner.getName().contentEquals("this") ->
                    select.getIdentifier().toString();
                default -> null;
            };
            first = first == null ? name : first;
        }

        @Override
        public Void visitAssignment(AssignmentTree tree, Void nothing) {
            target(tree.getVariable());
            return super.visitAssignment(tree, null);
        }

        @Override
        public Void visitCompoundAssignment(CompoundAssignmentTree tree, Void nothing) {
            target(tree.getVariable());
            return super.visitCompoundAssignment(tree, null);
        }

        @Override
        public Void visitUnary(UnaryTree tree, Void nothing) {
            if (tree.getKind() == Tree.Kind.PREFIX_INCREMENT || tree.getKind() == Tree.Kind.PREFIX_DECREMENT
                    || tree.getKind() == Tree.Kind.POSTFIX_INCREMENT || tree.getKind() == Tree.Kind.POSTFIX_DECREMENT) {
                target(tree.getExpression());
            }
            return super.visitUnary(tree, null);
        }
    }
}
