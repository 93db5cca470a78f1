import { CONFIG_SUMS } from "../../target/config/config-sums.ts";
import { COMPLETE_MARKER, PROMOTED_MARKER } from "../../target/revisions/revisions.ts";
import { CACHE_DIRECTORY, FIND_NODE } from "../delivery/cache-directory.ts";
import { PLATFORM_SCRIPT } from "../delivery/host-platform.ts";
import { PROBE_ENVIRONMENT } from "../probe-environment.ts";
import { targetPathsScript, type ProbedRepository } from "../target-paths-script.ts";

/** What a look at a host is about. */
export interface HostCheck extends ProbedRepository {
  /** Object id of the revision to be deployed. */
  readonly commit: string;
  readonly hasSubmodules: boolean;
  /** Whether large files are kept by git-lfs. */
  readonly hasLfs: boolean;
  /** Whether large files are kept by git-fat. */
  readonly hasFat: boolean;
  readonly configDeploy: boolean;
}

/** First and last line of an answer. */
export const START = "== scap-check 1";
export const END = "== end";

/** Names that are listed where files are gone. */
const LISTED = 3;

/** Programs that a deployment starts on a target, besides those of every POSIX system. */
const PROGRAMS = ["git", "gzip", "flock"];

/** The program for large files itself starts rsync. */
const FAT_PROGRAMS = ["git-fat", "rsync"];

/**
 * Shell text that looks at everything on a host that a deployment and a rollback need. It only reads, needs neither Node
 * nor a worker, and prints `key value` lines.
 */
export function checkScript(check: HostCheck): string {
  return `${PROBE_ENVIRONMENT}
say() { printf '%s %s\\n' "$1" "$2"; }
${targetPathsScript(check)}
echo '${START}'
say clock "$(date +%s)"; say user "$(id -un)"; say final "$final"
for tool in ${programs(check).join(" ")}; do command -v $tool >/dev/null || say missing $tool; done
say git "$(git --version)"
${CACHE_DIRECTORY}
${FIND_NODE}
say node "$node"
say platform "$(${PLATFORM_SCRIPT}
)"
${ROOM}
${revisionLines(check)}
cd /; echo '${END}'`;
}

function programs({ hasFat, hasLfs }: HostCheck): string[] {
  return [...PROGRAMS, ...(hasLfs ? ["git-lfs"] : []), ...(hasFat ? FAT_PROGRAMS : [])];
}

/**
 * The nearest place that exists decides: what is below it is still to be made. Nobody else's directory at the root is to
 * change hands for that.
 */
const ROOM = `room() {
  place=$2; new=$2
  while [ ! -e "$place" ]; do new=$place; place=\${place%/*}; place=\${place:-/}; done
  { [ -d "$place" ] && [ -w "$place" ] && [ -x "$place" ]; } ||
    case $place in /*/*) say unwritable "$place" ;; *) say unmakable "$new" ;; esac
  line=$(df -Pk "$place" | tail -n 1); mount=/\${line#*[%-] /}; flags=
  say "$1-bytes" "$line"; say "$1-inodes" "$(df -Pi "$place" | tail -n 1)"
  while read -r device at type options rest; do
    [ "$at" != "$mount" ] || flags=$options
  done </proc/self/mounts
  say "$1-options" "$flags"
}
room deploy "$root/revs"; room cache "$dir"
git=$root/cache/.git
for path in "\${final%/*}" "$root" "$root/revs" "$root"/revs/* "$root"/revs/*/.git "$root/.scap" "$root/.scap/lock" \\
  "$git" "$git/objects" "$git/objects/pack" "$git/refs" "$git/refs/scap" "$git/refs/scap/revs"; do
  [ ! -e "$path" ] || [ -w "$path" ] || say unwritable "$path"
done`;

/** A failed deployment goes back to the finalized revision; where that is deployed again, to the one before. */
function revisionLines(check: HostCheck): string {
  const { commit } = check;
  return `link() {
  to=$(cd -P "$root/$2" && pwd) || to=$(readlink "$root/$2") || return 1
  to=\${to##*/}; case \${#to}-$to in *-*[!0-9a-f]*) return 1 ;; 40-* | 64-*) say "$1" "$to" ;; *) return 1 ;; esac
}
promoted() {
  ls -t "$root"/revs/*/.git/${PROMOTED_MARKER} | sed -e 's|/\\.git/${PROMOTED_MARKER}$||' -e 's|.*/||' | grep -vx "$1"
}
back=; live=; ! link current current || live=$to
if link done .done; then back=$to; else
${lostLines()}
fi
[ ! -f "$root/revs/${commit}/.git/${COMPLETE_MARKER}" ] || say complete ${commit}
[ "$back" != ${commit} ] || back=$(promoted ${commit} | head -n 1)
if [ -n "$back" ]; then
  say back "$back"
  if cd -P "$root/revs/$back"; then
${wholenessLines(check)}
  else echo flaw missing; fi
fi`;
}

/** Where the link is lost, the rest may tell: see `lastFinalized`. */
function lostLines(): string {
  return `  verdicts=; read -r verdicts <"$root/.scap/verdicts"
  judged() { case $verdicts in *'"'"$1"'":{"verdict":"'"$2"'"'*) ;; *) return 1 ;; esac; }
  progress=$(readlink "$root/.in-progress")
  if [ -e "$root/.scap/origin" ]; then :
  elif [ -n "$live" ] && [ "$live" != "\${progress##*/}" ] && ! judged "$live" bad; then back=$live
  else for rev in $(promoted "$live"); do
    if judged "$rev" good; then back=$rev; break; fi
  done; fi
  [ -z "$back" ] || say lost "$back"`;
}

/**
 * Few programs, and none that reads the content of files: a tracked file that is gone, an object that the revision needs
 * and that cannot be found, a rendered file that is not what was rendered.
 */
function wholenessLines({ configDeploy, hasSubmodules }: HostCheck): string {
  const lines = [
    `read -r head <.git/HEAD; [ "$head" = "$back" ] || echo flaw head`,
    // Without git nobody can tell; that it is missing is a finding of its own.
    `own() { ! command -v git >/dev/null || git -c safe.directory='*' -c core.fsmonitor=false -c core.quotePath=false "$@"; }`,
    `gone=$(own ls-files --deleted) || echo flaw index`,
    `printf '%s\\n' "$gone" | sed -n '1,${LISTED}s/^./gone &/p'`,
    `[ -f .git/${COMPLETE_MARKER} ] || own diff-files --quiet || echo flaw unfinished`,
    `own rev-list --objects --no-walk --quiet HEAD || echo flaw objects`,
    ...(hasSubmodules ? [SUBMODULES] : []),
    ...(configDeploy ? [RENDERED] : []),
  ];
  return lines.map((line) => `    ${line}`).join("\n");
}

const SUBMODULES = `own ls-files --stage | sed -n 's/^160000 [^	]*	//p' |
    while IFS= read -r path; do [ -e "$path/.git" ] || say gone "$path"; done | sed -n '1,${LISTED}p'`;

/** The sums name files with absolute names by where the live revision is seen; the revision's own are in its git directory. */
const RENDERED = `if [ -f .git/${CONFIG_SUMS} ]; then
      sed 's|^\\([0-9a-f]*\\)  /|\\1  .git/config-files/|' .git/${CONFIG_SUMS} | sha256sum -c |
      sed -n '/: OK$/!s/: FAILED.*$//p' | sed -n '1,${LISTED}s/^/config /p'
    elif [ ! -d .git/config-files ]; then echo flaw unrendered; fi`;
