# Sourced by run/spin: the resident kernel, and the client that asks it.
#
# Its folder, which is its user's alone, has: `socket`; `kernel`, which says who listens there (a line each: process, its
# start in the host's clock ticks, what machine it is, installation, JDK, the client's start-up cache); `kernel.log`.

runtime=${XDG_RUNTIME_DIR:+$XDG_RUNTIME_DIR/spin}
runtime=${runtime:-/tmp/spin-$UID}

# resident WORDS...: does what is asked for if that is start, stop, status or shell, or if it is exec and a resident kernel can do
# it, and does not return; returns if a machine of its own is to do it.
resident() {
    local command='' own='' machine=()
    while [ $# -gt 0 ]; do
        case $1 in
        --mem | --swap | --cpu | --cpus | --unaligned)
            machine+=("${1#--}=${2:-}")
            shift
            ;;
        --new) own=yes ;;
        --root | --record | --replay | --gdb | --net | --atm | --forward)
            own=$1
            shift
            ;;
        --trace | --stats | --web | --web=*) own=${1%%=*} ;;
        exec | start)
            [ -z "$command" ] || break
            command=$1
            ;;
        stop | status | shell)
            [ -z "$command" ] || break
            command=$1
            shift
            break
            ;;
        --)
            shift
            break
            ;;
        -*) return ;; # wrong, or for a machine of its own
        *) break ;;
        esac
        [ $# = 0 ] || shift
    done
    case $command in
    exec)
        if [ -z "$own" ]; then
            [ $# = 0 ] || through_resident "${machine[*]-}" "$@"
        elif [ "$own" != yes ] && runs; then
            once "own${own}" "run/spin: $own is for a machine of its own, so the program does not run in the resident kernel."
        fi
        ;;
    start)
        case $own in -*) wrong_use "start wants no $own: that is for a machine of its own (run/spin, run/spin exec)" ;; esac
        [ $# = 0 ] || wrong_use "start wants no \"$1\""
        start_resident ${machine[@]+"${machine[@]}"}
        ;;
    stop)
        [ $# -le 1 ] || wrong_use "stop wants no \"$2\""
        case ${1:-0} in *[!0-9]*) wrong_use "stop wants seconds, not \"$1\"" ;; esac
        stop_resident "$@"
        ;;
    shell)
        runs && client shell "$@"
        echo "run/spin shell: no resident kernel runs: run/spin start starts one, and run/spin alone gives a shell of its own." >&2
        exit 3
        ;;
    status)
        [ $# = 0 ] || wrong_use "status wants no \"$1\""
        if runs; then
            client status
        fi
        echo "no resident kernel runs"
        exit 3
        ;;
    esac
}

wrong_use() {
    echo "run/spin: $1; run/spin --help shows all." >&2
    exit 2
}

# Whether the folder is there and nobody else can have put anything into it. The client and the kernel look at its mode and
# at each other's user id as well.
own_folder() {
    [ -d "$runtime" ] && [ ! -L "$runtime" ] && [ -O "$runtime" ]
}

# Whether a resident kernel runs: sets kernel, an array of what is known of it.
runs() {
    own_folder && [ -S "$runtime/socket" ] && [ -r "$runtime/kernel" ] || return 1
    mapfile -t kernel <"$runtime/kernel"
    [ "${#kernel[@]}" = 6 ] && lives
}

# Whether the kernel's process is there.
lives() {
    local ticks
    ticks "${kernel[0]}"
    [ "$ticks" = "${kernel[1]}" ]
}

# ticks PROCESS: sets ticks to when it was started (proc(5)), or to nothing if there is none, or it has ended and nobody
# asked for its status yet. Process ids are used again, pairs with this are not.
ticks() {
    local stat
    ticks=
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    case $1 in Z | X) ;; *) ticks=${20} ;; esac
}

