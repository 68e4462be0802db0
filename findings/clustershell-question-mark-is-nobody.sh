#!/usr/bin/env bash
# ClusterShell: a name with `?` or `*` in it makes an empty NodeSet, and no error.
#
# One would guess: a NodeSet of one word holds that word, or the word is refused.
# What happens: with the default resolver both signs are wildcards over all nodes that the groups
# name, and where none fits, nothing is left: `NodeSet("http://shop/?app=web")` has no node, so that
# a command for it would run nowhere and be told as done. `resolver=RESOLVER_NOGROUP` keeps the word.
# Seen with ClusterShell 1.10.1 on CPython 3.11, Linux.
# Source: ClusterShell/NodeSet.py, `ParsingEngine`, where wildcards are expanded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'ClusterShell==1.10.1'
cat >"$folder/try.py" <<'PYTHON'
from importlib.metadata import version

from ClusterShell.NodeSet import RESOLVER_NOGROUP, NodeSet

print("ClusterShell", version("ClusterShell"))
for word in ("web[1-2]", "web?", "http://shop/?app=web"):
    print(f"{word}: {[*NodeSet(word)]}, without groups {[*NodeSet(word, resolver=RESOLVER_NOGROUP)]}")
PYTHON
HOME=$folder XDG_CONFIG_HOME=$folder "$folder/venv/bin/python" "$folder/try.py" | tee "$folder/said"
grep -qxF "web[1-2]: ['web1', 'web2'], without groups ['web1', 'web2']" "$folder/said"
grep -qxF "web?: [], without groups ['web?']" "$folder/said"
grep -qxF "http://shop/?app=web: [], without groups ['http://shop/?app=web']" "$folder/said"
