# client.pl MACHINE run.launcher.Client SOCKET LC_ALL WORDS...: asks the resident kernel, as that class does (docs/decisions/0009), where
# there is a Perl: it has asked before a Java virtual machine has started. run/lib/resident.sh becomes it. MACHINE is the host's, one of
# those below; by the class's name the kernel finds the words behind it in the host's table of processes.
#
# It uses no module but the one that finds misspelled names, so that it starts in a few milliseconds; what Perl has no word for are system calls by number (64-bit Linux).
# Signals are taken from a descriptor, signalfd(2), for Perl's own handlers would run only once the wait is over.
use strict;

my $UNAVAILABLE = 70; # EX_SOFTWARE of sysexits.h
my ($AF_UNIX, $SOCK_STREAM, $SOL_SOCKET, $SCM_RIGHTS, $SO_PEERCRED, $MSG_NOSIGNAL) = (1, 1, 1, 1, 17, 0x4000);
my $LONGEST = 107; # of a socket's path
my ($SIG_BLOCK, $SET_SIZE, $SIGINFO_SIZE) = (0, 8, 128);

# What a program may want to be told of, by the host's numbers, which are the same on all machines that have calls below.
my %signals = (HUP => 1, INT => 2, QUIT => 3, USR1 => 10, USR2 => 12, ALRM => 14, TERM => 15, CONT => 18, TSTP => 20, WINCH => 28);
# rt_sigprocmask, signalfd4, sendmsg
my %calls = (x86_64 => [14, 289, 46], aarch64 => [135, 74, 211], riscv64 => [135, 74, 211]);

my ($machine, undef, $path, undef, $command) = @ARGV;
my ($mask, $signalfd, $sendmsg) = @{$calls{$machine}};

sub refuse {
    my ($message) = @_;
    syswrite STDERR, "run/spin $command: $message\n";
    exit $UNAVAILABLE;
}

# A socket at whose other end the user's own kernel listens.
sub connected {
    my ($folder) = $path =~ m{(.*)/};
    my (undef, undef, $mode, undef, $owner) = lstat $folder
        or refuse('the resident kernel is gone; run/spin start starts another');
    if ($owner != $> || ($mode & 0170000) != 0040000 || ($mode & 077) != 0) {
        refuse("$folder is not a folder of yours alone, so what listens there is not trusted: chmod 700 or remove it, or use --new");
    }
    refuse("$path is too long for a socket: set XDG_RUNTIME_DIR shorter") if length $path > $LONGEST;
    socket my $socket, $AF_UNIX, $SOCK_STREAM, 0 or refuse("the resident kernel cannot be asked: $!");
    connect $socket, pack('S a108', $AF_UNIX, $path)
        or refuse("nobody listens at $path: the resident kernel is gone; run/spin start starts another");
    my (undef, $user) = unpack 'l3', getsockopt $socket, $SOL_SOCKET, $SO_PEERCRED; # struct ucred
    refuse("what listens at $path is another user's") if $user != $>;
    return $socket;
}

# A descriptor at which signals are read; those that were ignored from the start (nohup) stay ignored.
sub listening {
    my $set = 0;
    for my $name (keys %signals) {
        $set |= 1 << $signals{$name} - 1 if ($SIG{$name} // '') ne 'IGNORE';
    }
    my $bits = pack 'Q', $set;
    syscall $mask, $SIG_BLOCK, $bits, 0, $SET_SIZE;
    my $descriptor = syscall $signalfd, -1, $bits, $SET_SIZE, 0;
    refuse("the resident kernel cannot be asked: $!") if $descriptor < 0;
    open my $file, '<&=', $descriptor or refuse("the resident kernel cannot be asked: $!");
    return $file;
}

# One byte, with the standard streams themselves (unix(7)).
sub request {
    my ($socket) = @_;
    my $byte = "\0";
    my $vector = pack 'P Q', $byte, 1;
    my $control = pack 'Q l l l3 x4', 28, $SOL_SOCKET, $SCM_RIGHTS, 0, 1, 2; # struct cmsghdr
    my $message = pack 'Q l x4 P Q P Q l x4', 0, 0, $vector, 1, $control, length $control, 0;
    syscall($sendmsg, fileno $socket, $message, $MSG_NOSIGNAL) == 1 or refuse('the resident kernel did not take the request');
}

# Passes signals on until the status comes.
sub answer {
    my ($socket, $listened) = @_;
    my %names = reverse %signals;
    my ($both, $told, $status) = ('', '', '');
    vec($both, fileno $_, 1) = 1 for $socket, $listened;
    while (1) {
        my $ready = $both;
        next if select($ready, undef, undef, undef) <= 0;
        if (vec $ready, fileno $listened, 1) {
            sysread $listened, $told, $SIGINFO_SIZE; # struct signalfd_siginfo; its number comes first
            send $socket, $names{unpack 'L', $told} . "\n", $MSG_NOSIGNAL;
        }
        if (vec $ready, fileno $socket, 1) {
            return ord $status if sysread $socket, $status, 1;
            refuse('the resident kernel ended before it answered (run/spin status); its log is beside its socket');
        }
    }
}

my $socket = connected();
my $listened = listening(); # before the request: a program may ask for signals at once
request($socket);
exit answer($socket, $listened);
