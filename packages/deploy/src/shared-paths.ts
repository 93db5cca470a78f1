import { DeployError } from "./errors.ts";

/**
 * The directories of option `shared`: normal relative paths below the revision, none inside another.
 *
 * @throws DeployError `BAD_SHARED`
 */
export function parseSharedPaths(text: string | undefined): string[] {
  const paths = (text ?? "").split(",").map((path) => path.trim().replace(/\/+$/, ""));
  const wanted = [...new Set(paths)].filter((path) => path !== "");
  for (const path of wanted) {
    const parts = path.split("/");
    const isPlain = parts.every(
      (part) => part !== "" && part !== "." && part !== ".." && !/[\0\n]/.test(part),
    );
    if (!isPlain || parts[0] === ".git") throw bad(path, "is not a path below the repository");
    const outer = wanted.find((other) => path.startsWith(`${other}/`));
    if (outer !== undefined) throw bad(path, `is inside ${outer}, which is shared already`);
  }
  return wanted;
}

function bad(path: string, reason: string): DeployError {
  return new DeployError(`shared: ${JSON.stringify(path)} ${reason}`, {
    code: "BAD_SHARED",
    hint: "List directories such as cache, var/uploads in scap/scap.cfg.",
  });
}
