import { UsageError, type Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import type { RemovalChoice } from "@scap/deploy";
import { findScapPackage, readScapPackage, type ScapPackage } from "./scap-package.ts";
import { VERSION } from "./version.ts";
import { loadWorkerFile } from "./worker-file.ts";

/** What `install-world` was asked to do. */
export type InstallTask =
  | { readonly kind: "list" }
  | { readonly kind: "install"; readonly package: ScapPackage }
  | { readonly kind: "remove"; readonly choice: RemovalChoice };

/**
 * Reads what is wanted from the options, and the package that is to be installed.
 *
 * @throws UsageError when options contradict each other; CliError when a package is not to be had.
 */
export async function readInstallTask({ cwd, options }: Invocation, config: Config): Promise<InstallTask> {
  const versions = options.list("remove");
  const keep = options.integer("keep");
  const named = ["list", "remove", "keep"].filter((name) => options.flag(name));
  const sources = ["version", "from"].filter((name) => options.flag(name));
  const [first, second] = [...named, ...(named.length === 0 ? [] : sources)];
  if (first !== undefined && second !== undefined)
    throw new UsageError(`--${first} and --${second} cannot be used together`);
  if (options.flag("list")) return { kind: "list" };
  if (keep !== undefined) return { kind: "remove", choice: keepChoice(keep) };
  if (versions.length > 0) return { kind: "remove", choice: namedChoice(versions) };
  return {
    kind: "install",
    package: await wantedPackage({
      cwd,
      config,
      wanted: wantedVersion(options),
      from: options.string("from"),
    }),
  };
}

/** The task for people: `Installing scap 1.2.0`, or `Install scap 1.2.0` for a question. */
export function taskText(task: Exclude<InstallTask, { kind: "list" }>, form: "do" | "doing"): string {
  const verb = (word: string): string => (form === "do" ? word : `${word.replace(/e$/, "")}ing`);
  if (task.kind === "install") return `${verb("Install")} scap ${task.package.version}`;
  const { choice } = task;
  if (choice.kind === "named") return `${verb("Remove")} scap ${choice.versions.join(", ")}`;
  const others = choice.count === 1 ? "" : ` and the newest others, ${choice.count} together`;
  return `${verb("Remove")} versions other than scap ${VERSION}${others}`;
}

function keepChoice(count: number): RemovalChoice {
  if (count >= 1) return { kind: "keep", count };
  throw new UsageError(`--keep must be at least 1, not ${count}: scap ${VERSION} itself always stays`);
}

function namedChoice(versions: readonly string[]): RemovalChoice {
  if (!versions.includes(VERSION)) return { kind: "named", versions };
  throw new UsageError(`scap ${VERSION} is what this deploy server uses; it is not removed`);
}

function wantedVersion(options: Invocation["options"]): string | undefined {
  const wanted = options.string("version") ?? "latest";
  if (wanted !== "latest") return wanted;
  return options.flag("from") ? undefined : VERSION;
}

interface Wanted {
  readonly cwd: string;
  readonly config: Config;
  /** Undefined: whatever the named package is. */
  readonly wanted: string | undefined;
  readonly from: string | undefined;
}

async function wantedPackage({ config, cwd, from, wanted }: Wanted): Promise<ScapPackage> {
  if (from !== undefined) return await readScapPackage({ cwd, path: from, wanted });
  if (wanted === undefined || wanted === VERSION)
    return { version: VERSION, workerFile: await loadWorkerFile() };
  const directory = config.str("scap_packages");
  return await readScapPackage({ cwd, path: await findScapPackage(wanted, directory), wanted });
}
