package hw.alpha.device.net;

/** A device that is switched off for good when the machine is. */
public interface Switchable {

    /** Switches it off; returns at once. */
    void off();
}
