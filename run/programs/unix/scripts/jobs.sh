# Background jobs, wait, signals and traps, exit status of what was killed.
PATH=${TOOLS:-$PATH}
sleep 0.2 & wait $!; echo "waited $?"
(exit 7) & wait $!; echo "job $?"
sh -c 'kill -9 $$' & wait $!; echo "killed $?"
for i in 1 2 3 4 5 6 7 8; do (sleep 0.1; exit $i) & done; wait; echo "all $?"
trap 'echo caught' TERM; kill -TERM $$; echo after
trap '' TERM; kill -TERM $$; echo ignored
trap - TERM; sh -c 'kill -TERM $$; echo not here'; echo "term $?"
(trap 'echo in child; exit 5' INT; kill -INT $(sh -c 'echo $PPID')); echo "child $?"
sleep 100 & pid=$!; kill $pid; wait $pid; echo "sleeper $?"
f() { trap 'echo leaving' EXIT; echo inside; }; (f); echo outside
trap 'echo bye' EXIT
exec 3> log; echo kept >&3; exec 3>&-; cat log; rm log
set -e; false || echo "goes on"; (false; echo no) || echo "left"
