import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, startDeployServer, type DeployServer, type Ended } from "./deploy-server.ts";
import { DEPLOY_LOCAL } from "./worker-process.ts";

let directory: string;
let server: DeployServer;
let final: string;
beforeEach(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-git-server-test-")));
  server = await startDeployServer(directory);
  final = join(directory, "srv/acme/web");
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function deployLocal(gitServer: string, ...args: string[]): Promise<Ended> {
  const defines = [`-Dgit_server:${gitServer}`, `-Dgit_deploy_dir:${directory}/srv`];
  return await run(DEPLOY_LOCAL, ["-r", "acme/web", ...defines, ...args], {}, directory);
}

function repositoryAt(path: string, files: Record<string, string>): void {
  mkdirSync(path, { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], {
      cwd: path,
      encoding: "utf8",
    });
  git("init", "--quiet", "--initial-branch=main");
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  git("add", "--all");
  git("commit", "--quiet", "-m", "x");
}

describe("submodules over HTTP", () => {
  beforeEach(() => {
    repositoryAt(join(directory, "up/inner"), { "inner.txt": "inner" });
    repositoryAt(join(directory, "up/lib"), { "lib.txt": "lib" });
    const git = (cwd: string, ...args: string[]): string =>
      execFileSync(
        "git",
        ["-c", "protocol.file.allow=always", "-c", "user.name=x", "-c", "user.email=x@example.org", ...args],
        {
          cwd,
          encoding: "utf8",
        },
      );
    git(join(directory, "up/lib"), "submodule", "--quiet", "add", "../inner", "deep");
    git(join(directory, "up/lib"), "commit", "--quiet", "-m", "x");
    const url = join(directory, "up/lib");
    git(server.checkout, "submodule", "--quiet", "add", "--name", "oname", url, "vendor/other");
    git(server.checkout, "submodule", "--quiet", "update", "--init", "--recursive");
  });

  it("come from the deploy server, nested ones too (G34) (G35) (G36)", async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit, "git_submodules: true\n");
    server.git("submodule", "--quiet", "foreach", "--recursive", "git update-server-info");
    rmSync(join(directory, "up"), { recursive: true });
    expect(await deployLocal(server.address)).toMatchObject({ code: 0 });
    expect(readFileSync(join(final, "vendor/other/lib.txt"), "utf8")).toBe("lib");
    expect(readFileSync(join(final, "vendor/other/deep/inner.txt"), "utf8")).toBe("inner");
    const status = execFileSync("git", ["status", "--porcelain"], { cwd: final, encoding: "utf8" });
    expect(status).toBe("");
  });

  it("come from upstream when that is wanted", async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit, "git_submodules: true\ngit_upstream_submodules: true\n");
    rmSync(join(server.checkout, ".git/modules"), { recursive: true });
    const ended = await deployLocal(server.address);
    expect(ended).toMatchObject({ code: 0 });
    expect(readFileSync(join(final, "vendor/other/lib.txt"), "utf8")).toBe("lib");
  });

  it("that are missing on the server fail fetch; the next try completes it (B20)", async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit, "git_submodules: true\n");
    const modules = join(server.checkout, ".git/modules");
    execFileSync("mv", [modules, `${modules}.away`]);
    expect(await deployLocal(server.address, "fetch")).toMatchObject({ code: 1 });
    expect(existsSync(join(`${final}-cache`, "revs", commit))).toBe(false);
    execFileSync("mv", [`${modules}.away`, modules]);
    server.git("submodule", "--quiet", "foreach", "--recursive", "git update-server-info");
    expect(await deployLocal(server.address, "fetch")).toMatchObject({ code: 0 });
    expect(existsSync(join(`${final}-cache`, "revs", commit, "vendor/other/lib.txt"))).toBe(true);
  });
});

const hasLfs = (() => {
  try {
    execFileSync("git", ["lfs", "version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
if (!hasLfs && process.env["CI"] !== undefined) throw new Error("CI must have git-lfs");

describe.skipIf(!hasLfs)(`large files${hasLfs ? "" : " (NOT RUN: needs git-lfs)"}`, () => {
  it("replace their pointers, from the server that lfs.url names, also in a directory left half-done (B20)", async () => {
    const content = "large content\n";
    const { createHash } = await import("node:crypto");
    const id = createHash("sha256").update(content).digest("hex");
    const lfs = createServer((request, response) => {
      if (request.url?.endsWith("/objects/batch")) {
        const href = `http://${String(request.headers.host)}/content`;
        const object = { oid: id, size: content.length, actions: { download: { href } } };
        response.setHeader("content-type", "application/vnd.git-lfs+json");
        response.end(JSON.stringify({ transfer: "basic", objects: [object] }));
      } else response.end(content);
    });
    await new Promise<void>((resolve) => lfs.listen(0, "127.0.0.1", resolve));
    const address = lfs.address();
    const port = typeof address === "object" ? address?.port : 0;
    try {
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${id}\nsize ${content.length}\n`;
      const commit = server.commit({
        ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n",
        "a.bin": pointer,
      });
      const origin = `http://127.0.0.1:${port}/acme/web`;
      server.publish(commit, `git_binary_manager: git-lfs\noriginal_origin: ${origin}\n`);
      const ended = await deployLocal(server.address);
      expect(ended).toMatchObject({ code: 0 });
      expect(readFileSync(join(final, "a.bin"), "utf8")).toBe(content);
      const url = execFileSync("git", ["config", "lfs.url"], { cwd: final, encoding: "utf8" }).trim();
      expect(url).toBe(`${origin}/info/lfs`);

      // Python Scap was interrupted before it fetched large files: nothing says that the directory is complete.
      rmSync(join(final, ".git/scap-complete"));
      writeFileSync(join(final, "a.bin"), pointer);
      expect(await deployLocal(server.address, "fetch")).toMatchObject({ code: 0 });
      expect(readFileSync(join(final, "a.bin"), "utf8")).toBe(content);
    } finally {
      lfs.closeAllConnections();
      await new Promise<unknown>((resolve) => lfs.close(resolve));
    }
  });
});
