package bundles.unix.provider.process;

import bundles.unix.provider.ipc.MessageQueues;
import bundles.unix.provider.ipc.PosixQueues;
import bundles.unix.provider.ipc.Semaphores;

/**
 * Interprocess communication of System V (sysvipc(7)), and POSIX message queues (mq_overview(7)). Immutable; its parts are thread-safe.
 *
 * @param semaphores sets of semaphores
 * @param queues queues of messages
 * @param segments shared memory
 * @param posix queues of messages with priorities
 */
public record SystemV(Semaphores semaphores, MessageQueues queues, SharedSegments segments, PosixQueues posix) {}
