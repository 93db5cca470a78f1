import { createHash } from "node:crypto";
import { access, chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CACHE_DIRECTORY, FIND_NODE } from "../../src/server/delivery/cache-directory.ts";
import { parsePlatform, PLATFORM_SCRIPT } from "../../src/server/delivery/host-platform.ts";
import { storeParcel, type Parcel } from "../../src/server/delivery/parcel.ts";
import { runScript } from "../../src/server/delivery/run-script.ts";
import { Runtimes } from "../../src/server/delivery/runtimes.ts";
import { localShell, type LocalShellOptions } from "./local-shell.ts";

let home: string;
let host: LocalShellOptions;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "scap-delivery-"));
  host = { home };
});
afterEach(async () => rm(home, { recursive: true, force: true }));

describe("a parcel", () => {
  it("is stored once, and not sent again", async () => {
    const parcel = runtimeParcel("v22.1.0");
    expect(await storeParcel("web1", localShell(host), parcel)).toBe(true);
    expect(await storeParcel("web1", localShell(host), parcel)).toBe(false);
    expect(await cacheFiles()).toEqual([parcel.name]);
    expect(await readFile(join(cache(), parcel.name), "utf8")).toContain("v22.1.0");
  });

  it.each([0, 10, 65_000, 140_000])(
    "leaves nothing behind when the connection is cut after %i bytes",
    async (bytes) => {
      const parcel = runtimeParcel("v22.1.0", 300_000);
      host.cutAfterBytes = bytes;
      await expect(storeParcel("web1", localShell(host), parcel)).rejects.toMatchObject({
        code: "RUNTIME_NOT_STORED",
      });
      expect(await cacheFiles()).toEqual([]);
      expect(await storeParcel("web1", localShell(host), parcel)).toBe(true);
      expect(await cacheFiles()).toEqual([parcel.name]);
    },
  );

  it("that was damaged on its way is refused, with sha256sum and without", async () => {
    const parcel = { ...runtimeParcel("v22.1.0"), sha256: "0".repeat(64) };
    await expect(storeParcel("web1", localShell(host), parcel)).rejects.toThrow(
      "could not store Node on the host",
    );
    const short = { ...runtimeParcel("v22.1.0"), sizeBytes: 7 };
    host = { home, path: await pathWithout("sha256sum") };
    await expect(storeParcel("web1", localShell(host), short)).rejects.toThrow("of 7 bytes");
    expect(await cacheFiles()).toEqual([]);
    expect(await storeParcel("web1", localShell(host), runtimeParcel("v22.1.0"))).toBe(true);
  });

  it("that was damaged after it was stored is replaced", async () => {
    const parcel = runtimeParcel("v22.1.0");
    await storeParcel("web1", localShell(host), parcel);
    await writeFile(join(cache(), parcel.name), "half");
    expect(await storeParcel("web1", localShell(host), parcel)).toBe(true);
    expect(await cacheFiles()).toEqual([parcel.name]);
  });

  it("that does not run on the host is refused with what the system said", async () => {
    const script = "#!/bin/sh\necho 'libstdc++.so.6: cannot open shared object file' >&2; exit 127\n";
    await expect(storeParcel("web1", localShell(host), parcelOf(script))).rejects.toThrow(
      "could not store Node on the host: it does not run there as Node 20.19 or newer: libstdc++.so.6: cannot open",
    );
    expect(await cacheFiles()).toEqual([]);
  });

  it("that is no Node is refused with the first line of what it says", async () => {
    const script = "#!/bin/sh\nprintf 'true (GNU coreutils) 9.1\\nWritten by somebody\\n'\n";
    await expect(storeParcel("web1", localShell(host), parcelOf(script))).rejects.toThrow(
      "it does not run there as Node 20.19 or newer: true (GNU coreutils) 9.1",
    );
  });

  it("is refused with a reason where the home directory cannot be written", async () => {
    await writeFile(join(home, "file"), "");
    host = { home: join(home, "file") };
    await expect(storeParcel("web1", localShell(host), runtimeParcel("v22.1.0"))).rejects.toThrow(
      "Not a directory",
    );
  });

  it("sweeps away what an interrupted delivery left an hour ago", async () => {
    await mkdir(cache(), { recursive: true });
    const shell = localShell(host);
    await runScript(
      shell,
      `${CACHE_DIRECTORY}\ntouch -d '2 hours ago' "$dir/.node-old.1"; touch "$dir/.node-new.2"`,
    );
    const parcel = runtimeParcel("v22.1.0");
    await storeParcel("web1", shell, parcel);
    expect(await cacheFiles()).toEqual([".node-new.2", parcel.name]);
  });
});

describe("the Node that a host uses", () => {
  it.each([
    ["v20.19.0", true],
    ["v20.20.2", true],
    ["v21.0.0", true],
    ["v22.14.0", true],
    ["v30.1.2", true],
    ["v100.0.0", true],
    ["v20.18.3", false],
    ["v20.2.10", false],
    ["v18.20.4", false],
    ["v9.1.2", false],
    ["v2.19.0", false],
  ])("%s fits: %s", async (version, isFitting) => {
    const path = join(home, "bin");
    await mkdir(path);
    await program(join(path, "node"), version);
    host = { home, path: `${path}:${await pathWithout("node")}` };
    expect(await chosenNode()).toBe(isFitting ? "node" : "");
  });

  it("is a delivered one where the search path has none or one that is too old", async () => {
    const path = join(home, "bin");
    await mkdir(path);
    await program(join(path, "node"), "v18.1.0");
    host = { home, path: `${path}:${await pathWithout("node")}` };
    const parcel = runtimeParcel("v22.1.0");
    await storeParcel("web1", localShell(host), parcel);
    expect(await chosenNode()).toBe(join(cache(), parcel.name));
  });
});

