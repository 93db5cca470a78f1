import { identifier, quoted, type CompletedValue, type CompletionEntry } from "./completion-entry.ts";

/**
 * A completion script for bash. Commands, options and fixed choices stand in it; hosts, revisions and the like are
 * asked of `PROGRAM complete-values KIND`. What that prints is never expanded by the shell. zsh runs it too: there,
 * names such as `path` and `words` mean something else, and `compgen -W` does not filter.
 */
export function bashCompletion(entries: readonly CompletionEntry[], program: string): string {
  const top = entries.filter(({ path }) => !path.includes(" ")).map(({ path }) => path);
  const parents = entries.filter(({ actions }) => actions.length > 0);
  return `_${identifier(program)}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}" offered="" kind="" candidate="" before="" open="" word=""
  COMPREPLY=()
  # bash parts --option=value at the equals sign.
  if [[ $current == "=" ]]; then current=""
  elif [[ $previous == "=" ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  # At the colon of name:value, too; values of options are not known here.
  if [[ $current == ":" || $previous == ":" ]]; then return; fi
  # And at the sign of @group, which nevertheless is a part of what it completes.
  if [[ $previous == "@" ]]; then current="@$current"; fi
  if [[ $current == [\\"\\']* ]]; then open=1 current="\${current:1}"; fi
  if [[ $COMP_CWORD -eq 1 ]]; then offered=${list([...top, "--help"])}
  else
    if [[ $COMP_CWORD -gt 2 ]]; then
      case "$command \${COMP_WORDS[2]}" in
${parents.map((entry) => `        ${actionPattern(entry)}) command="$command \${COMP_WORDS[2]}" ;;\n`).join("")}      esac
    fi
    case "$command" in
${entries.map(caseOf).join("")}    esac
  fi
  case "$kind" in
    none) return ;;
    files|directories)
      local what=-f
      if [[ $kind == directories ]]; then what=-d; fi
      compopt -o filenames 2>/dev/null
      while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen $what -- "$current")
      return
      ;;
    ?*) offered=$("\${COMP_WORDS[0]}" complete-values "$kind" 2>/dev/null) ;;
  esac
  # Several hosts are one word.
  if [[ $kind == host* && $current == *,* ]]; then before="\${current%,*}," current="\${current##*,}"; fi
  while IFS= read -r candidate; do
    if [[ -n $candidate && $candidate == "$current"* ]]; then
      word="$(printf %q "$candidate")"
      # Behind a quote that is still open, escapes would mean something else.
      if [[ -z $open || $word == "$candidate" ]]; then COMPREPLY+=("$before$word"); fi
    fi
  done <<< "$offered"
}
complete -F _${identifier(program)} ${program}
`;
}

function actionPattern({ path, actions }: CompletionEntry): string {
  return actions.map((action) => quoted(`${path} ${action}`)).join("|");
}

function caseOf({ path, actions, options, positional }: CompletionEntry): string {
  const words = [...actions, ...positional.choices, ...options.flatMap(({ spellings }) => spellings)];
  const values = options.flatMap(({ spellings, value }) =>
    value === undefined ? [] : `        ${spellings.join("|")}) ${assignment(value)} ;;\n`,
  );
  const asked =
    positional.kind === undefined ? "" : `        *) [[ $current == -* ]] || kind=${positional.kind} ;;\n`;
  return `      ${quoted(path)})
        offered=${list(words)}
        case "$previous" in
${values.join("")}${asked}        esac
        ;;
`;
}

function assignment({ choices, kind }: CompletedValue): string {
  return choices.length > 0 ? `offered=${list(choices)}` : `kind=${kind ?? "none"}`;
}

/** Words on lines of their own. */
function list(words: readonly string[]): string {
  return `$'${words.join("\\n")}'`;
}
