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

