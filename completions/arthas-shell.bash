_arthas_shell_completion() {
    local IFS=$'\n' answer value is_line=
    COMPREPLY=()
    for answer in $(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
        _ARTHAS_SHELL_COMPLETE=bash_complete "$1" 2>/dev/null); do
        case $answer in
            plain,*)
                printf -v value %q "${answer#plain,}"
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