describe("runtimes for hosts", () => {
  it("are this process's own Node where it fits, compressed once and kept", async () => {
    const platform = parsePlatform((await runScript(localShell(host), PLATFORM_SCRIPT)).stdout);
    expect(platform).toMatchObject({ system: "Linux", libc: "glibc" });
    if (platform === undefined) return;
    const options = { mode: "auto", files: [], directory: join(home, "runtimes") } as const;
    const runtime = await new Runtimes(options).for(platform);
    expect(runtime?.facts.machine).toBe(platform.machine);
    expect(runtime?.sentBytes).toBeLessThan((runtime?.sizeBytes ?? 0) / 2);
    const files = await readdir(options.directory);
    expect(await new Runtimes(options).for(platform)).toMatchObject({ sha256: runtime?.sha256 });
    expect(await readdir(options.directory)).toEqual(files);

    expect(await new Runtimes(options).for({ ...platform, machine: "aarch64" })).toBeUndefined();
    expect(await new Runtimes(options).for({ ...platform, libc: "musl" })).toBeUndefined();
    expect(await new Runtimes(options).for({ ...platform, libcVersion: "2.5" })).toBeUndefined();
    expect(await new Runtimes(options).for({ ...platform, system: "FreeBSD" })).toBeUndefined();
  });

  it("come from a tarball that the operator named before that", async () => {
    const tree = join(home, "node-v22.1.0-linux-arm64/bin");
    await mkdir(tree, { recursive: true });
    const head = Buffer.alloc(200);
    head.write("\x7fELF\x02\x01", "latin1");
    head.writeUInt16LE(183, 18);
    head.write("/lib/ld-linux-aarch64.so.1\0", 100);
    await writeFile(join(tree, "node"), Buffer.concat([head, Buffer.from("GLIBC_2.17\0GLIBC_2.28\0")]));
    const tarball = join(home, "node.tar.gz");
    await runScript(localShell(host), `cd "$HOME" && tar -czf node.tar.gz node-v22.1.0-linux-arm64`);
    const runtimes = new Runtimes({
      ...{ mode: "auto", files: [tarball], directory: join(home, "runtimes"), own: tarball },
    });
    const platform = { system: "Linux", machine: "aarch64", libc: "glibc", libcVersion: "2.36" } as const;
    expect((await runtimes.for(platform))?.facts).toMatchObject({ machine: "aarch64", libcVersion: "2.28" });
    expect(await runtimes.for({ ...platform, libcVersion: "2.27" })).toBeUndefined();
  });

  it("say what is wrong with a file that is none", async () => {
    const file = join(home, "text");
    await writeFile(file, "no program");
    const named = (path: string): Promise<unknown> =>
      new Runtimes({ mode: "auto", files: [path], directory: join(home, "runtimes") }).for({
        ...{ system: "Linux", machine: "x86_64", libc: "glibc", libcVersion: "2.36" },
      });
    await expect(named(file)).rejects.toThrow(`Cannot take a Node for targets from ${file}: it is neither`);
    await expect(named(join(home, "missing"))).rejects.toThrow("There is no Node for targets at");
  });
});

async function chosenNode(): Promise<string> {
  const script = `${CACHE_DIRECTORY}\n${FIND_NODE}\necho "$node"`;
  return (await runScript(localShell(host), script)).stdout.trim();
}

function cache(): string {
  return join(home, ".cache/scap");
}

async function cacheFiles(): Promise<string[]> {
  return (await readdir(cache()).catch(() => [])).toSorted((a, b) => (a < b ? -1 : 1));
}

/** A stand-in for Node of which only the version is asked, padded with what does not compress. */
function runtimeParcel(version: string, padBytes = 0): Parcel {
  const pad = Array.from({ length: padBytes / 64 }, (_, at) =>
    createHash("sha256").update(`${at}`).digest("hex"),
  );
  return parcelOf(`#!/bin/sh\necho ${version}\nexit\n${pad.join("\n")}`);
}

function parcelOf(script: string): Parcel {
  const bytes = Buffer.from(script);
  const packed = gzipSync(bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const size = { sizeBytes: bytes.length, sentBytes: packed.length };
  const flags = { isCompressed: true, isRuntime: true };
  return {
    label: "Node",
    name: `node-${sha256}`,
    sha256,
    ...size,
    ...flags,
    open: () => Readable.from(chunks(packed)),
  };
}

function* chunks(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += 4_096) yield bytes.subarray(from, from + 4_096);
}

async function program(file: string, version: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\necho ${version}\n`);
  await chmod(file, 0o755);
}

/** A folder with everything that the scripts use apart from one program. */
async function pathWithout(name: string): Promise<string> {
  const folder = join(home, `without-${name}`);
  await mkdir(folder, { recursive: true });
  const tools = [
    "cat",
    "chmod",
    "find",
    "getconf",
    "gzip",
    "mkdir",
    "mv",
    "rm",
    "sha256sum",
    "sync",
    "tar",
    "uname",
    "wc",
  ];
  for (const tool of tools) {
    if (tool === name) continue;
    const from = await access(`/usr/bin/${tool}`).then(
      () => `/usr/bin/${tool}`,
      () => `/bin/${tool}`,
    );
    await copyFile(from, join(folder, tool));
  }
  return folder;
}
