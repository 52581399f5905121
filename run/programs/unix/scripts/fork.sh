# Many short processes.
PATH=${TOOLS:-$PATH}
i=0
while [ $i -lt 60 ]; do
    x=$(expr $i + 1)
    i=$x
done
echo $i
for i in 1 2 3 4 5 6 7 8 9 10; do sh -c "exit $i"; echo $?; done | tr '\n' ' '; echo
n() { [ $1 -le 0 ] && { echo deep; return; }; (n $(($1 - 1))); }; n 30
