import { basename } from "node:path";
import { isObjectId } from "@scap/git";
import { CONFIG_SUMS } from "../../target/config/config-sums.ts";
import { lastFinalized } from "../../target/revisions/last-finalized.ts";
import { COMPLETE_MARKER } from "../../target/revisions/revisions.ts";
import { PROMOTED_MARKER } from "../../target/revisions/revisions.ts";
import { damageOf, lostDone } from "./host-damage.ts";
import { NOT_DEPLOYED, type HostState, type HostVerdict } from "./host-state.ts";
import { staleProcessesOf } from "./stale-processes.ts";
import { PROBE_ENVIRONMENT } from "../probe-environment.ts";
import { targetPathsScript, type ProbedRepository } from "../target-paths-script.ts";

const START = "== scap-status 1";
const END = "== end";

/**
 * Shell text that tells what is on a host; it only reads, and needs neither Node nor a worker. Few programs are started,
 * since on a host that has nothing to tell those are what it costs: git, and one look at all processes that the ssh user
 * may look into, where there are any besides those of this session, such as the shell that watches the probe. What the
 * shell finds by itself is written together, because every piece wakes the SSH server. Names of users are not looked up:
 * where they come from a directory server, it would be asked.
 */
export function statusProbeScript(repository: ProbedRepository): string {
  return `${PROBE_ENVIRONMENT}
${targetPathsScript(repository)}
text=; lf='
'
say() { text="$text$1$lf"; }
tell() { printf %s "$text"; text=; }
where() { cd -P "$2" && say "$1 $PWD"; }
note() { [ ! -e "$root/.scap/$1" ] || say "$2"; }
say ${quoted(START)}
where root "$root"; base=$PWD; where final "$final"; where progress "$root/.in-progress"
where done "$root/.done" || { [ ! -L "$root/.done" ] || say "gone $(readlink "$root/.done")"; }
note origin origin; note journal journal; note unsettled unsettled; note damaged objects; note drained drained
revision() { cd -P "$1" && case $PWD in "$base"/revs/*) say "current $PWD" ;; *) false ;; esac; }
if revision "$root/current" || { revision "$final" && say astray; }; then
  [ -f .git/${COMPLETE_MARKER} ] || say incomplete
  say ${quoted("== promoted")}; set -- "$root"/revs/*/.git/${PROMOTED_MARKER}
  if [ $# -gt 1 ]; then tell; ls -t "$@"; elif [ -e "$1" ]; then say "$1"; fi
  say ${quoted("== verdicts")}; read -r line <"$root/.scap/verdicts" && say "$line"
  say ${quoted("== edited")}
  edited=$(git -c core.fsmonitor=false -c core.quotePath=false status --porcelain); code=$?
  [ -z "$edited" ] || { say "$edited"; tell; }
  say "== git $code"
  say ${quoted("== config")}; [ ! -f .git/${CONFIG_SUMS} ] || { tell; sha256sum -c .git/${CONFIG_SUMS}; }
fi
cd /
say ${quoted("== processes")}; links=; maps=
own() { read -r stat <"$1/stat" && stat=\${stat##*) } && stat=\${stat#* * * } && [ "\${stat%% *}" = "$$" ]; }
for dir in /proc/[0-9]*; do
  case $dir in "/proc/$$" | "/proc/$PPID") continue ;; esac
  [ -r "$dir/environ" ] && read -r name <"$dir/comm" || continue
  case $name in *sh) own "$dir" && continue ;; esac
  say "name \${dir#/proc/} $name"
  links="$links $dir/cwd $dir/exe"; maps="$maps $dir/maps"
done
[ -z "$maps" ] || {
  tell; ls -n $links | grep -Eos '/proc/[0-9]+/[a-z]+ -> .*/revs/[0-9a-f]*|/[^ ]*/revs/[0-9a-f]*' - $maps
}
say ${quoted(END)}; tell`;
}

function quoted(line: string): string {
  return `'${line}'`;
}

/**
 * Reads what {@link statusProbeScript} printed.
 *
 * @returns undefined when the text is not whole, or from something else
 */