# Whether the resident kernel was made of the files that lie here, and by this JDK.
same_build() {
    [ "${kernel[3]}" = "$home" ] && [ "${kernel[4]}" = "$jdk" ] && ! newer_than "$stamp" "${sources[@]}" || return 1
    local file
    for file in "$stamp" "$target"/*.jar "$assembly"/bundles/*/*.jar "$assembly"/lib/*.jar; do
        [ "$runtime/kernel" -nt "$file" ] || return 1
    done
}

# through_resident MACHINE PROG ARGS...: runs a program there; returns if it cannot be there. MACHINE: words such as mem=64.
through_resident() {
    local wanted other=
    if [ -e "$runtime" ] && ! own_folder; then
        note "run/spin: $runtime is not a folder of yours, so no resident kernel is used: remove it."
        return
    fi
    runs || return
    for wanted in $1; do
        [[ " ${kernel[2]} " == *" ${wanted,,} "* ]] || other=$wanted
    done
    if ! same_build; then
        once build "run/spin: the resident kernel is of another build, so programs get machines of their own until it is restarted (run/spin stop; run/spin start)."
    elif [ -n "$other" ]; then
        once "${other//\//}" "run/spin: the resident kernel has ${kernel[2]} and not $other, so programs that want that get machines of their own."
    else
        shift
        client exec "$@"
    fi
}

# once NAME TEXT: a note that is made once for each resident kernel.
once() {
    [ "$runtime/said-$1" -nt "$runtime/kernel" ] && return
    note "$2"
    : 2>/dev/null >"$runtime/said-$1"
}

# It lives for a tenth of a second: no compiler earns its work back, method handles for a few calls by reflection cost more than the
# calls, and the start-up cache is mapped where it was made for, so that no address in it must be changed.
client_options=(--enable-native-access=ALL-UNNAMED -Xint -XX:+UseSerialGC -XX:-UsePerfData
    -Djdk.reflect.useNativeAccessorOnly=true -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0
    -Xlog:disable -Xlog:all=error:stderr -Xlog:aot=off -Xlog:cds=off)

# client WORDS...: becomes the process that asks the resident kernel: a Perl, which starts in a tenth of the time, or a JVM.
client() {
    given_environment
    if has_perl; then
        # LC_ALL is for Perl, which complains of locales that are not there; the program gets its user's
        exec "${environment[@]}" LC_ALL=C perl "$home/run/lib/client.pl" "$HOSTTYPE" run.launcher.Client \
            "$runtime/socket" "$locale" "$@"
    fi
    local cache=${kernel[5]}
    [ -e "$cache" ] || cache=
    local quit=
    # bash itself ignores it always, so the host's table of processes does not tell
    [ -z "$(trap -p QUIT)" ] || quit=-Dspin.quit.ignored=true
    exec 3</dev/null # kept free for the client, which wants this number
    exec "${environment[@]}" "$jdk/bin/java" ${cache:+-XX:AOTCache="$cache"} "${client_options[@]}" $quit \
        -cp "$target/run.launcher-0.1.0-SNAPSHOT.jar" run.launcher.Client "$runtime/socket" "$locale" "$@"
}

# Whether there is a Perl that can do what is needed, and nothing in the environment that would change what it does.
has_perl() {
    case $HOSTTYPE in x86_64 | aarch64 | riscv64) ;; *) return 1 ;; esac
    [ "${SPIN_CLIENT:-}" != java ] && [ -z "${!PERL*}" ] && type perl &>/dev/null
}

train_client() {
    "$jdk/bin/java" "${client_options[@]}" -XX:AOTCacheOutput="$client_cache" \
        -cp "$target/run.launcher-0.1.0-SNAPSHOT.jar" run.launcher.Client train >/dev/null 2>&1 3</dev/null
}

# machine OPTION=VALUE...: sets machine to all that the machine is, and machine_options to the words that make it so.
machine() {
    local mem=1024 swap='' cpus='' cpu=ev67 unaligned=fix option
    for option in "$@"; do
        case $option in
        mem=[1-9]*) mem=${option#*=} ;;
        swap=[0-9]*) swap=${option#*=} ;;
        cpu=ev4 | cpu=ev56 | cpu=ev67) cpu=${option#*=} ;;
        cpus=[1-9] | cpus=[1-9][0-9] | cpus=1[0-9][0-9] | cpus=2[0-4][0-9] | cpus=25[0-6]) cpus=${option#*=} ;;
        unaligned=fix | unaligned=fatal) unaligned=${option#*=} ;;
        *) wrong_use "start wants --mem MB, --swap MB, --cpus 1 to 256, --cpu ev4, ev56 or ev67, --unaligned fix or fatal, not --${option/=/ }" ;;
        esac
    done
    case $mem in *[!0-9]* | ????????*) wrong_use "--mem wants the machine's memory in MB, 16 to 1048576, not \"$mem\"" ;; esac
    case $swap in *[!0-9]* | ????????*) wrong_use "--swap wants the swap disk's size in MB, 0 to 1048576, not \"$swap\"" ;; esac
    machine="mem=$mem cpu=$cpu unaligned=$unaligned"
    machine_options=(--mem "$mem" --cpu "$cpu" --unaligned "$unaligned")
    if [ -n "$cpus" ]; then
        machine+=" cpus=$cpus"
        machine_options+=(--cpus "$cpus")
    fi
    if [ -n "$swap" ]; then
        machine+=" swap=$swap"
        machine_options+=(--swap "$swap")
    fi
}

# start_resident OPTION=VALUE...
start_resident() {
    if [ ! -r /proc/self/stat ] || ! command -v setsid >/dev/null; then
        echo "run/spin start: a resident kernel needs Linux, with /proc and setsid (util-linux)." >&2
        exit 2
    fi
    local machine machine_options asked=$*
    machine "$@"
    prepare
    (umask 077 && mkdir -p "$runtime") 2>/dev/null
    if ! own_folder; then
        echo "run/spin start: $runtime is not a folder of yours: remove it, or set XDG_RUNTIME_DIR to one that is." >&2
        exit 70
    fi
    if [ -n "$(find "$runtime" -maxdepth 0 -perm /077)" ]; then
        echo "run/spin start: $runtime is open to others: chmod 700 $runtime" >&2
        exit 70
    fi
    locked "$runtime" start_locked
    exit
}

start_locked() {
    local pid ticks log=$runtime/kernel.log socket=$runtime/socket
    if runs; then
        if same_build; then
            echo "a resident kernel runs already: pid ${kernel[0]}, ${kernel[2]}, $socket"
            [ -n "$asked" ] && [ "${kernel[2]}" != "$machine" ] || return 0
            echo "run/spin start: it is not $machine; run/spin stop ends it." >&2
            return 1
        fi
        echo "run/spin start: a resident kernel of another build runs: pid ${kernel[0]}; run/spin stop ends it." >&2
        return 1
    fi
    umask 077
    rm -f "$socket" "$runtime"/{kernel,said-*}
    : >"$log"
    more_options
    # In a session of its own, so that no terminal's signals reach it; without a umask, for each program has one.
    (
        cd / && umask 0 && exec 9>&- 3<&-
        exec setsid env LC_ALL=C.UTF-8 "$jdk/bin/java" ${cache:+-XX:AOTCache="$cache"} "${options[@]}" \
            -Dspin.alpha.archive="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/spin/translations" \
            -cp "$classpath" run.launcher.Main "$home" "$assembly" 0 - "${machine_options[@]}" serve "$socket" "$log"
    ) </dev/null >>"$log" 2>&1 &
    pid=$!
    while [ ! -S "$socket" ]; do
        if ! kill -0 "$pid" 2>/dev/null; then
            tail -5 "$log" >&2
            echo "run/spin start: the machine does not start: see above and $log." >&2
            return 70
        fi
        sleep 0.05
    done
    ticks "$pid"
    printf '%s\n' "$pid" "$ticks" "$machine" "$home" "$jdk" \
        "$assembly/aot-client-${cache##*/aot-}" >"$runtime/kernel.new" && mv "$runtime/kernel.new" "$runtime/kernel"
    # What a program's start needs has been done once then, so that the first one starts as fast as others.
    runs && (client rehearse "$assembly/smallest") </dev/null >/dev/null 2>>"$log"
    echo "started: pid $pid, $machine, $socket"
}

# stop_resident [SECONDS]
stop_resident() {
    if ! runs; then
        echo "no resident kernel runs"
        exit 0
    fi
    (client stop "$@") || exit $?
    local patience=600
    while lives; do
        sleep 0.05
        if ((patience-- == 0)); then
            echo "run/spin stop: process ${kernel[0]} does not end: kill -9 ${kernel[0]}" >&2
            exit 70
        fi
    done
    rm -f "$runtime"/{kernel,socket}
    exit 0
}
