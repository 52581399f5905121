/**
 * Network adapters and the wires that they are on: in-process, the host's TAP, and the host's sockets for a gateway. Each adapter has a
 * strand of its own, a thread of the host, which gives frames to its receiver; senders leave them in a ring and go on.
 */
package hw.alpha.device.net;