export function parseStatusProbe(text: string): HostState | undefined {
  const lines = text.split("\n");
  const [start, end] = [lines.indexOf(START), lines.lastIndexOf(END)];
  if (start < 0 || end < start) return undefined;
  const sections = splitSections(lines.slice(start + 1, end));
  const facts = factsOf(sections.get("") ?? []);
  const revisionAt = (name: string): string | null => revisionName(facts.get(name));
  const current = revisionAt("current");
  const staleProcesses = staleProcessesOf(sections.get("processes") ?? [], {
    root: facts.get("root") ?? "",
    wanted: [current, revisionAt("progress")],
  });
  if (current === null) return { ...NOT_DEPLOYED, inProgress: revisionAt("progress"), staleProcesses };
  const { config, rendered } = configOf(sections.get("config") ?? []);
  const verdicts = verdictsOf(sections.get("verdicts") ?? []);
  const inProgress = revisionAt("progress");
  const promoted = (sections.get("promoted") ?? []).map((path) => path.split("/").at(-3) ?? "");
  const verdictOf = (revision: string): string | undefined => verdicts.get(revision)?.verdict;
  const linked = [revisionAt("done") ?? revisionAt("gone")].find(isRevision) ?? null;
  const isFirst = facts.has("origin");
  const done = linked ?? lastFinalized({ current, inProgress, promoted, verdictOf, isFirst });
  return {
    current,
    done,
    inProgress,
    previous: done === current ? previousOf(promoted, current, verdictOf) : done,
    verdict: verdicts.get(current) ?? null,
    damage: [...damageOf(facts), ...(linked === null && done !== null ? [lostDone(done)] : [])],
    edited: sections.has("git 0") ? editedOf(sections.get("edited") ?? [], rendered) : null,
    configDrift: config,
    staleProcesses,
  };
}

/** Lines by the `== name` that they follow; the first ones by the empty name. */
function splitSections(lines: readonly string[]): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let section: string[] = [];
  sections.set("", section);
  for (const line of lines) {
    const name = /^== (\w+(?: \d+)?)$/.exec(line)?.[1];
    if (name === undefined) section.push(line);
    else sections.set(name, (section = []));
  }
  return sections;
}

function factsOf(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => {
      const [name = "", ...rest] = line.split(" ");
      return [name, rest.join(" ")];
    }),
  );
}

/** A link that leads elsewhere, or in circles, names none. */
function isRevision(name: string | null): name is string {
  return name !== null && isObjectId(name);
}

function revisionName(path: string | undefined): string | null {
  return path === undefined ? null : basename(path);
}

/** Revisions come newest first. A good one beats a newer one that nobody judged. */
function previousOf(
  promoted: readonly string[],
  current: string,
  verdictOf: (revision: string) => string | undefined,
): string | null {
  const revisions = promoted.filter((name) => name !== current);
  const good = revisions.find((revision) => verdictOf(revision) === "good");
  return good ?? revisions.find((revision) => verdictOf(revision) === undefined) ?? null;
}

/** One line of JSON, as the worker notes it. */
function verdictsOf(lines: readonly string[]): Map<string, HostVerdict> {
  try {
    const entries = Object.entries(JSON.parse(lines.join("\n")) as object);
    return new Map(entries.flatMap(([revision, value]) => toVerdict(revision, value)));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) return new Map();
    throw cause;
  }
}

/** Without its time, which differs between hosts that are alike. */
function toVerdict(revision: string, value: unknown): [string, HostVerdict][] {
  if (typeof value !== "object" || value === null || !("verdict" in value)) return [];
  const { verdict } = value;
  if (verdict !== "good" && verdict !== "bad" && verdict !== "unknown") return [];
  const reason = "reason" in value && typeof value.reason === "string" ? { reason: value.reason } : {};
  return [[revision, { verdict, ...reason }]];
}

/** `sha256sum -c` names every file; the names also tell which relative files in the tree are rendered ones. */
function configOf(lines: readonly string[]): { config: string[]; rendered: ReadonlySet<string> } {
  const checked = lines.flatMap((line) => {
    const [, name, verdict] = /^\\?(.*): (OK|FAILED)(?: .*)?$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, isSame: verdict === "OK" }];
  });
  return {
    config: checked.filter(({ isSame }) => !isSame).map(({ name }) => name),
    rendered: new Set(checked.map(({ name }) => name)),
  };
}

function editedOf(lines: readonly string[], rendered: ReadonlySet<string>): string[] {
  return lines.filter((line) => {
    const path = line.slice(3);
    return line !== "" && !rendered.has(path) && !rendered.has(path.replace(/^"(.*)"$/, "$1"));
  });
}
