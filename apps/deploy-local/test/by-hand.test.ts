import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { execFileSync, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, startDeployServer, type DeployServer, type Ended } from "./deploy-server.ts";
import { DEPLOY_LOCAL } from "./worker-process.ts";

let directory: string;
let server: DeployServer;
let root: string;
beforeEach(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-by-hand-test-")));
  server = await startDeployServer(directory);
  root = join(directory, "srv/acme/web-cache");
  configure(`git_server: ${server.address}\ngit_deploy_dir: ${directory}/srv\n`);
  mkdirSync(join(directory, "bin"));
  // Stands for sudo, /usr/sbin/service and systemctl: writes down what it is asked to do.
  writeFileSync(join(directory, "bin/sudo"), `#!/bin/sh\nprintf "%s\\n" "$*" >> ${directory}/sudo.log\n`, {
    mode: 0o755,
  });
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What `/etc/scap.cfg` of the host says. */
function configure(lines: string): void {
  writeFileSync(join(directory, "scap.cfg"), `[global]\n${lines}`);
}

const environment = (): Record<string, string> => ({
  SCAP_SYSTEM_CONFIG: join(directory, "scap.cfg"),
  PATH: `${directory}/bin:${process.env["PATH"]}`,
});

async function deployLocal(...args: string[]): Promise<Ended> {
  return await run(DEPLOY_LOCAL, args, environment(), directory);
}

/** What git was asked to do, without its settings. */
async function gitCommandsOf(work: () => Promise<unknown>): Promise<string[]> {
  const log = join(directory, "git.log");
  const git = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  writeFileSync(join(directory, "bin/git"), `#!/bin/sh\nprintf "%s\\n" "$*" >> ${log}\nexec ${git} "$@"\n`, {
    mode: 0o755,
  });
  await work();
  return readFileSync(log, "utf8").trimEnd().split("\n");
}

interface LogLine {
  readonly name: string;
  readonly msg: string;
  readonly args: readonly string[];
  readonly levelno: number;
}

function records(stdout: string): LogLine[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LogLine); // every line is a record, or this throws
}

