import { createHash } from "node:crypto";
import { join, normalize } from "node:path";

import type { RenderedFile } from "./config-files.ts";
import { excludeFromStatus } from "../sources/git-exclude.ts";
import { writeFileAtomically } from "../write-file.ts";

/** Name of the file in a revision's git directory that has the sums of its rendered files, for `sha256sum -c`. */
export const CONFIG_SUMS = "scap-config-sums";

/**
 * Notes what was rendered, by the names under which programs read it, so that a probe finds files that were changed
 * since. Rendered files in the tree are no business of git.
 *
 * @param directory - of the revision
 */
export async function noteConfigSums(directory: string, rendered: readonly RenderedFile[]): Promise<void> {
  const sums = rendered.map(({ content, file }) => sumLine(content, normalize(file.name)));
  const names = rendered.map(({ file }) => normalize(file.name));
  await excludeFromStatus(
    directory,
    names.filter((name) => !name.startsWith("/")),
  );
  // Short secrets could be guessed from the sum of a file that is otherwise known.
  await writeFileAtomically(join(directory, ".git", CONFIG_SUMS), sums.join(""), { mode: 0o600 });
}

/** A line as `sha256sum` writes it: a name with a line break or backslash is escaped, and a backslash says so. */
function sumLine(content: string, name: string): string {
  const sum = createHash("sha256").update(content).digest("hex");
  const escaped = name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `${escaped === name ? "" : "\\"}${sum}  ${escaped}\n`;
}
