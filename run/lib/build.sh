# Sourced by the scripts of this folder: builds what is missing or older than its sources.

# newer_than STAMP FOLDER...: whether a source file was changed after STAMP was made, tests left out. Each run looks.
newer_than() {
    local stamp=$1
    shift
    [ -e "$stamp" ] || return 0
    [ -n "$(find "$@" \( -name target -o -name test \) -prune -o -type f -newer "$stamp" -print -quit 2>/dev/null)" ]
}

# note TEXT: a line of progress, for a person.
note() {
    [ -n "${SPIN_QUIET:-}" ] || echo "$1" >&2
}

# patiently TEXT COMMAND...: runs a command that takes long; on a terminal TEXT is shown with the seconds that went by.
patiently() {
    local text=$1 pid
    shift
    if [ -n "${SPIN_QUIET:-}" ] || [ ! -t 2 ]; then
        note "$text ..."
        "$@"
        return
    fi
    local parent=$BASHPID
    (
        exec 9>&- # the lock is not its own, and it may outlive who has it: Ctrl-\ is nothing to what runs behind
        since=$SECONDS
        while kill -0 "$parent" 2>/dev/null; do
            printf '\r%s ... %d s ' "$text" $((SECONDS - since)) >&2
            sleep 1
        done
    ) &
    pid=$!
    # shellcheck disable=SC2064
    trap "kill $pid 2>/dev/null" EXIT
    "$@"
    local status=$?
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    trap - EXIT
    printf '\r\033[K' >&2
    return $status
}

# locked FOLDER COMMAND...: runs a command while no other script of ours builds in that folder.
locked() {
    local folder=$1
    shift
    mkdir -p "$folder"
    (
        command -v flock >/dev/null && flock 9
        "$@"
    ) 9>"$folder/.lock"
}

# give_maven_jdk: tells Maven of the JDK that was found, wherever it is; Maven itself runs on what it runs on.
give_maven_jdk() {
    export JAVA25_HOME=$jdk
    command -v java >/dev/null || export JAVA_HOME=${JAVA_HOME:-$jdk}
}

# maven ARGS...: runs Maven; its output is shown only when it fails.
maven() {
    local log
    if ! command -v mvn >/dev/null; then
        echo "Building needs Maven: apt-get install maven (Debian, Ubuntu), brew install maven (macOS)." >&2
        return 2
    fi
    give_maven_jdk
    log=$(mktemp)
    if ! (cd "$home" && mvn -q -ntp "$@") >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        echo "The build failed: see above." >&2
        return 1
    fi
    rm -f "$log"
}
