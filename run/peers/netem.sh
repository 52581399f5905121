#!/bin/sh
# The first and only program of a User Mode Linux that is a bad wire: what comes in at one of vec0 and vec1 goes out at the other, through
# whatever `tc qdisc` was told to put there. Commands come on standard input, a line each; after each a line says how it ended.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in sch_netem sch_ingress cls_matchall act_mirred; do
    insmod "/usr/lib/uml/modules/$(uname -r)/kernel/net/sched/$module.ko"
done
for pair in "vec0 vec1" "vec1 vec0"; do
    # shellcheck disable=SC2086
    set -- $pair
    # what the device joins or leaves to be cut would be lost, delayed and damaged as one
    ethtool -K "$1" gro off gso off tso off tx off
    ip link set "$1" up promisc on
    tc qdisc add dev "$1" ingress
    tc filter add dev "$1" parent ffff: matchall action mirred egress redirect dev "$2"
done
echo "netem: ready"
while read -r line; do
    eval "$line"
    echo "netem: status $?"
done
halt -f -p
