import { execFileSync, spawn } from "node:child_process";
import { createReadStream, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join, normalize } from "node:path";

/** A deploy server's checkout of `acme/web`, served over dumb HTTP as by any web server. */
export interface DeployServer {
  readonly checkout: string;
  /** Value for `git_server`. */
  readonly address: string;
  git(...args: string[]): string;
  /** Writes files and commits them; returns the commit. */
  commit(files: Record<string, string>): string;
  /** Makes a commit the published one, with more keys of the deploy info as YAML. */
  publish(commit: string, more?: string): void;
  close(): Promise<void>;
}

export async function startDeployServer(directory: string): Promise<DeployServer> {
  const checkout = join(directory, "www/acme/web");
  mkdirSync(checkout, { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], {
      cwd: checkout,
      encoding: "utf8",
    }).trim();
  git("init", "--quiet", "--initial-branch=main");
  const server = createServer((request, response) => {
    const path = join(
      directory,
      "www",
      normalize(decodeURIComponent(request.url ?? "/").split("?")[0] ?? "/"),
    );
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    response.statusCode = isFile ? 200 : 404;
    if (isFile) createReadStream(path).pipe(response);
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let sequence = 0;
  return {
    checkout,
    address: `127.0.0.1:${port(server)}`,
    git,
    commit: (files) => {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(join(checkout, name, ".."), { recursive: true });
        const isScript = content.startsWith("#!");
        writeFileSync(join(checkout, name), content, { mode: isScript ? 0o755 : 0o644 });
      }
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "-m", "change");
      return git("rev-parse", "HEAD");
    },
    publish: (commit, more = "") => {
      const tag = `scap/sync/2031-04-05/${String(++sequence).padStart(4, "0")}`;
      git("tag", "-a", "-m", "x", tag, commit);
      git("update-server-info");
      const info = `commit: ${commit}\ntag: ${tag}\nlog_json: true\nperform_checks: true\n${more}`;
      writeFileSync(join(checkout, ".git/DEPLOY_HEAD"), info);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<unknown>((resolve) => server.close(resolve));
    },
  };
}

function port(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return address.port;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return await new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}
