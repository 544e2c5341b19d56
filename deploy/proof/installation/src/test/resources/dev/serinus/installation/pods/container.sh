#!/bin/sh
# Runs a command with a file system of its own, as in a container: nothing is there but what is mounted, and nothing can be written but
# what is mounted so. Arguments: an empty folder; a file with a line for each mount (rw or ro, what, where); a user's number, or
# nothing to stay what the namespace makes of us; the command. It becomes the command, so that signals reach it.
set -eu
root=$1
mounts=$2
user=$3
shift 3

mount --make-rprivate /
mount -t tmpfs -o mode=755 none "$root"
for folder in /bin /sbin /lib /lib64; do
  [ ! -L "$folder" ] || ln -s "$(readlink "$folder")" "$root$folder"
done
while read -r mode what where; do
  if [ -d "$what" ]; then
    mkdir -p "$root$where"
  else
    mkdir -p "$(dirname "$root$where")"
    : >"$root$where"
  fi
  mount --rbind "$what" "$root$where"
  [ "$mode" = rw ] || mount -o remount,bind,ro "$root$where"
done <"$mounts"
mkdir -p "$root/proc" "$root/dev"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -o remount,ro "$root"

# As allowPrivilegeEscalation: false and capabilities: {drop: [ALL]} say.
if [ -n "$user" ]; then
  exec chroot "$root" /usr/bin/setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
fi
exec chroot "$root" /usr/bin/setpriv --no-new-privs "$@"
