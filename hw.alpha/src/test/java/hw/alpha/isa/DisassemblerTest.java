package hw.alpha.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words as the GNU assembler encodes them. */
class DisassemblerTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"27bb0001|ldah $29,1($27)", "23defff0|lda $30,-16($30)",
            "a75d8008|ldq $26,-32760($29)", "6b5b4000|jsr $26,($27),0", "6bfa8001|ret $31,($26),1",
            "e4200003|beq $1,0x10010", "c3ffffff|br $31,0x10000", "d47fffff|fbne $f3,0x10000",
            "40411403|addq $2,8,$3", "40220403|addq $1,$2,$3", "4be0f683|srl $31,7,$3", "58221403|addt $f1,$f2,$f3",
            "5822b403|addt/su $f1,$f2,$f3", "5822b003|adds/su $f1,$f2,$f3", "58220463|divt/c $f1,$f2,$f3",
            "5be2a5e3|cvttq/svc $f31,$f2,$f3", "5822b4a3|cmpteq/su $f1,$f2,$f3", "5fe10401|cpys $f31,$f1,$f1",
            "5be15582|cvtst $f31,$f1,$f2", "5be1d582|cvtst/s $f31,$f1,$f2", "5fe1a602|cvtql/sv $f31,$f1,$f2",
            "53e1bd62|sqrtt/sud $f31,$f1,$f2", "5be1fd82|cvtts/suid $f31,$f1,$f2", "503f0083|itofs $1,$f3",
            "703f0e03|ftoit $f1,$3", "bc220008|stq_c $1,8($2)", "60004000|mb", "60004400|wmb", "6000c000|rpcc $0",
            "63e5f800|wh64 ($5)", "00000083|call_pal callsys", "04000000|.long 0x04000000"})
    void spelling(String word, String expected) {
        assertEquals(expected, Disassembler.disassemble(Integer.parseUnsignedInt(word, 16), 0x10000));
    }

    @Test
    void everyInstructionIsDecodedAsItself() {
        for (Instruction instruction : Instruction.values()) {
            if (instruction.format != null) {
                int word = switch (instruction.format) {
                    case JUMP -> Assembler.jump(instruction, 1, 2);
                    case BARRIER, HINT, COUNTER -> Assembler.function(instruction, 1, 2);
                    case PAL, PAL_ARGUMENT, PAL_RESULT -> Assembler.pal(instruction);
                    case BRANCH, CONDITION, FLOAT_CONDITION -> Assembler.branch(instruction, 1, 5);
                    case OPERATE, FLOAT, FLOAT_SOURCE, QUALIFIED, INTEGER_TO_FLOAT, FLOAT_TO_INTEGER ->
                        Assembler.operate(instruction, 1,
                                2, 3);
                    default -> Assembler.memory(instruction, 1, 16, 2);
                };
                assertEquals(instruction, Decoder.instruction(word));
            }
        }
    }

    @Test
    void anyWordIsDecoded() {
        java.util.Random random = new java.util.Random(1);
        for (int i = 0; i < 1_000_000; i++) {
            int word = random.nextInt();
            Disassembler.disassemble(word, 0);
            assertEquals(true, Decoder.decode(word) != 0);
        }
    }
}
