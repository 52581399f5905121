package run.itest.guest;

import run.itest.door.Door;

/** A component that does not return for positive keys. Its description is written by the test, with a time limit. */
public final class Looper implements Door {

    @Override
    public int open(int key) {
        long count = 0;
        while (key > 0) {
            count++;
            if (count < 0) {
                break;
            }
        }
        return -1;
    }
}
