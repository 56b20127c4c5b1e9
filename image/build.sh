#!/usr/bin/env bash
# Builds the container image where no container daemon is, and hands it to check.sh, which starts it.
# Needs root, a Debian and its mirror; whatever tool is missing it installs. All it makes is below .build/image.
set -euo pipefail
cd "$(dirname "$0")/.."

SCRATCH="$PWD/.build/image"
BASE=localhost/consent-gateway-base
IMAGE=localhost/consent-gateway
PYTHON="${PYTHON:-python3}"
DEBIAN=bookworm # the first Debian whose own Python the gateway runs on
export BUILDAH_ISOLATION=chroot SCRATCH IMAGE PYTHON

say() { echo "image: $*"; }
fail() { echo "image: $*" >&2; exit 1; }
in_store() { buildah --root "$SCRATCH/store" --runroot "$SCRATCH/run" --storage-driver vfs "$@"; }

install_tools() {
  local missing=()
  for tool in buildah debootstrap; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  if [ "${#missing[@]}" -eq 0 ]; then return; fi
  command -v apt-get >/dev/null || fail "install ${missing[*]} first, or build with: docker build --tag consent-gateway ."
  say "installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends "${missing[@]}" >"$SCRATCH/apt.log" 2>&1 \
    || { cat "$SCRATCH/apt.log"; fail "could not install ${missing[*]}"; }
}

# The mirror is the one this machine's own packages come from.
mirror() {
  local wanted=('Created-By: Packages' "Codename: $DEBIAN" 'Component: main' 'Origin: Debian')
  apt-get indextargets --format '$(REPO_URI)' "${wanted[@]}" 2>/dev/null | head -n 1
}

make_base() {
  if in_store images --quiet "$BASE" >/dev/null 2>&1; then return; fi
  local found container
  found="$(mirror)"
  if [ -z "$found" ]; then apt-get update -qq; found="$(mirror)"; fi
  say "making the base: a bare Debian"
  rm -rf "$SCRATCH/debian"
  # Without a mirror of its own debootstrap takes Debian's.
  debootstrap --variant=minbase "$DEBIAN" "$SCRATCH/debian" $found >"$SCRATCH/debootstrap.log" 2>&1 \
    || { tail -n 20 "$SCRATCH/debootstrap.log"; fail "could not make the base"; }
  rm -rf "$SCRATCH"/debian/var/cache/apt/archives/*.deb "$SCRATCH"/debian/var/lib/apt/lists/* "$SCRATCH"/debian/var/log/*.log
  container="$(in_store from scratch)"
  in_store copy --quiet "$container" "$SCRATCH/debian" / >/dev/null
  in_store commit --quiet --rm "$container" "$BASE" >/dev/null
  rm -rf "$SCRATCH/debian"
}

# How this machine reaches its packages: mounted while building, in no layer.
write_secrets() {
  local key variable value cert
  echo "[global]" >"$SCRATCH/pip.conf"
  for key in index-url extra-index-url trusted-host proxy default-timeout; do
    variable="PIP_$(echo "$key" | tr 'a-z-' 'A-Z_')"
    value="${!variable:-$("$PYTHON" -m pip config get "global.$key" 2>/dev/null || true)}"
    if [ -n "$value" ]; then echo "$key = $value" >>"$SCRATCH/pip.conf"; fi
  done
  cert="${PIP_CERT:-$("$PYTHON" -m pip config get global.cert 2>/dev/null || true)}"
  cert="${cert:-/etc/ssl/certs/ca-certificates.crt}"
  cat "$cert" >"$SCRATCH/ca.crt" 2>/dev/null || rm -f "$SCRATCH/ca.crt"
}

build() {
  local version secrets
  version="$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)"
  secrets=(--secret "id=pip_conf,src=$SCRATCH/pip.conf")
  if [ -f "$SCRATCH/ca.crt" ]; then secrets+=(--secret "id=ca_bundle,src=$SCRATCH/ca.crt"); fi
  say "building $IMAGE:$version"
  in_store bud --quiet --format docker --pull-never "${secrets[@]}" --build-arg "BASE_IMAGE=$BASE" \
    --build-arg "VERSION=$version" --tag "$IMAGE:$version" --tag "$IMAGE:latest" . >"$SCRATCH/build.log" 2>&1 \
    || { cat "$SCRATCH/build.log"; fail "could not build the image"; }
  say "built $IMAGE:$version; keep it with: buildah --root .build/image/store --storage-driver vfs push $IMAGE docker-archive:gateway.tar"
}

[ "$(id -u)" -eq 0 ] || fail "needs root to make and start an image; elsewhere: docker build --tag consent-gateway ."
umask 022
mkdir -p "$SCRATCH"
trap 'rm -f "$SCRATCH/pip.conf" "$SCRATCH/ca.crt"' EXIT
install_tools
make_base
write_secrets
build
image/check.sh
