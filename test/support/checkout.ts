import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const IDENTITY = {
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.org",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.org",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** A repository to deploy, in a temporary directory of its own where no other is named. */
export class Checkout {
  readonly directory: string;

  constructor(
    files: Readonly<Record<string, string>>,
    { directory, objectFormat = "sha1" }: { directory?: string; objectFormat?: "sha1" | "sha256" } = {},
  ) {
    this.directory = directory ?? mkdtempSync(join(tmpdir(), "scap-checkout-"));
    this.git("init", "-q", "-b", "main", `--object-format=${objectFormat}`);
    this.commit(files);
  }

  git(...args: string[]): string {
    return execFileSync("git", args, {
      cwd: this.directory,
      encoding: "utf8",
      env: { ...process.env, ...IDENTITY },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }

  /** Writes files, executable where they are scripts, without committing them. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      if (text.startsWith("#!")) chmodSync(path, 0o755);
    }
  }

  /** Commits files, all but the logs of deployments, and answers with the commit. */
  commit(files: Readonly<Record<string, string>>): string {
    this.write(files);
    this.git("add", "-A", "-f", "--", ".", ":!scap/log");
    this.git("commit", "-q", "--allow-empty", "-m", "change");
    return this.git("rev-parse", "HEAD");
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The least that a repository needs to be deployed to `hosts`, the first of them as canary. */
export function scapFiles(
  hosts: readonly string[],
  config: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const options = {
    git_repo: "test/app",
    server_groups: "canary, default",
    canary_dsh_targets: "canaries",
    dsh_targets: "targets",
    ...config,
  };
  return {
    "scap/scap.cfg": `[global]\n${Object.entries(options)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join("")}`,
    "scap/canaries": `${hosts[0] ?? ""}\n`,
    "scap/targets": hosts.map((host) => `${host}\n`).join(""),
    ".gitignore": "scap/log/\n",
    "version.txt": "1\n",
  };
}
