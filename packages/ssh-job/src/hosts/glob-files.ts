import { access, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The files that a pattern of an absolute path stands for (`*`, `?` and `[...]` in any part of it), in byte order. */
export async function globFiles(pattern: string): Promise<string[]> {
  let paths = ["/"];
  for (const part of pattern.split("/").filter(Boolean)) {
    paths = (await Promise.all(paths.map(async (path) => await matchesIn(path, part)))).flat();
  }
  return paths;
}

async function matchesIn(directory: string, part: string): Promise<string[]> {
  if (!/[*?[]/.test(part)) {
    const path = join(directory, part);
    return await access(path).then(
      () => [path],
      () => [],
    );
  }
  const names = await readdir(directory).catch(() => []);
  const matches = patternOf(part);
  const isWanted = (name: string): boolean =>
    matches.test(name) && (part.startsWith(".") || !name.startsWith("."));
  return names
    .filter(isWanted)
    .toSorted()
    .map((name) => join(directory, name));
}

function patternOf(part: string): RegExp {
  const source = part.replace(/\[!?[^\]]+\]|[\s\S]/g, (piece) => {
    if (piece === "*") return ".*";
    if (piece === "?") return ".";
    if (piece.length === 1) return piece.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`);
    return piece.replaceAll("\\", "\\\\").replace(/^\[!/, "[^");
  });
  return new RegExp(`^${source}$`, "s");
}
