import { identifier, quoted, type CompletedValue, type CompletionEntry } from "./completion-entry.ts";

/**
 * The completion of a program as a function for bash. Commands, options and fixed choices stand in it; hosts, revisions and the like are
 * asked of `PROGRAM complete-values KIND`. What that prints is never expanded by the shell. zsh runs it too: there,
 * names such as `path` and `words` mean something else, and `compgen -W` does not filter. Paths are found by a function of the
 * shell, `_PROGRAM_paths`.
 */
export function bashCompletion(entries: readonly CompletionEntry[], program: string): string {
  const top = entries.filter(({ path }) => !path.includes(" ")).map(({ path }) => path);
  const parents = entries.filter(({ actions }) => actions.length > 0);
  return `_${identifier(program)}() {
  local at=$COMP_CWORD current="\${COMP_WORDS[COMP_CWORD]}" previous="" command="\${COMP_WORDS[1]}"
  local offered="" kind="" candidate="" before="" parted="" open="" word=""
  COMPREPLY=()
  # bash parts name:value at the colon, and replaces only what follows that.
  if [[ $current == ":" ]]; then at=$((at - 1)) current=""
  elif [[ \${COMP_WORDS[at-1]} == ":" ]]; then at=$((at - 2))
  fi
  if [[ $at -lt $COMP_CWORD ]]; then parted="\${COMP_WORDS[at]}:" current="\${COMP_WORDS[at]}:$current"; fi
  previous="\${COMP_WORDS[at-1]}"
  # It parts --option=value at the equals sign, too.
  if [[ $current == "=" ]]; then current=""
  elif [[ $previous == "=" ]]; then previous="\${COMP_WORDS[at-2]}"
  fi
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
  # The value of a configuration option may be a path.
  if [[ $kind == definitions && $current == *:[./]* ]]; then
    kind=files before="\${current%%:*}:" current="\${current#*:}"
  fi
  case "$kind" in
    none) return ;;
    files|directories) _${identifier(program)}_paths; return ;;
    ?*) offered=$("\${COMP_WORDS[0]}" complete-values "$kind" 2>/dev/null) ;;
  esac
  # Several hosts are one word.
  if [[ $kind == host* && $current == *,* ]]; then before="\${current%,*}," current="\${current##*,}"; fi
  while IFS= read -r candidate; do
    if [[ -n $candidate && $candidate == "$current"* ]]; then
      word="$(printf %q "$candidate")"
      # Behind a quote that is still open, escapes would mean something else, and a blank needs none.
      if [[ -n $open && $candidate != *[^a-zA-Z0-9_.,:@%+=/\\<\\>\\ -]* ]]; then word="$candidate"; fi
      if [[ -z $open || $word == "$candidate" ]]; then word="$before$word" word="\${word#"$parted"}"
      else word=""
      fi
      if [[ -n $word ]]; then COMPREPLY+=("$word"); fi
    fi
  done <<< "$offered"
  # Behind the colon of name:value it goes on.
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *: ]]; then compopt -o nospace 2>/dev/null; fi
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
