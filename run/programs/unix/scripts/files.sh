# A tree of files: made, archived, compressed, restored, compared.
PATH=${TOOLS:-$PATH}
umask 022
mkdir -p tree/a/b tree/c
for i in $(seq 1 60); do seq 1 $i > tree/a/file$i; done
for i in $(seq 1 20); do echo "$i $i" > tree/a/b/f$i; ln -s ../a/file$i tree/c/link$i; done
find tree -type f | wc -l; find tree -type l | wc -l
tar cf tree.tar tree; mkdir copy; tar xf tree.tar -C copy
(cd tree && find . -type f | sort | xargs cat | md5sum)
(cd copy/tree && find . -type f | sort | xargs cat | md5sum)
diff -r tree copy/tree && echo same
gzip -c tree.tar | gzip -dc | cmp - tree.tar && echo "gzip is right"
cp -r tree second; rm second/a/file7; echo more >> second/a/file8
diff -rq tree/a second/a | sort
mv second third; ls third | sort; ls -d third/a/file1*
chmod 640 third/a/file1; ls -l third/a/file1 | cut -c1-10
sort -n -k 2 third/a/b/f1 third/a/b/f2; awk '{s += $1} END {print s, NR}' third/a/file60
sed -n '5,7p' third/a/file60 | paste -s -d , -
expr 6 \* 7; basename /x/y.c .c; dirname /x/y
rm -r tree copy third tree.tar; ls | wc -l
