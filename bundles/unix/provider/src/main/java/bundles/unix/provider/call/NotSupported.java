package bundles.unix.provider.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The system calls of Linux/Alpha that are not supported, and why: number and name of each (asm/unistd_32.h). They fail with ENOSYS. */
final class NotSupported {

    // @formatter:off
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("OSF/1's, which Linux/Alpha has not either", """
            0 osf_syscall 5 osf_old_open 11 osf_execve 18 osf_getfsstat 25 exec_with_loader 27 osf_nrecvmsg
            28 osf_nsendmsg 29 osf_nrecvfrom 30 osf_naccept 31 osf_ngetpeername 32 osf_ngetsockname 34 osf_chflags
            35 osf_fchflags 38 osf_old_stat 40 osf_old_lstat 44 osf_profil 46 osf_old_sigaction 49 osf_getlogin
            50 osf_setlogin 55 osf_reboot 56 osf_revoke 62 osf_old_fstat 65 osf_mremap 69 osf_sbrk 70 osf_sstk
            72 osf_old_vadvise 77 osf_kmodcall 78 osf_mincore 81 osf_old_getpgrp 84 osf_old_wait 85 osf_table
            107 osf_plock 108 osf_old_sigvec 109 osf_old_sigblock 110 osf_old_sigsetmask 115 osf_old_vtrace
            139 osf_old_sigreturn 140 osf_adjtime 142 osf_gethostid 143 osf_sethostid 146 osf_old_killpg
            149 osf_oldquota 153 osf_pid_block 154 osf_pid_unblock 157 osf_sigwaitprim 158 osf_nfssvc
            163 osf_asynch_daemon 164 osf_getfh 169 osf_exportfs 181 osf_alt_plock 184 osf_getmnt
            187 osf_alt_sigpending 188 osf_alt_setsid 213 osf_mvalid 214 osf_getaddressconf 215 osf_msleep
            216 osf_mwakeup 218 osf_signal 219 osf_utc_gettime 220 osf_utc_adjtime 222 osf_security 223 osf_kloadcall
            236 osf_waitid 237 osf_priocntlset 238 osf_sigsendset 239 osf_set_speculative 240 osf_msfs_syscall
            242 osf_uadmin 243 osf_fuser 245 osf_ntp_adjtime 246 osf_ntp_gettime 247 osf_pathconf 248 osf_fpathconf
            250 osf_uswitch 252 osf_audcntl 253 osf_audgen 255 osf_subsys_info 258 osf_afs_syscall 259 osf_swapctl
            260 osf_memcntl 261 osf_fdatasync
            """),
            Map.entry("gone from Linux, or never there", """
            300 bdflush 306 create_module 309 get_kernel_syms 313 uselib 319 _sysctl 338 afs_syscall 342 nfsservctl
            347 query_module 373 dipc 397 tuxcall 406 lookup_dcookie 428 vserver 477 timerfd
            """),
            Map.entry("Linux has it not on the Alpha, or not without such hardware", """
            429 mbind 430 get_mempolicy 431 set_mempolicy 449 migrate_pages 472 move_pages
            560 set_mempolicy_home_node 524 pkey_mprotect 525 pkey_alloc 526 pkey_free 345 pciconfig_read
            346 pciconfig_write 376 pciconfig_iobase
            """),
            Map.entry("files are the host's, as they are: --root and bundles/policies/union show others", """
            21 osf_mount 22 umount2 61 chroot 302 mount 321 oldumount 374 pivot_root 538 open_tree 539 move_mount
            540 fsopen 541 fsconfig 542 fsmount 543 fspick 552 mount_setattr 148 quotactl 553 quotactl_fd
            254 sysfs 327 ustat 497 name_to_handle_at 498 open_by_handle_at
            """),
            Map.entry("the machine is its operator's, not a program's", """
            51 acct 76 vhangup 88 sethostname 166 setdomainname 199 osf_swapon 303 old_adjtimex 304 swapoff
            307 init_module 308 delete_module 310 syslog 311 reboot 322 swapon 448 kexec_load 507 finit_module
            """),
            Map.entry("programs do without: they read, write and wait by the usual calls", """
            398 io_setup 399 io_destroy 400 io_getevents 401 io_submit 402 io_cancel 523 io_pgetevents
            535 io_uring_setup 536 io_uring_enter 537 io_uring_register 559 futex_waitv 410 remap_file_pages
            550 process_madvise 558 process_mrelease
            """),
            Map.entry("programs do without: the C library takes no gain from it here", """
            527 rseq
            """),
            Map.entry("extensions do that here: bundles/policies/filter, tracer, stats", """
            493 perf_event_open 514 seccomp 515 bpf 494 fanotify_init 495 fanotify_mark 516 userfaultfd
            554 landlock_create_ruleset 555 landlock_add_rule 556 landlock_restrict_self
            """),
            Map.entry("there is one user, and there are no namespaces and no keys", """
            439 add_key 440 request_key 441 keyctl 501 setns 506 kcmp
            """),
            Map.entry("transfers have no priorities", """
            442 ioprio_set 443 ioprio_get
            """),
            Map.entry("debuggers attach by GDB's protocol: gdb PID, --gdb PORT", """
            26 ptrace
            """),
            Map.entry("for programs of OSF/1's alone", """
            112 osf_sigstack 244 osf_proplist_syscall
            """));
    // @formatter:on

    /** Arguments of those that tracers meet most. */
    private static final Map<String, String> ARGUMENTS = Map.of("chroot", "s", "mount", "sssxx", "ptrace", "ddxx");

    private NotSupported() {}

    static List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        NAMES.forEach((why, names) -> {
            String[] words = names.strip().split("\\s+");
            for (int i = 0; i < words.length; i += 2) {
                calls.add(Call.not(Integer.parseInt(words[i]), words[i + 1],
                        ARGUMENTS.getOrDefault(words[i + 1], ""), why));
            }
        });
        return calls;
    }
}
