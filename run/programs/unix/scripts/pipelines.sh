# Pipelines, substitutions, here-documents, status of what is piped.
PATH=${TOOLS:-$PATH}
echo hello | tr a-z A-Z
for i in 1 2 3; do echo $i; done | sort -r | head -n 2
x=$(seq 1 100 | awk '{s += $1} END {print s}'); echo "sum $x"
cat <<EOF | sed 's/o/0/g' | md5sum
foo $(echo boo | rev)
EOF
{ echo out; echo err >&2; } 2>&1 | sort
yes | head -n 3
seq 1 20000 | grep 7 | wc -l
seq 1 5000 | sort -rn | uniq | cksum
(exit 3); echo "status $?"
false | true; echo "piped $?"
! true; echo "not $?"
ls /nonexistent 2>/dev/null || echo "no such"
seq 1 10 | while read -r n; do [ $((n % 3)) = 0 ] && echo "by three: $n"; done
echo a b c | (read -r x y; echo "$y $x")
printf '%s\n' one two three | xargs -n 1 echo item
dd if=/dev/zero bs=1000 count=100 2>/dev/null | sha256sum
sh -c 'echo $0 $1 $#' name first second
