#!/bin/sh
# Proves the two commands on a machine where nothing is installed: a fresh Debian root with a clean clone in it.
#
#   tests/acceptance/bare-root.sh [interrupt] [up] [offline] [test] [identity] [failures]     (default: up offline)
#
#   interrupt Ctrl-C while system packages are installed; `up` afterwards shows that nothing is in the way
#   up        ./jz up --detach until /readyz answers and the pages can be read, then ./jz down
#   offline   a second ./jz up without any network
#   test      ./jz test
#   identity  the same `up` where user namespaces are refused, so that PostgreSQL runs as the user postgres
#   failures  what may go wrong with ./jz up (failures.py), after `up`
#
# Needs root, debootstrap, git and util-linux. Slow (minutes) and not part of ./jz test. Where packages come from is copied from
# this machine: apt's sources and keys, pip's and npm's configuration, certificates, names. The root is entered by pivot_root in a mount
# namespace and never by chroot, inside which the kernel refuses the user namespaces that PostgreSQL needs under root.
# The network is the host's; processes end with the script. SUITE and JZ_BARE choose the release and the folder.
# shellcheck disable=SC1091,SC2016  # the release file is the system's own; scripts for the inner shell stand in single quotes
set -eu

of_this_machine=$(. /etc/os-release && echo "$VERSION_CODENAME")
suite=${SUITE:-$of_this_machine}
work=${JZ_BARE:-/var/tmp/jingzhong-bare}
root=$work/root
base=$work/base-$suite.tar
here=$(cd "$(dirname "$0")/../.." && pwd)
port=${JZ_PORT:-8765}
wanted=${*:-up offline}

note() { printf '\n== %s\n' "$*"; }
fail() {
    printf 'bare-root: %s\n' "$*" >&2
    exit 1
}

copy_in() {
    for path in "$@"; do
        [ -e "$path" ] || continue
        mkdir -p "$root$(dirname "$path")"
        cp -aL "$path" "$root$(dirname "$path")/"
    done
}

make_base() {
    [ -e "$base" ] && return 0
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
    note "debootstrap $suite"
    rm -rf "$root"
    debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
        fail "debootstrap failed, see $work/debootstrap.log"
    tar -C "$root" -cf "$base.part" . && mv "$base.part" "$base"
}

make_root() {
    mkdir -p "$work"
    make_base
    rm -rf "$root"
    mkdir -p "$root"
    tar -C "$root" -xpf "$base"
    rm -rf "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d"
    copy_in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf /etc/apt/apt.conf.d /etc/apt/auth.conf.d \
        /etc/apt/keyrings /etc/apt/trusted.gpg.d /usr/share/keyrings /etc/ssl/certs/ca-certificates.crt \
        /etc/pip.conf /etc/xdg/pip "$HOME/.config/pip" "$HOME/.pip" "$HOME/.npmrc" /etc/resolv.conf /etc/hosts
    # The sources are this machine's; a root of another release asks for its own.
    find "$root/etc/apt" -name '*.list' -o -name '*.sources' | while IFS= read -r file; do
        sed -i "s/\b$of_this_machine\b/$suite/g" "$file"
    done
    # Installing ca-certificates makes the bundle anew; what this machine trusts beyond Debian's list must come through that.
    mkdir -p "$root/usr/local/share/ca-certificates"
    cp /etc/ssl/certs/ca-certificates.crt "$root/usr/local/share/ca-certificates/of-this-machine.crt"
    git clone --quiet --no-hardlinks "$here" "$root/srv/jingzhong"
}

# Only what tells where packages come from; nothing else of this machine's environment reaches the fresh one.
package_environment() {
    env | grep -E '^(PIP_|UV_|SSL_CERT_|npm_config_|NODE_EXTRA_CA_CERTS=|CURL_CA_BUNDLE=|REQUESTS_CA_BUNDLE=|(https?|no)_proxy=|(HTTPS?|NO)_PROXY=)' || true
}

# Run a script inside the root: its own mounts and processes, the host's network.
inside() {
    printf '%s\n' "$1" >"$root/inside.sh"
    printf '%s\n' "$start" >"$root/start.sh"
    package_environment >"$root/environment"
    unshare --mount --pid --fork --ipc --uts sh -euc '
        root=$1 port=$2
        mount --bind "$root" "$root"
        cd "$root"
        mkdir -p old
        mount -t proc proc proc
        mount --rbind /sys sys
        mount --rbind /dev dev
        mount -t tmpfs tmpfs tmp
        mount -t tmpfs tmpfs run
        pivot_root . old
        cd /
        umount -l /old
        set --
        while IFS= read -r line; do set -- "$@" "$line"; done </environment
        exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
            JZ_PORT="$port" "$@" sh -eu /inside.sh
    ' sh "$root" "$port" </dev/null
}

start='cd /srv/jingzhong
began=$(date +%s)
./jz up --detach
echo "== up took $(($(date +%s) - began)) s"
for page in readyz "" exposures feeds/exposures.atom m/v1/config m/v1/towns; do
    python3 -c "import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=10).read()" "http://127.0.0.1:$JZ_PORT/$page"
    echo "== /$page answers 200"
done
./jz status
./jz down'

# bash gives a job a group of its own even without a terminal, so that Ctrl-C reaches all of it.
interrupt='set -m
cd /srv/jingzhong
./jz up --detach >/said 2>&1 &
until grep -q ^Unpacking .local/log/install.log 2>/dev/null; do sleep 0.2; done
sleep 5
kill -INT -- "-$!"
if wait "$!"; then echo "it went on"; exit 1; fi
cat /said
echo "== half-installed packages: $(dpkg --audit | grep -c "^ ")"'

make_root
for step in $wanted; do
    case $step in
        up)
            note "./jz up on a bare $suite"
            inside "! command -v python3 && ! command -v psql && ! command -v redis-server
$start"
            ;;
        offline)
            note "./jz up again, without a network"
            inside "exec unshare --net sh -eu -c '
python3 -c \"
import fcntl, socket, struct
wire = socket.socket()
fcntl.ioctl(wire, 0x8914, struct.pack(\\\"16sh14x\\\", b\\\"lo\\\", 0x41))\"
sh -eu /start.sh'"
            ;;
        interrupt)
            note "Ctrl-C while system packages are installed"
            inside "exec bash -euc '$interrupt'"
            ;;
        test)
            note "./jz test"
            inside 'cd /srv/jingzhong && began=$(date +%s) && CI=true bash .ci/run && echo "== test took $(($(date +%s) - began)) s"'
            ;;
        identity)
            note "./jz up where user namespaces are refused"
            inside "mkdir -p /refused && printf '#!/bin/sh\nexit 1\n' >/refused/unshare && chmod +x /refused/unshare
export PATH=/refused:\$PATH
cd /srv/jingzhong && if [ -e .local ]; then ./jz reset --yes; fi
$start
ls -ld /var/tmp/jingzhong-*/data
./jz reset --yes"
            ;;
        failures)
            note "what may go wrong"
            inside 'cd /srv/jingzhong && python3 -m tests.acceptance.failures'
            ;;
        *) fail "unknown step $step" ;;
    esac
done
note "all of it worked: $wanted"