describe("deploy-local as deploy servers of Python Scap call it, stage by stage (A3)", () => {
  const call = async (stage: string, ...more: string[]): Promise<Ended> =>
    await deployLocal("-v", "--repo", "acme/web", ...more, "-g", "canary", stage, "--refresh-config");

  it("checks a revision out once, into a directory that shares the cache's objects (deploy W45)", async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit);
    const commands = await gitCommandsOf(() => call("fetch"));
    const checkouts = commands.filter((command) =>
      /\b(?:checkout|read-tree|clone|reset|worktree)\b/.test(command),
    );
    expect(checkouts).toEqual([expect.stringMatching(/ read-tree --reset -u /)]);
    const objects = join(root, "revs", commit, ".git/objects");
    expect(readFileSync(join(objects, "info/alternates"), "utf8")).toContain("/cache/");
    expect(readdirSync(objects).filter((name) => name !== "info" && name !== "pack")).toEqual([]);
  });

  it("runs each stage, with every line of standard output a JSON record", async () => {
    const commit = server.commit({ a: "one" });
    const check = { command: "echo checked", after: "promote", group: "canary" };
    server.publish(
      commit,
      `service_name: web, worker=reload\nconfig_deploy: true\nchecks: ${JSON.stringify({ c: check })}
config_files: {files: [{name: b, template: "{{ x }}", output_format: null, erb_syntax: false}], override_vars: {x: 1}}\n`,
    );
    const names = new Set<string>();
    for (const stage of ["fetch", "config_deploy", "promote", "finalize"]) {
      const ended = await call(stage);
      expect(ended).toMatchObject({ code: 0, stderr: "" });
      for (const { name } of records(ended.stdout)) names.add(name);
    }
    expect([...names].toSorted()).toEqual(["checks", "deploy-local", "service_reload", "service_restart"]);
    expect(readFileSync(join(directory, "srv/acme/web/b"), "utf8")).toBe("1");
    expect(readlinkSync(join(root, ".done"))).toBe(`revs/${commit}`);
    expect(readFileSync(join(root, ".config"), "utf8")).toBe(
      readFileSync(join(server.checkout, ".git/DEPLOY_HEAD"), "utf8"),
    );
    expect(readFileSync(`${directory}/sudo.log`, "utf8")).toBe(
      "-n /usr/sbin/service web restart\n-n /usr/sbin/service worker reload\n",
    );
  });

  it("logs where it fetches from, and what there is nothing to do about", async () => {
    server.publish(server.commit({ a: "one" }));
    const [first] = records((await call("fetch")).stdout);
    expect(first).toMatchObject({
      name: "deploy-local",
      msg: "Fetch from: %s",
      args: [`http://${server.address}/acme/web/.git`],
    });
    const again = records((await call("fetch")).stdout).map(({ msg }) => msg);
    expect(again).toContain("Revision directory already exists (use --force to override)");
    expect((await call("fetch", "--force")).stdout).toContain("Fetch from: %s");
  });

  it("restarts services alone, shows differences alone, and goes back", async () => {
    server.publish(server.commit({ a: "one" }), "service_name: web\n");
    for (const stage of ["fetch", "promote", "finalize"]) await call(stage);
    const second = server.commit({ a: "two" });
    server.publish(second, "service_name: web\n");
    expect(await call("config_diff")).toMatchObject({ code: 0 });
    expect(await call("handle_service")).toMatchObject({ code: 0 });
    for (const stage of ["fetch", "promote", "rollback"])
      expect(await call(stage)).toMatchObject({ code: 0 });
    expect(readFileSync(join(directory, "srv/acme/web/a"), "utf8")).toBe("one");
    expect(existsSync(join(root, ".in-progress"))).toBe(false);
    expect(readFileSync(`${directory}/sudo.log`, "utf8")).toBe(
      "-n /usr/sbin/service web restart\n".repeat(4),
    );
  });
});

describe("the command line", () => {
  it("takes options in any place and form", async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit);
    mkdirSync(join(directory, "scap/environments/beta"), { recursive: true });
    for (const words of [
      "-r acme/web fetch",
      "fetch -racme/web",
      "--repo=acme/web --refresh-config fetch -f",
      "-vfr acme/web fetch --group canary",
      "--force --rep acme/web --refresh --verb fetch",
      "-r acme/web -- fetch",
      "-e beta -r acme/web --no-log-message --no-shared-authsock fetch",
      "-r wrong/repo -r acme/web -D umask:022 -Dgit_fat:False fetch",
    ]) {
      rmSync(join(root, ".in-progress"), { force: true });
      expect(await deployLocal(...words.split(" "))).toMatchObject({ code: 0, stderr: "" });
      expect(readlinkSync(join(root, ".in-progress"))).toBe(`revs/${commit}`);
    }
  });

  it.each([
    [["fetch"], 2, /-r|--repo/],
    [["-r", "acme/web", "fetch", "promote"], 2, /promote/],
    [["-r", "acme/web", "fetc"], 2, /fetc/],
    [["-r", "acme/web", "--nosuch", "fetch"], 2, /--nosuch/],
    [["-r"], 2, /-r|--repo/],
    [["-r", "acme/web", "-D", "x", "fetch"], 1, /x/],
    [["-r", "acme/web", "-D", "git_fat:maybe", "fetch"], 1, /maybe/],
    [["-r", "acme/web", "-e", "nosuch", "fetch"], 1, /nosuch/],
    [["-r", "acme/web", "-Dgit_server:", "fetch"], 1, /git_server/],
  ])("%j is refused with status %i, and nothing is created", async (args, code, message) => {
    const ended = await deployLocal(...args);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(ended).toMatchObject({ code });
    expect(existsSync(join(directory, "srv"))).toBe(false);
  });

  it("shows debug records with -v only, and text on standard error unless the deploy info wants JSON", async () => {
    const check = { command: "echo checked", before: "fetch" };
    server.publish(server.commit({ a: "one" }), `checks: ${JSON.stringify({ c: check })}\n`);
    const levels = async (...more: string[]): Promise<number[]> =>
      records((await deployLocal("-r", "acme/web", ...more, "fetch")).stdout).map(({ levelno }) => levelno);
    expect(Math.min(...(await levels("-v")))).toBe(10);
    expect(Math.min(...(await levels()))).toBe(20);
    const text = await deployLocal("-r", "acme/web", "-Dlog_json:false", "fetch");
    expect(text.stdout).toBe("");
    expect(text.stderr).toContain("Revision directory already exists");
  });

  it("ends with 130 when it is interrupted", async () => {
    const check = {
      command: `sh -c 'echo started >&2; touch ${directory}/started; sleep 60'`,
      before: "fetch",
    };
    server.publish(server.commit({ a: "one" }), `checks: ${JSON.stringify({ c: check })}\n`);
    const child = spawn(process.execPath, [DEPLOY_LOCAL, "-v", "-r", "acme/web", "fetch"], {
      cwd: directory,
      env: { ...process.env, ...environment() },
      stdio: ["pipe", "pipe", "ignore"],
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    child.stdout.once("data", () => child.kill("SIGINT"));
    expect(await ended).toBe(130);
  });
});

