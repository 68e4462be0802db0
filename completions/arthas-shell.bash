_arthas_shell_completion() {
    local IFS=$'\n' answer value
    COMPREPLY=()
    for answer in $(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
        _ARTHAS_SHELL_COMPLETE=bash_complete "$1" 2>/dev/null); do
        case $answer in
            plain,*)
                printf -v value %q "${answer#plain,}"
                COMPREPLY+=("$value") ;;
            file,*)
                compopt -o default 2>/dev/null ||
                    COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")) ;;
        esac
    done
}

complete -o nosort -F _arthas_shell_completion arthas-shell 2>/dev/null ||
    complete -F _arthas_shell_completion arthas-shell

