package bundles.unix.provider;

import bundles.unix.provider.file.ConsoleLine;
import bundles.unix.provider.gdb.GdbServer;
import hw.alpha.cpu.AlphaProcessor;
import hw.alpha.cpu.Events;
import hw.alpha.device.SystemClock;
import hw.alpha.host.HostFile;
import hw.alpha.host.HostStatus;
import hw.alpha.device.Workstation;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import bundles.unix.provider.inet.KernelInternet;
import java.nio.file.FileSystems;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;
import kernel.core.machine.Processor;
import kernel.core.machine.Syscall;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.StrandService;
import kernel.ext.vm.provider.FaultHandler;
import kernel.ext.vm.provider.VirtualMemory;

/** The real machine, address spaces and UNIX, wired by hand: every event goes straight to its intrinsic handler. */
final class DirectMachine {

    final PhysicalMemory memory;
    final VirtualMemory spaces;
    final ConsoleEvents consoleEvents;
    final UnixProcesses processes;
    final PlainNetwork network;
    final StrandService strands;

    DirectMachine(MemoryConsole console, int megabytes) {
        this(console, megabytes, served -> served);
    }

    /** @param around what serves system calls, made of what would without it */
    DirectMachine(MemoryConsole console, int megabytes, UnaryOperator<Syscall> around) {
        memory = new PhysicalMemory((long) megabytes << 20);
        spaces = new VirtualMemory(new Translations(), memory);
        var traps = new ProcessTraps();
        var faults = new FaultHandler(spaces, traps);
        var paths = new HostPaths();
        var line = new ConsoleLine();
        var foreground = new Foreground();
        consoleEvents = new ConsoleEvents(line, foreground);
        console.connect(consoleEvents);
        Processor processor = new AlphaProcessor(new Events(around.apply(traps), traps, traps, faults, faults));
        strands = StrandService.standalone(2);
        var clock = new SystemClock();
        network = new PlainNetwork(new PlainGraph(), clock, strands, new TcpEngine(), new NewReno());
        processes = new UnixProcesses(processor, spaces, strands, clock, new SecureRandom()::nextBytes,
                new Workstation(memory),
                memory, FileSystems.getDefault(), HostFile::open, HostStatus::of, paths, paths, new GivenValues(),
                new GivenValues(),
                console, line,
                foreground,
                new Networks(new KernelInternet(network)),
                new GdbServer(null, console, strands, (String) null));
    }

    /** Page frames that nothing has; program files that nobody runs do not count. */
    int free() {
        processes.forgetIdlePrograms();
        return memory.free();
    }
}
