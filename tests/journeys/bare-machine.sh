#!/usr/bin/env bash
# Tries a clone on a machine that has nothing: tests/journeys/bare-machine.sh CLONE [COMMAND…]
#   CLONE    the folder of a git clone; its last commit is cloned again inside, without build/ and node_modules/
#   COMMAND  what to run there (default: ./run --headless), through bash -c, in the folder of the clone
# The machine is a debootstrap minbase of Debian 12, entered with pivot_root (a plain chroot breaks bubblewrap), with process
# numbers of its own, so that nothing started inside outlives it. apt and npm reach their registries as this machine does.
# Needs root, debootstrap and 4 GB below ${BARE_DIR:-/var/tmp/slipway-bare}. KEEP=1 leaves the tree there to look at or,
# with REUSE=1, to use again.
set -euo pipefail

die() { printf 'bare-machine: %s\n' "$*" >&2; exit 2; }

[ $# -ge 1 ] || die "Which clone? Usage: $0 CLONE [COMMAND…]"
[ "$(id -u)" = 0 ] || die "Needs root, for debootstrap and pivot_root."
clone=$(realpath -e -- "$1")
shift
command=${*:-./run --headless}
folder=${BARE_DIR:-/var/tmp/slipway-bare}
base=$folder/base
root=$folder/root

if [ ! -e "$base/.complete" ]; then
    command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"
    mirror=${MIRROR:-$(sed -n -E 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p; s/^deb (\[[^]]*\] )?([^[:space:]]+).*/\2/p' \
        /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list 2>/dev/null | head -n 1)}
    rm -rf "$base"
    mkdir -p "$base"
    debootstrap --variant=minbase bookworm "$base" ${mirror:+"$mirror"} >"$folder/debootstrap.log" 2>&1 \
        || die "debootstrap failed: see $folder/debootstrap.log"
    touch "$base/.complete"
fi

remove() { rm -rf --one-file-system "$root"; }
[ "${KEEP:-0}" = 1 ] || trap remove EXIT
if [ "${REUSE:-0}" != 1 ] || [ ! -d "$root" ]; then
    remove
    cp -a "$base" "$root"
fi

# The way to the registries, as it is configured here.
for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/trusted.gpg.d /etc/apt/keyrings /etc/apt/auth.conf.d \
    /etc/resolv.conf /etc/hosts /etc/ssl/certs /usr/local/share/ca-certificates; do
    [ -e "$path" ] || continue
    rm -rf "${root:?}$path"
    mkdir -p "$root$(dirname "$path")"
    cp -aL "$path" "$root$path" 2>/dev/null || cp -a "$path" "$root$path"
done
for path in /etc/apt/apt.conf.d/*; do
    grep -qiE 'Acquire::(http|https|Check|Proxy|Retries|IndexTargets)' "$path" && cp "$path" "$root/etc/apt/apt.conf.d/"
done
environment=(
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}"
)
registry=$(npm config get registry 2>/dev/null || true)
[ -z "$registry" ] || environment+=("npm_config_registry=$registry")
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY NODE_EXTRA_CA_CERTS FUZZ_RUNS; do
    [ -z "${!name:-}" ] || environment+=("$name=${!name}")
done

rm -rf "$root/clone"
git -c safe.directory='*' clone -q --no-hardlinks "$clone" "$root/clone"

# shellcheck disable=SC2016
exec_inside='
set -e
root=$1
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t tmpfs tmpfs "$root/run"
mkdir -p "$root/.old"
cd "$root"
pivot_root . .old
umount -l /.old
rmdir /.old
cd /clone
shift
exec env -i "$@"
'
status=0
unshare --mount --propagation private --pid --fork --kill-child bash -c "$exec_inside" inside "$root" \
    "${environment[@]}" bash -c "$command" || status=$?
echo "bare-machine: '$command' ended with $status"
exit $status
