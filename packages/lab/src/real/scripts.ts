/**
 * First process of a real lab, alone in new PID, mount and network namespaces. It builds everything in there and
 * then waits for the end of its standard input, a pipe from the owner. When it ends, for whatever reason, the kernel
 * kills all processes of the namespace and takes the namespaces, mounts and interfaces away: nothing has to be
 * cleaned up, so nothing can be forgotten.
 *
 * The lab's folder appears as /mnt, since its own path may be below one that hosts have for themselves.
 */
export const LAB_SCRIPT = `
set -eu
mount -t tmpfs -o mode=755 scap-lab /run
mkdir /run/netns
mount --bind "$1" /mnt
for which in all default; do echo 1 >/proc/sys/net/ipv6/conf/$which/disable_ipv6 || :; done 2>/dev/null
if [ "$3" = relay ]; then
  perl /mnt/control/relay.pl outer uplink /mnt/control/relay-orders </dev/null >/run/relay 2>&1 &
  until grep -q ready /run/relay; do kill -0 $! || { cat /run/relay >&2; exit 1; }; sleep 0.02; done
fi
echo up
read -r go
cp -a /mnt/upper /mnt/layers /run
ip -batch /mnt/control/network
nft -f /mnt/control/rules
while read -r name cidr; do
  nsenter --net="/run/netns/$name" \\
    unshare --mount --uts --ipc --pid --fork --kill-child --mount-proc \\
    /bin/sh /mnt/control/host.sh "$2" "$name" "$cidr" "$4" </dev/null >>/mnt/control/log 2>&1 &
done </mnt/control/hosts
echo started
cat >/dev/null
if [ "$5" = temporary ]; then
  kill -9 -1
  rm -rf -- "$1"
fi
`;

/**
 * First process of one host. Its mounts are one call, for there may be hundreds of hosts. In the end it only waits:
 * a shell that waits also takes in the exit status of processes that lost their parent.
 */
export const HOST_SCRIPT = `
set -eu
name=$2
echo "$name" >/proc/sys/kernel/hostname
for which in all default; do echo 1 >/proc/sys/net/ipv6/conf/$which/disable_ipv6 || :; done 2>/dev/null
printf '%s\\n' "link set lo up" "addr add $3 dev eth0" "link set eth0 up" | ip -batch -
mount --all --fstab "/mnt/fstab/$name"
umount -l /mnt
cd /
[ -d /srv/deployment ] || { mkdir /srv/deployment; chown "$4" /srv/deployment; }
/usr/sbin/sshd -E /var/log/sshd.log
while :; do sleep 1000000 & wait; done
`;
