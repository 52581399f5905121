# Sourced by the scripts of this folder: finds a JDK 25.
#
# find_jdk: prints the home of a JDK whose major version is 25; fails if there is none. Looks, in this order, at
# SPIN_JAVA_HOME, JAVA_HOME, the places where package managers put JDKs, and the java on the PATH. No JVM is
# started: a JDK says its version in the file `release`.

JDK_MAJOR=25

is_jdk() { # HOME
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    local line
    while IFS= read -r line; do
        case $line in
        JAVA_VERSION=\"$JDK_MAJOR\" | JAVA_VERSION=\"$JDK_MAJOR[.+-]*) return 0 ;;
        esac
    done <"$1/release"
    return 1
}

find_jdk() {
    local home java
    for home in "${SPIN_JAVA_HOME:-}" "${JAVA_HOME:-}" \
        /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
        "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* "${HOME:-/nonexistent}"/.local/share/mise/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if [ -n "$home" ] && is_jdk "$home"; then
            printf '%s\n' "$home"
            return 0
        fi
    done
    java=$(command -v java) || return 1
    java=$(readlink -f "$java" 2>/dev/null) || return 1
    home=${java%/bin/java}
    is_jdk "$home" && printf '%s\n' "$home"
}

# require_jdk: sets jdk, or says what to install and ends with status 2.
require_jdk() {
    if ! jdk=$(find_jdk); then
        cat >&2 <<TXT
$1: needs a JDK $JDK_MAJOR and found none.
  Install one: Debian and Ubuntu: apt-get install openjdk-$JDK_MAJOR-jdk or temurin-$JDK_MAJOR-jdk;
  Fedora: dnf install java-$JDK_MAJOR-openjdk-devel; macOS: brew install openjdk@$JDK_MAJOR.
  If one is installed where it is not looked for, say SPIN_JAVA_HOME=/path/to/jdk.
TXT
        exit 2
    fi
}

# more_options: adds the words of SPIN_JVM to the JVM's options; quotes hold words together as in a shell, nothing is expanded.
more_options() {
    local word words
    [ -n "${SPIN_JVM:-}" ] || return 0
    if ! words=$(printf '%s' "$SPIN_JVM" | xargs -n 1 printf '%s\n' 2>/dev/null); then
        echo "run/spin: a quote in SPIN_JVM is not closed: $SPIN_JVM" >&2
        exit 2
    fi
    while IFS= read -r word; do
        options+=("$word")
    done <<<"$words"
}
