package bundles.policies.checkpoint;

import java.io.IOException;

/** Something cannot be checkpointed or restarted; the message says what, and why. */
final class Refused extends IOException {

    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message);
    }
}
