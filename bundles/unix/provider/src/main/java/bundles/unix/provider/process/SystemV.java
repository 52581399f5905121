package bundles.unix.provider.process;

import bundles.unix.provider.ipc.MessageQueues;
import bundles.unix.provider.ipc.Semaphores;

/**
 * System V's interprocess communication (sysvipc(7)). Immutable; its parts are thread-safe.
 *
 * @param semaphores sets of semaphores
 * @param queues queues of messages
 * @param segments shared memory
 */
public record SystemV(Semaphores semaphores, MessageQueues queues, SharedSegments segments) {}
