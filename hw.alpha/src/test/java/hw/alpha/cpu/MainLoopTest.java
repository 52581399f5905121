package hw.alpha.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** HotSpot leaves methods of 8000 bytes of bytecode or more to its interpreter (HugeMethodLimit). */
class MainLoopTest {

    private static final int LIMIT = 8000;

    @Test
    void isSmallEnoughToBeCompiled() throws IOException {
        try (InputStream in = Interpreter.class.getResourceAsStream("Interpreter.class")) {
            ClassModel model = ClassFile.of().parse(Objects.requireNonNull(in).readAllBytes());
            for (MethodModel method : model.methods()) {
                int size = method.findAttribute(java.lang.classfile.Attributes.code()).map(CodeAttribute::codeLength)
                        .orElse(0);
                assertTrue(size < LIMIT, method.methodName() + " has " + size + " bytes");
            }
        }
    }
}
