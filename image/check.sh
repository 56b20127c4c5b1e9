#!/usr/bin/env bash
# Starts the built image as it is meant to run: nobody's user, a read-only root, /data and /tmp to write to.
# Mounts and processes live in namespaces of their own and end with this script; started.py says what must hold.
set -euo pipefail

: "${SCRATCH:?is set by build.sh}" "${IMAGE:?is set by build.sh}"
HERE="$(cd "$(dirname "$0")" && pwd)"
PYTHON="${PYTHON:-python3}"

in_store() { buildah --root "$SCRATCH/store" --runroot "$SCRATCH/run" --storage-driver vfs "$@"; }

# Runs in the new namespaces: $1 is the image's file tree, $2 the folder the container is put together in.
start() {
  local tree="$1" root="$2" device
  mount --bind "$tree" "$root"
  mount -o remount,bind,ro "$root"
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=1777,size=64m tmpfs "$root/tmp"
  mount -t tmpfs -o mode=0700,uid=10001,gid=10001,size=256m tmpfs "$root/data"
  mount -t tmpfs -o mode=0755,size=1m tmpfs "$root/dev"
  for device in null zero full random urandom; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  exec "$PYTHON" "$HERE/started.py" "$root" "$SCRATCH/image.json"
}

if [ "${1:-}" = start ]; then
  start "$2" "$3"
fi

container="$(in_store from --pull-never "$IMAGE:latest")"
root="$(mktemp -d "$SCRATCH/container.XXXXXX")"
trap 'in_store rm "$container" >/dev/null; rmdir "$root"; rm -f "$SCRATCH/image.json"' EXIT
tree="$(in_store mount "$container")"
in_store inspect --type image "$IMAGE:latest" >"$SCRATCH/image.json"
unshare --mount --pid --fork --kill-child --propagation private -- "$HERE/check.sh" start "$tree" "$root"
