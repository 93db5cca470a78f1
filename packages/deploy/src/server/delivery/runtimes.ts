import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Config } from "@scap/config";
import type { HostPlatform } from "./host-platform.ts";
import { prepareRuntime, type Runtime } from "./runtime-file.ts";

/** Where Nodes for targets come from. */
export interface RuntimesOptions {
  /** `never`: hosts without a fitting Node fail. */
  readonly mode: "auto" | "never";
  /** Tarballs or programs that the operator named, tried first. */
  readonly files: readonly string[];
  /** Where they are kept compressed. */
  readonly directory: string;
  /** This process's own Node. @defaultValue `process.execPath` */
  readonly own?: string;
}

/** The Nodes that may be sent to targets; each is made ready when a host first needs it, once for all hosts. */
export class Runtimes {
  readonly mode: "auto" | "never";
  /** What the operator named. */
  readonly files: readonly string[];
  readonly #options: RuntimesOptions;
  readonly #prepared = new Map<string, Promise<Runtime>>();

  constructor(options: RuntimesOptions) {
    this.mode = options.mode;
    this.files = options.files;
    this.#options = options;
  }

  /**
   * The first Node that fits a host; undefined when none does.
   *
   * @throws DeployError `BAD_RUNTIME` when a named file cannot be used.
   */
  async for(platform: HostPlatform): Promise<Runtime | undefined> {
    const { files, own = process.execPath } = this.#options;
    for (const path of [...files, own]) {
      const runtime = await this.#prepare(path);
      if (fits(runtime, platform)) return runtime;
    }
    return undefined;
  }

  async #prepare(path: string): Promise<Runtime> {
    const preparing = this.#prepared.get(path) ?? prepareRuntime(path, this.#options.directory);
    this.#prepared.set(path, preparing);
    return preparing;
  }
}

/** The Nodes that the configuration allows: options `runtime` and `runtime_files`. */
export function configuredRuntimes(config: Config, env: NodeJS.ProcessEnv = process.env): Runtimes {
  const cache = env["XDG_CACHE_HOME"];
  const base = cache !== undefined && isAbsolute(cache) ? cache : join(homedir(), ".cache");
  return new Runtimes({
    mode: config.str("runtime") === "never" ? "never" : "auto",
    files: (config.list("runtime_files") ?? []).filter((file) => file !== ""),
    directory: join(base, "scap", "runtimes"),
  });
}

function fits({ facts }: Runtime, platform: HostPlatform): boolean {
  if (platform.system !== "Linux" || facts.machine !== platform.machine) return false;
  if (facts.libc === "unknown") return true;
  if (facts.libc !== platform.libc) return false;
  return minorOf(facts.libcVersion) <= minorOf(platform.libcVersion ?? facts.libcVersion);
}

/** glibc has been at 2 since 1997. */
function minorOf(version: string | undefined): number {
  return Number(version?.split(".")[1] ?? 0);
}
