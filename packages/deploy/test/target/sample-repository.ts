import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A real repository in a temporary directory. */
export interface SampleRepository {
  readonly directory: string;
  git(...args: string[]): string;
  /** Writes files and commits them; returns the commit. */
  commit(files: Record<string, string>, message?: string): string;
}

export function createSampleRepository(directory: string, initArgs: string[] = []): SampleRepository {
  mkdirSync(directory, { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "protocol.file.allow=always", ...args], {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_AUTHOR_NAME: "Dep Loyer",
        GIT_AUTHOR_EMAIL: "dep@example.org",
        GIT_COMMITTER_NAME: "Dep Loyer",
        GIT_COMMITTER_EMAIL: "dep@example.org",
      },
    }).trim();
  git("init", "--quiet", "--initial-branch=main", ...initArgs);
  const commit = (files: Record<string, string>, message = "change"): string => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  };
  return { directory, git, commit };
}
