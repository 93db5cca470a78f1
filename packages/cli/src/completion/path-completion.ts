import { identifier } from "./completion-entry.ts";

/** The function with which bash completes paths. */
export function bashPaths(program: string): string {
  return `_${identifier(program)}_paths() {
  local what=-f
  if [[ $kind == directories ]]; then what=-d; fi
  compopt -o filenames 2>/dev/null
  while IFS= read -r candidate; do
    word="$before$candidate"
    COMPREPLY+=("\${word#"$parted"}")
  done < <(compgen $what -- "$current")
}
`;
}

/** The same for zsh, whose compgen does not know what was typed. */
export function zshPaths(program: string): string {
  return `_${identifier(program)}_paths() {
  emulate -L zsh
  for candidate in \${(b)~current}*(N); do
    if [[ -d $candidate ]]; then candidate="$candidate/"
    elif [[ $kind == directories ]]; then continue
    fi
    word="$before$candidate"
    COMPREPLY+=("\${(q)word}")
  done
}
`;
}

/** How zsh takes the function for bash: no blank follows a directory, nor a name whose value is still to come. */
export function zshRegistration(program: string): string {
  const name = identifier(program);
  return `_${name}_in_zsh() {
  _${name}
  local at=0
  for ((at = 0; at < \${#COMPREPLY[@]}; at++)); do
    if [[ \${COMPREPLY[at]} != *[:/] ]]; then COMPREPLY[at]="\${COMPREPLY[at]} "; fi
  done
}
complete -o nospace -F _${name}_in_zsh ${program}
# As a file in $fpath this is only read when it is wanted for the first time.
if [[ \${funcstack[1]-} == _${name} ]]; then _bash_complete -o nospace -F _${name}_in_zsh; fi
`;
}
