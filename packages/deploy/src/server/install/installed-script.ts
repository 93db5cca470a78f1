import { CACHE_DIRECTORY, FIND_NODE } from "../delivery/cache-directory.ts";
import { PLATFORM_SCRIPT } from "../delivery/host-platform.ts";

/** A file in the ssh user's cache of a host. */
export interface InstalledFile {
  readonly name: string;
  readonly bytes: number;
}

/** What is installed on a host. */
export interface InstalledFacts {
  /** For choosing a Node; the line of the platform script. */
  readonly platform: string;
  /** Whether the host has a fitting Node of its own, in its search path. */
  readonly hasOwnNode: boolean;
  /** Versions that were installed ahead of time, with the files that belong to each. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  readonly files: readonly InstalledFile[];
  /** Names of files that processes of the host were started from: a worker, or a guard that has yet to start one. */
  readonly inUse: readonly string[];
}

const START = "== scap-installed 1";
const END = "== end";

/** Names of everything that is installed; `version-` files say what belongs to a version. */
const FILES = '"$dir"/deploy-local-*.mjs "$dir"/node-* "$dir"/version-*';

/** Shell text that tells what is installed on a host. It only reads. */
export const INSTALLED_SCRIPT: string = `exec 2>/dev/null; export LC_ALL=C
${CACHE_DIRECTORY}
echo '${START}'
${FIND_NODE}
[ "$node" != node ] || echo own
echo "platform $(${PLATFORM_SCRIPT}
)"
for file in ${FILES}; do
  [ -f "$file" ] || continue
  echo "file $(wc -c <"$file") \${file##*/}"
  case \${file##*/} in version-*) while read -r part; do echo "part \${file##*/} $part"; done <"$file" ;; esac
done
cat /proc/[0-9]*/cmdline | tr '\\000' '\\n' | grep -F "$dir/" | sort -u | while read -r word; do
  case $word in "$dir"/*) echo "used \${word##*/}" ;; esac
done
echo '${END}'`;

/**
 * Reads what {@link INSTALLED_SCRIPT} printed.
 *
 * @returns undefined when the text is not whole, or from something else
 */
export function parseInstalled(text: string): InstalledFacts | undefined {
  const lines = text.split("\n");
  const [start, end] = [lines.indexOf(START), lines.lastIndexOf(END)];
  if (start < 0 || end < start) return undefined;
  const versions = new Map<string, string[]>();
  const files: InstalledFile[] = [];
  const inUse = new Set<string>();
  let [platform, hasOwnNode] = ["", false];
  for (const line of lines.slice(start + 1, end)) {
    const [key, ...rest] = line.split(" ").filter((word) => word !== "");
    if (key === "own") hasOwnNode = true;
    if (key === "platform") platform = rest.join(" ");
    if (key === "file") files.push({ bytes: Number(rest[0]), name: rest[1] ?? "" });
    // A command line may name the directory itself.
    if (key === "used" && rest[0] !== undefined) inUse.add(rest[0]);
    if (key === "part") {
      const version = (rest[0] ?? "").slice("version-".length);
      versions.set(version, [...(versions.get(version) ?? []), rest[1] ?? ""]);
    }
  }
  return { platform, hasOwnNode, versions, files, inUse: [...inUse] };
}

/** Shell text that notes which files belong to a version. The names are the parcels' own. */
export function noteScript(version: string, names: readonly string[]): string {
  checkNames([version, ...names]);
  return `set -e; umask 077
${CACHE_DIRECTORY}
note=$dir/version-${version}
printf '%s\\n' ${names.join(" ")} > "$dir/.version-${version}.$$"
mv -f "$dir/.version-${version}.$$" "$note"`;
}

/** Shell text that removes files of the cache. */
export function removeScript(names: readonly string[]): string {
  checkNames(names);
  return `set -e
${CACHE_DIRECTORY}
cd "$dir"
rm -f -- ${names.join(" ")}`;
}

/** Names come back from hosts, and go into shell text. */
function checkNames(names: readonly string[]): void {
  const wrong = names.find((name) => !isInstalledName(name));
  if (wrong !== undefined) throw new TypeError(`Not a name of an installed file: ${JSON.stringify(wrong)}`);
}

/** Whether a name is one that scap gives to what it installs. */
export function isInstalledName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9.+-]*$/.test(name);
}
