package bundles.policies.forkjoin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kernel.core.machine.Machine;
import kernel.ext.sched.provider.StrandService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ForkJoinTest {

    private record Processors(int processors) implements Machine {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public long memory() {
            return 0;
        }
    }

    /** Breadth first there would be hundreds at a time. */
    @Test
    void aTreeOfStrandsIsWorkedOffDepthFirst() throws Exception {
        StrandService strands = StrandService.standalone(2);
        ForkJoin forkJoin = new ForkJoin(strands.threadPackages(), new Processors(1));
        String told = forkJoin.fib(16);
        Matcher numbers = Pattern.compile("fib\\(16\\) = 987: 1597 strands, at most (\\d+) at a time").matcher(told);
        assertTrue(numbers.matches(), told);
        assertTrue(Integer.parseInt(numbers.group(1)) < 100, told);
        assertEquals("", strands.report());
        forkJoin.close();
        assertThrows(RejectedExecutionException.class, () -> forkJoin.execute(() -> {}));
        assertThrows(IllegalArgumentException.class, () -> forkJoin.fib(25));
        strands.close();
    }
}
