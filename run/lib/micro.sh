# Sourced by run/jmh and run/stress: builds run/micro if it is older than its sources, and says how to run it:
# `micro MAIN ARGS...`.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P) || exit 2
. "$home/run/lib/jdk.sh"
. "$home/run/lib/build.sh"
require_jdk "run/${0##*/}"

target=$home/run/micro/target
stamp=$target/micro/built
sources=("$home"/{pom.xml,bnd.bnd,cnf,kernel.core,kernel.ext.sched,kernel.ext.vm,kernel.ext.net,hw.alpha,run/micro})

build_micro() {
    newer_than "$stamp" "${sources[@]}" || return 0 # another script has built it
    patiently "Building run/micro" \
        maven package -Dmaven.test.skip -Dformatter.skip -Dcheckstyle.skip -pl run/micro -am && touch "$stamp"
}

if newer_than "$stamp" "${sources[@]}"; then
    locked "$target" build_micro || exit 2
fi

micro() {
    export MICRO_DISPATCHER=$target/micro/bundles/kernel.core.dispatcher.jar
    exec "$jdk/bin/java" -XX:+UseSerialGC --add-opens=java.base/java.net=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
        -cp "$target/classes:$target/micro/lib/*" "$@"
}
