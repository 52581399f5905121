package run.micro.jmh.stranger;

import java.util.Hashtable;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import kernel.core.dispatch.Binding;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import run.micro.jmh.Stranger;

/** Loops, calls, and a handler of {@link Stranger.Step}; the same class is loaded by a bundle that is trusted and by one that is not. */
public final class Work implements BundleActivator, Stranger.Step {

    private static final byte[] BYTES = new byte[1024];

    @Override
    public void start(BundleContext context) {
        offer(context, "loop", Work::loop);
        offer(context, "bytes", Work::bytes);
        offer(context, "calls", Work::calls);
        context.registerService(Stranger.Step.class, this,
                new Hashtable<>(Map.of(Binding.ROLE, Binding.HANDLER, Binding.ORDER, Binding.LAST)));
    }

    private static void offer(BundleContext context, String name, LongUnaryOperator work) {
        context.registerService(LongUnaryOperator.class, work,
                new Hashtable<>(Map.of("work", context.getBundle().getSymbolicName() + " " + name)));
    }

    /** A thousand rounds of a few instructions each, which HotSpot cannot make fewer of. */
    private static long loop(long number) {
        long sum = number;
        for (int i = 0; i < 1000; i++) {
            sum = Long.rotateLeft(sum, 7) ^ i;
        }
        return sum;
    }

    /** FNV-1a over 1 KB. */
    private static long bytes(long number) {
        long hash = number;
        for (byte b : BYTES) {
            hash = (hash ^ b & 0xff) * 0x100000001b3L;
        }
        return hash;
    }

    private static long calls(long number) {
        return fibonacci((int) (number & 1) + 15);
    }

    private static int fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    @Override
    public long step(long number) {
        return number + 1;
    }

    @Override
    public void stop(BundleContext context) {
        // the framework does it
    }
}
