"""Scripts that have bash, zsh and fish complete our command line; click answers their questions.

The files in `completions/` are what `make_script` returns. bash has a script of our own: the one of
click needs bash 4.4, and macOS comes with 3.2.
"""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ZshComplete


class LineComplete(BashComplete):
    """Answers bash, and says which words begin a line of Arthas: more is to follow them."""

    def format_completion(self, item: CompletionItem) -> str:
        """Return what the script reads."""
        return f"{'line' if item.begins_line else item.type},{item.value}"


_SCRIPTS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
SHELLS = tuple(_SCRIPTS)
# With this variable set the program answers the shell's question instead of running.
VARIABLE = "_ARTHAS_SHELL_COMPLETE"

_BASH = r"""
_arthas_shell_completion() {
    local IFS=$'\n' answer value is_line= before at_blank word rest=$COMP_LINE at words=()
    # bash parts words at : and = too. What follows the one before without a blank belongs to it.
    for ((at = 0; at <= COMP_CWORD; at++)); do
        word=${COMP_WORDS[at]}
        case $rest in
            [[:blank:]]*|"") at_blank=yes ;;
            *) at_blank= ;;
        esac
        rest=${rest#"${rest%%[![:blank:]]*}"} rest=${rest#"$word"}
        if [ $at = 0 ] || [ -n "$at_blank" ]; then
            words+=("$word")
        else
            words[${#words[@]} - 1]+=$word
        fi
    done
    before=${words[${#words[@]} - 1]%"$word"} before=${before#-*=}
    COMPREPLY=()
    for answer in $(env COMP_WORDS="${words[*]}" COMP_CWORD=$((${#words[@]} - 1)) \
        _ARTHAS_SHELL_COMPLETE=bash_complete "$1" 2>/dev/null); do
        case $answer in
            plain,*)
                value=${answer#plain,}
                printf -v value %q "${value#"$before"}"
                COMPREPLY+=("$value") ;;
            line,*)
                is_line=yes value=${answer#line,}
                COMPREPLY+=("$value") ;;
            file,*)
                compopt -o default 2>/dev/null ||
                    COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")) ;;
        esac
    done
    # A quoted line goes on behind its command: of two values none is taken for the end of it.
    case $is_line${#COMPREPLY[@]}${COMP_WORDS[COMP_CWORD]} in
        yes1[\"\']*) COMPREPLY=("$value " "$value  ") ;;
    esac
}

complete -o nosort -F _arthas_shell_completion arthas-shell 2>/dev/null ||
    complete -F _arthas_shell_completion arthas-shell
"""


def make_script(shell: str) -> str:
    """Return the script for one of `SHELLS`."""
    if shell == "bash":
        return _BASH.lstrip("\n")
    script = _SCRIPTS[shell](click.Command("arthas-shell"), {}, "arthas-shell", VARIABLE)
    return script.source_template % script.source_vars()
