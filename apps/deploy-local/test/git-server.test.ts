import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
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

/** `git http-backend` behind a web server, as sites set it up for smart HTTP. */
async function startSmartServer(
  root: string,
): Promise<{ address: string; requests: string[]; server: Server }> {
  const requests: string[] = [];
  const smart = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    requests.push(url.pathname + url.search);
    if (url.pathname.endsWith("/DEPLOY_HEAD")) {
      response.end(readFileSync(join(root, url.pathname)));
      return;
    }
    const backend = spawn("git", ["http-backend"], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? "GET",
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "safe.directory",
        GIT_CONFIG_VALUE_0: "*",
      },
    });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    backend.once("close", () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf("\r\n\r\n");
      for (const line of output.subarray(0, end).toString().split("\r\n")) {
        const [name = "", value = ""] = line.split(/: (.*)/s);
        if (name === "Status") response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      response.end(output.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => smart.listen(0, "127.0.0.1", resolve));
  const address = smart.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return { address: `127.0.0.1:${address.port}`, requests, server: smart };
}

describe("a deploy server that speaks smart HTTP", () => {
  it("sends packs", async () => {
    server.publish(server.commit({ a: "one" }));
    const smart = await startSmartServer(join(directory, "www"));
    try {
      expect(await deployLocal(smart.address)).toMatchObject({ code: 0 });
      expect(readFileSync(join(final, "a"), "utf8")).toBe("one");
      expect(smart.requests.some((path) => path.endsWith("git-upload-pack"))).toBe(true);
    } finally {
      smart.server.closeAllConnections();
      await new Promise<unknown>((resolve) => smart.server.close(resolve));
    }
  });
});

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

  it("come from the deploy server, nested ones too (G34–G36)", async () => {
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
  it("replace their pointers, from the server that lfs.url names", async () => {
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
    } finally {
      lfs.closeAllConnections();
      await new Promise<unknown>((resolve) => lfs.close(resolve));
    }
  });
});
