package run.measure.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class InliningTest {

    private static final String TEXT = """
             618 1290 %     4       a.B::walk @ 6 (35 bytes)
                                          @ 16   a.Old::run (11 bytes)   inline (hot)
             620 1294       4       a.B::walk (35 bytes)
                                          @ 16   a.C::run (11 bytes)   inline (hot)
                                            @ 5   a.D::go (7 bytes)   failed to inline: too big
             622 1289       4       a.X::y (23 bytes)
                                          @ 1   a.E::z (5 bytes)   inline (hot)
            2057 1294       4       a.B::walk (35 bytes)   made not entrant: uncommon trap
            2058 1301       3       a.B::walk (35 bytes)
                                          @ 16   a.F::run (11 bytes)   inline
            """;

    @Test
    void theLastCompilationCounts() {
        assertEquals(List.of("@ 16   a.C::run (11 bytes)   inline (hot)",
                "@ 5   a.D::go (7 bytes)   failed to inline: too big"),
                Inlining.of(TEXT, "a.B::walk").stream().map(String::strip).toList());
        assertEquals(List.of(), Inlining.of(TEXT, "a.Z::walk"));
    }
}
