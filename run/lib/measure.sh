# Sourced by run/bench and run/soak, which set `driver`: builds run/measure if it is older than its sources, and runs it.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P) || exit 2
. "$home/run/lib/jdk.sh"
. "$home/run/lib/build.sh"
command=run/${0##*/}
require_jdk "$command"

target=$home/run/measure/target
stamp=$target/measure/built
# what is measured in the drivers' own child machines, and the drivers
sources=("$home"/{pom.xml,bnd.bnd,cnf,kernel.core,kernel.ext.net,kernel.ext.sched,hw.alpha,run/measure})

build_drivers() {
    newer_than "$stamp" "${sources[@]}" || return 0 # another driver has built them
    patiently "Building the measuring drivers" \
        maven package -Dmaven.test.skip -Dformatter.skip -Dcheckstyle.skip -pl run/measure -am && touch "$stamp"
}

if newer_than "$stamp" "${sources[@]}"; then
    locked "$target" build_drivers || exit 2
fi
terminal=false
[ -t 2 ] && terminal=true
exec "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
    -Dmeasure.home="$home" -Dmeasure.terminal=$terminal \
    -cp "$target/run.measure-0.1.0-SNAPSHOT.jar" "run.measure.$driver" "$@"
