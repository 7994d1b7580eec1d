#!/bin/sh
# Makes this machine ready for the portal: system packages, .venv, var/ and its secret key.
# Usage: scripts/setup.sh [run|dev]     `dev` adds what tests and checks need. A second run takes well under a second.
set -eu
cd "$(dirname "$0")/.."
KIND=${1:-run}

RUN_PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
DEV_PACKAGES="chromium poppler-utils qpdf redis-server postgresql"

say() { printf '%s\n' "setup: $*"; }
stop() { printf '%s\n' "setup: $*" >&2; exit 1; }

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

newer_fonts() { # later Debians keep version 2, which has the Vietnamese letters, under the older name
    installed fonts-liberation &&
        dpkg --compare-versions "$(dpkg-query -W -f='${Version}' fonts-liberation)" ge 1:2
}

find_python() { # prints a Python of at least 3.11 that can make environments
    # The system's own first: one built by hand mostly lacks profile-guided optimisation and is a quarter slower.
    for candidate in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

missing_packages() {
    wanted="$RUN_PACKAGES"
    [ "$KIND" = dev ] && wanted="$wanted $DEV_PACKAGES"
    for package in $wanted; do
        installed "$package" || printf '%s ' "$package"
    done
    installed fonts-liberation2 || newer_fonts || printf 'fonts-liberation2 '
    if [ ! -x .venv/bin/python ] && [ -z "$(find_python)" ]; then
        printf 'python3 python3-venv '
    fi
}

apt() { # runs apt-get as root, quietly; its own words are shown only when it fails
    log=$(mktemp)
    if ! $SUDO env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        stop "apt-get $1 failed (above)."
    fi
    rm -f "$log"
}

install_packages() {
    command="sudo apt-get update && sudo apt-get install --no-install-recommends $*"
    if [ "$(id -u)" = 0 ]; then
        SUDO=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        SUDO="sudo"
    else
        stop "some Debian packages are missing and this account may not install them. Run:
    $command
then start again."
    fi
    say "installing Debian packages: $*"
    apt update
    if ! apt-cache show fonts-liberation2 >/dev/null 2>&1; then
        # shellcheck disable=SC2046 # a list of names
        set -- $(printf '%s ' "$@" | sed 's/fonts-liberation2/fonts-liberation/')
    fi
    apt install --no-install-recommends "$@"
}

make_environment() {
    python=$(find_python)
    [ -n "$python" ] || stop "Python 3.11 or later is needed; this system has none in its packages."
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
}

install_requirements() { # the file's hashes decide what is installed; everything is pinned, so nothing is resolved
    file=$1
    stamp=".venv/.installed-$file"
    wanted=$(sha256sum "$file")
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return
    fi
    say "installing Python packages of $file"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --require-hashes -r "$file"
    printf '%s\n' "$wanted" >"$stamp"
}

make_var() {
    mkdir -p var
    chmod 700 var
    if [ ! -s var/secret.key ]; then
        (umask 077 && .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))' >var/secret.key)
        say "wrote a new secret key into var/secret.key"
    fi
}

mkdir -p var
exec 9>var/.setup.lock
flock 9

if command -v dpkg-query >/dev/null; then
    missing=$(missing_packages)
    # shellcheck disable=SC2086 # a list of names
    [ -z "$missing" ] || install_packages $missing
else
    say "this is not Debian: Pango, HarfBuzz, fontconfig and Liberation fonts 2 must be here already."
fi
.venv/bin/python -c '' 2>/dev/null || make_environment
case $KIND in
    run) install_requirements requirements.txt ;;
    dev)
        install_requirements requirements.txt
        install_requirements requirements-dev.txt
        ;;
    *) stop "usage: scripts/setup.sh [run|dev]" ;;
esac
make_var
