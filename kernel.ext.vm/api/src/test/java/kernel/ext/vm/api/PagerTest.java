package kernel.ext.vm.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import kernel.core.memory.Frame;
import org.junit.jupiter.api.Test;

class PagerTest {

    @Test
    void theZeroPagerLeavesFramesAsTheyCome() throws Exception {
        byte[] contents = new byte[16];
        Pager.ZERO.fill(8192, new Frame() {
            @Override
            public long address() {
                return 0;
            }

            @Override
            public void read(int position, byte[] to, int offset, int length) {
                System.arraycopy(contents, position, to, offset, length);
            }

            @Override
            public void write(int position, byte[] from, int offset, int length) {
                System.arraycopy(from, offset, contents, position, length);
            }
        });
        assertArrayEquals(new byte[16], contents);
    }
}
