package bundles.unix.provider.call;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** All system calls by number. Immutable. */
final class CallTable {

    /** The table. */
    static final CallTable TABLE = new CallTable(Stream
            .of(Transfers.calls(), DescriptorCalls.calls(), OpenCalls.calls(),
                    PathCalls.calls(), EntryCalls.calls(), MemoryCalls.calls(), PinCalls.calls(), ProcessCalls.calls(),
                    LifeCalls.calls(),
                    IdentityCalls.calls(), FutexCalls.calls(), EventCalls.calls(), NoticeCalls.calls(),
                    LockCalls.calls(),
                    ScheduleCalls.calls(),
                    SignalCalls.calls(),
                    TimeCalls.calls(), TimerCalls.calls(), OsfCalls.calls(), IpcCalls.calls(), PollCalls.calls(),
                    SystemCalls.calls(), SocketCalls.calls(),
                    MessageCalls.calls(), SocketOptionCalls.calls(), StatusCalls.calls(), CopyCalls.calls(),
                    SpliceCalls.calls(), AttributeCalls.calls(), ProcessFileCalls.calls(),
                    OsfFileCalls.calls(), PosixQueueCalls.calls(), OtherMemoryCalls.calls(),
                    ClockCalls.calls(),
                    NotSupported.calls())
            .flatMap(List::stream).toList());

    private final Call[] byNumber;

    /** @throws IllegalArgumentException two calls have one number */
    CallTable(List<Call> calls) {
        byNumber = new Call[calls.stream().mapToInt(Call::number).max().orElse(0) + 1];
        for (Call call : calls) {
            if (byNumber[call.number()] != null) {
                throw new IllegalArgumentException("two system calls have number " + call.number());
            }
            byNumber[call.number()] = call;
        }
    }

    /** The call of a number, or null. */
    Call find(int number) {
        return number >= 0 && number < byNumber.length ? byNumber[number] : null;
    }

    /** All, by number. */
    List<Call> all() {
        return Arrays.stream(byNumber).filter(Objects::nonNull).toList();
    }
}