describe("the host's own configuration", () => {
  it("says what the deploy info does not, and -D beats both", async () => {
    configure(`git_server: ${server.address}\ngit_deploy_dir: ${directory}/srv
service_name: own\nservice_port: 1\nservice_timeout: 0.1\ncache_revs: 0\n`);
    server.publish(server.commit({ a: "one" }), "service_timeout: 0.2\ncache_revs: 7\n");
    const closed = await deployLocal("-r", "acme/web", "handle_service");
    expect(closed.stderr).toContain("port 1 after 0.2 s");
    expect(closed).toMatchObject({ code: 1 });
    expect(readFileSync(`${directory}/sudo.log`, "utf8")).toBe("-n /usr/sbin/service own restart\n");
    await deployLocal("-r", "acme/web", "-Dservice_name:given", "handle_service");
    expect(readFileSync(`${directory}/sudo.log`, "utf8")).toMatch(/service given restart\n$/);
  });

  it("is not in what lies in the login directory (config W15)", async () => {
    server.publish(server.commit({ a: "one" }));
    configure("");
    mkdirSync(join(directory, "scap"));
    const own = `[global]\ngit_server: ${server.address}\ngit_deploy_dir: ${directory}/srv\n`;
    writeFileSync(join(directory, "scap/scap.cfg"), own);
    const fetch = async (home: string): Promise<Ended> =>
      await run(DEPLOY_LOCAL, ["-r", "acme/web", "fetch"], { ...environment(), HOME: home }, directory);
    expect(await fetch(directory)).toMatchObject({ code: 1, stderr: expect.stringContaining("git_server") });
    expect(await fetch("/nonexistent")).toMatchObject({ code: 0 });
  });

  it("may be in a file of its own, or in part in the directory's scap/scap.cfg", async () => {
    server.publish(server.commit({ a: "one" }));
    configure("");
    const other = join(directory, "other.cfg");
    writeFileSync(other, `[global]\ngit_server: ${server.address}\ngit_deploy_dir: ${directory}/other\n`);
    expect(await deployLocal("-c", other, "-r", "acme/web", "fetch")).toMatchObject({ code: 0 });
    expect(existsSync(join(directory, "other/acme/web-cache/.config"))).toBe(true);

    configure(`git_deploy_dir: ${directory}/srv\n`);
    mkdirSync(join(directory, "scap"));
    writeFileSync(join(directory, "scap/scap.cfg"), `[global]\ngit_server: ${server.address}\n`);
    expect(await deployLocal("-r", "acme/web", "fetch")).toMatchObject({ code: 0 });
    expect(existsSync(join(root, ".config"))).toBe(true);
  });
});
