#!/usr/bin/env bash
# Installs the OpenSSH server that the tests of ssh:// start for themselves, where a Debian has none.
set -eu
test ! -x /usr/sbin/sshd || exit 0
if ! command -v apt-get >/dev/null; then
    echo "install an OpenSSH server: the tests of ssh:// need /usr/sbin/sshd" >&2
    exit 0
fi
as_root=""
test "$(id -u)" -eq 0 || as_root="sudo -n"
# Nobody else is to be served: with this runlevel its own service is not started.
$as_root apt-get update -qq </dev/null >&2
$as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends openssh-server </dev/null >&2
