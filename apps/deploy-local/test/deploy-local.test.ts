import { createServer } from "node:net";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, startDeployServer, type DeployServer, type Ended } from "./deploy-server.ts";
import { DEPLOY_LOCAL } from "./worker-process.ts";

let directory: string;
let server: DeployServer;
let root: string;
let final: string;
beforeEach(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-deploy-local-test-")));
  server = await startDeployServer(directory);
  final = join(directory, "srv/acme/web");
  root = `${final}-cache`;
  mkdirSync(join(directory, "bin"));
  // Stands for sudo, /usr/sbin/service and systemctl: writes down what it is asked to do.
  writeFileSync(join(directory, "bin/sudo"), `#!/bin/sh\nshift\necho "$@" >> ${directory}/sudo.log\n`, {
    mode: 0o755,
  });
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function deployLocal(...args: string[]): Promise<Ended> {
  const defines = [`-Dgit_server:${server.address}`, `-Dgit_deploy_dir:${directory}/srv`];
  const path = `${directory}/bin:${process.env["PATH"]}`;
  return await run(DEPLOY_LOCAL, ["-r", "acme/web", ...defines, ...args], { PATH: path }, directory);
}

const sudoLog = (): string =>
  existsSync(`${directory}/sudo.log`) ? readFileSync(`${directory}/sudo.log`, "utf8") : "";

const checks = (definitions: Record<string, object>): string => `checks: ${JSON.stringify(definitions)}\n`;

describe("deploy-local without a stage", () => {
  it("deploys, has nothing to do the second time, does all with --force, and finalizes (B1) (B2) (B3) (B4)", async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit, "service_name: app\n");
    expect(await deployLocal()).toMatchObject({ code: 0, stderr: "" });
    expect(readlinkSync(final)).toBe(`web-cache/revs/${commit}`);
    expect(readlinkSync(join(root, ".in-progress"))).toBe(`revs/${commit}`);
    expect(existsSync(join(root, ".done"))).toBe(false);
    expect(sudoLog()).toBe("/usr/sbin/service app restart\n");

    const again = await deployLocal();
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain("already live");
    expect(sudoLog()).toBe("/usr/sbin/service app restart\n");

    expect(await deployLocal("--force")).toMatchObject({ code: 0 });
    expect(sudoLog()).toBe("/usr/sbin/service app restart\n".repeat(2));

    expect(await deployLocal("finalize")).toMatchObject({ code: 0 });
    expect(readlinkSync(join(root, ".done"))).toBe(`revs/${commit}`);
    expect(existsSync(join(root, ".in-progress"))).toBe(false);
  });

  it("works from the cached deploy info while the server is down, not with --refresh-config (B5) (B6)", async () => {
    server.publish(server.commit({ a: "one" }));
    expect(await deployLocal()).toMatchObject({ code: 0 });
    await server.close();
    expect(await deployLocal("config_deploy")).toMatchObject({ code: 0 });
    const before = readFileSync(join(root, ".config"), "utf8");
    const refused = await deployLocal("config_deploy", "--refresh-config");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/Cannot get the deploy info from http/);
    expect(readFileSync(join(root, ".config"), "utf8")).toBe(before);
  }, 30_000);

  it("leaves nothing behind when the repository is not known to the server", async () => {
    const ended = await run(
      DEPLOY_LOCAL,
      ["-r", "acme/nosuch", `-Dgit_server:${server.address}`, `-Dgit_deploy_dir:${directory}/srv`],
      {},
      directory,
    );
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(/the server answered 404/);
    expect(existsSync(join(directory, "srv"))).toBe(false);
  });

  it.each([["../up"], ["/etc"], ["a/../../b"], ["a b"], ["-x"]])(
    "refuses the repository name %j (deploy W41)",
    async (repo) => {
      const ended = await run(DEPLOY_LOCAL, [`--repo=${repo}`, "-Dgit_server:localhost"], {}, directory);
      expect(ended).toMatchObject({ code: 2 });
      expect(ended.stderr).toMatch(/is not a repository name/);
    },
  );
});

describe("rollback", () => {
  it("only forgets a revision that was fetched and not promoted (B7)", async () => {
    server.publish(server.commit({ a: "one" }));
    await deployLocal();
    await deployLocal("finalize");
    const second = server.commit({ a: "two" });
    server.publish(
      second,
      `service_name: app\n${checks({ c: { command: `touch ${directory}/ran`, after: "rollback" } })}`,
    );
    expect(await deployLocal("fetch", "--refresh-config")).toMatchObject({ code: 0 });
    const ended = await deployLocal("rollback");
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain(second);
    expect(existsSync(join(root, ".in-progress"))).toBe(false);
    expect(existsSync(join(directory, "ran"))).toBe(false);
    expect(sudoLog()).toBe("");
  });

  it("goes back, with the checks of rollback and handle_service and a restart (B8) (B17)", async () => {
    const first = server.commit({ a: "one" });
    server.publish(first);
    await deployLocal();
    await deployLocal("finalize");
    const note = (name: string, more: object): object => ({
      command: `sh -c 'echo ${name} >> ${directory}/order'`,
      ...more,
    });
    server.publish(
      server.commit({ a: "two" }),
      `service_name: app\n${checks({
        p: note("promote", { after: "promote" }),
        b: note("before", { before: "rollback" }),
        r: note("after", { after: "rollback" }),
        h: note("service", { after: "restart_service" }),
        s: note("old", { stage: "restart_service" }),
      })}`,
    );
    await deployLocal("fetch", "--refresh-config");
    await deployLocal("promote");
    writeFileSync(join(directory, "order"), "");
    expect(await deployLocal("rollback")).toMatchObject({ code: 0 });
    expect(readFileSync(join(directory, "order"), "utf8")).toBe("before\nafter\nservice\nold\n");
    expect(readlinkSync(final)).toBe(`web-cache/revs/${first}`);
    expect(sudoLog()).toBe("/usr/sbin/service app restart\n".repeat(2));
  });

  it("is refused with status 70 when there is nothing to go back to (B9)", async () => {
    server.publish(server.commit({ a: "one" }));
    await deployLocal("fetch");
    const ended = await deployLocal("rollback");
    expect(ended).toMatchObject({ code: 70 });
    expect(ended.stderr).toMatch(/no revision to roll back to/);
  });

  it("puts back what was there before a first deployment", async () => {
    mkdirSync(final, { recursive: true });
    writeFileSync(join(final, "page"), "by hand");
    server.publish(server.commit({ a: "one" }));
    await deployLocal();
    expect(readdirSync(join(directory, "srv/acme")).filter((name) => /^web\.\d{4}/.test(name))).toHaveLength(
      1,
    );
    expect(await deployLocal("rollback")).toMatchObject({ code: 0 });
    expect(readFileSync(join(final, "page"), "utf8")).toBe("by hand");
  });
});

describe("the revision's directory", () => {
  it("is rebuilt when it is no repository (B10) (deploy W16)", async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit);
    mkdirSync(join(root, "revs", commit), { recursive: true });
    writeFileSync(join(root, "revs", commit, "junk"), "");
    expect(await deployLocal()).toMatchObject({ code: 0 });
    expect(readdirSync(join(root, "revs"))).toEqual([commit]);
    expect(readdirSync(join(final)).toSorted()).toEqual([".git", "a"]);
  });

  it("is completed when an interrupted run left files out (B20) (deploy W15)", async () => {
    const commit = server.commit({ a: "one", b: "two" });
    server.publish(commit);
    await deployLocal("fetch");
    rmSync(join(root, "revs", commit, ".git/scap-complete"));
    rmSync(join(root, "revs", commit, "b"));
    expect(await deployLocal("fetch")).toMatchObject({ code: 0 });
    expect(readFileSync(join(root, "revs", commit, "b"), "utf8")).toBe("two");
  });
});

describe("checks", () => {
  it.each([
    ["a timeout is status 2 (B12)", { c: { command: "sleep 3", timeout: 1, after: "fetch" } }, "fetch", 2],
    ["a failure is status 1", { c: { command: "false", after: "fetch" } }, "fetch", 1],
    [
      "an unknown stage is refused before the stage (B13)",
      { c: { command: "true", after: "fetchx" } },
      "fetch",
      1,
    ],
    [
      "a missing script fails fetch (B14)",
      { c: { type: "script", command: "no.sh", after: "promote" } },
      "fetch",
      1,
    ],
  ])("%s", async (_name, definitions, stage, code) => {
    server.publish(server.commit({ a: "one" }), checks(definitions));
    expect(await deployLocal(stage)).toMatchObject({ code });
  });

  it("run for the group that is given, and all of them without one (B15)", async () => {
    const check = (group: string): object => ({
      command: `touch ${directory}/${group}`,
      group,
      before: "fetch",
    });
    server.publish(server.commit({ a: "one" }), checks({ c: check("canary"), o: check("other") }));
    await deployLocal("-g", "canary", "fetch");
    expect([existsSync(`${directory}/canary`), existsSync(`${directory}/other`)]).toEqual([true, false]);
    await deployLocal("fetch");
    expect(existsSync(`${directory}/other`)).toBe(true);
  });

  it("before a stage run even when it has nothing to do, after it not (B16)", async () => {
    const append = (word: string): string => `sh -c 'echo ${word} >> ${directory}/order'`;
    const definitions = {
      b: { command: append("before"), before: "promote" },
      a: { command: append("after"), after: "promote" },
    };
    server.publish(server.commit({ a: "one" }), checks(definitions));
    await deployLocal();
    await deployLocal("promote");
    expect(readFileSync(join(directory, "order"), "utf8")).toBe("before\nafter\nbefore\n");
  });

  it("get the environment and directory of the contract", async () => {
    const commit = server.commit({
      "scap/scripts/env.sh": `#!/bin/sh\npwd > ${directory}/env\nenv | grep ^SCAP_ | sort >> ${directory}/env\n`,
    });
    server.publish(commit, checks({ e: { type: "script", command: "env.sh", after: "fetch" } }));
    expect(await deployLocal("fetch")).toMatchObject({ code: 0 });
    const lines = readFileSync(join(directory, "env"), "utf8").trim().split("\n");
    expect(lines.filter((line) => !line.startsWith("SCAP_WORKER="))).toEqual([
      root,
      `SCAP_FINAL_PATH=${final}`,
      `SCAP_REVS_DIR=${root}/revs`,
      `SCAP_REV_PATH=${root}/revs/${commit}`,
    ]);
  });
});

describe("services", () => {
  it.each([
    ["a=stop", 1, ""],
    ["a = reload", 0, "/usr/sbin/service a reload\n"],
    ["a,,b", 1, ""],
    ["a=reload:disable-secondary,b=restart", 0, "/usr/sbin/service a reload\n/usr/sbin/service b restart\n"],
  ])("service_name %j (B21) (deploy W27)", async (names, code, log) => {
    server.publish(server.commit({ a: "one" }), `service_name: ${JSON.stringify(names)}\n`);
    expect(await deployLocal("handle_service")).toMatchObject({ code });
    expect(sudoLog()).toBe(log);
  });

  it("stops and disables a service on a secondary host (B22)", async () => {
    writeFileSync(join(directory, "secondary"), "");
    server.publish(server.commit({ a: "one" }), "service_name: a=reload:disable-secondary,b=restart\n");
    await deployLocal("handle_service", `-Dsecondary_host_signal_file:${directory}/secondary`);
    expect(sudoLog()).toBe(
      "/usr/sbin/service a stop\n/bin/systemctl disable a\n/usr/sbin/service b restart\n",
    );
  });

  it("enables and starts it again when the host is no longer secondary, and only then (deploy W28)", async () => {
    const signal = join(directory, "secondary");
    writeFileSync(signal, "");
    server.publish(server.commit({ a: "one" }), "service_name: a=reload:disable-secondary\n");
    await deployLocal("handle_service", `-Dsecondary_host_signal_file:${signal}`);
    rmSync(signal);
    rmSync(`${directory}/sudo.log`);
    await deployLocal("handle_service", `-Dsecondary_host_signal_file:${signal}`);
    expect(sudoLog()).toBe("/bin/systemctl enable a\n/usr/sbin/service a restart\n");
    await deployLocal("handle_service", `-Dsecondary_host_signal_file:${signal}`);
    expect(sudoLog()).toMatch(/a restart\n\/usr\/sbin\/service a reload\n$/);
  });

  it("waits for the port, and says when it stays closed (B24)", async () => {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const address = listener.address();
    const port = typeof address === "object" ? address?.port : 0;
    server.publish(
      server.commit({ a: "one" }),
      `service_name: a\nservice_port: '${port}'\nservice_timeout: 5.0\n`,
    );
    expect(await deployLocal("handle_service")).toMatchObject({ code: 0 });
    await new Promise<unknown>((resolve) => listener.close(resolve));
    server.publish(
      server.commit({ a: "two" }),
      `service_name: a\nservice_port: '${port}'\nservice_timeout: 0.3\n`,
    );
    const closed = await deployLocal("handle_service", "--refresh-config");
    expect(closed).toMatchObject({ code: 1 });
    expect(closed.stderr).toMatch(/Nothing accepts connections on port/);
  });

  it("skips services that the systemctl which stands first on PATH does not know (B23)", async () => {
    const systemctl = `#!/bin/sh\necho "$@" >> ${directory}/asked\n[ "$4" = b ] && echo LoadState=loaded || echo LoadState=not-found\n`;
    writeFileSync(join(directory, "bin/systemctl"), systemctl, { mode: 0o755 });
    server.publish(server.commit({ a: "one" }), "service_name: miss, b\nrequire_valid_service: true\n");
    const { code, stdout } = await deployLocal("handle_service");
    expect([code, stdout]).toEqual([0, expect.stringContaining('"args": ["miss"]')]);
    expect(sudoLog()).toBe("/usr/sbin/service b restart\n");
    expect(readFileSync(join(directory, "asked"), "utf8")).toBe(
      "show --property LoadState miss\nshow --property LoadState b\n",
    );
  });

  it("are through once a restart succeeds that failed after a switch", async () => {
    const unsettled = join(root, ".scap/unsettled");
    writeFileSync(join(directory, "bin/sudo"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    server.publish(server.commit({ a: "one" }), "service_name: app\n");
    expect(await deployLocal()).toMatchObject({ code: 1 });
    expect(existsSync(unsettled)).toBe(true);
    writeFileSync(join(directory, "bin/sudo"), "#!/bin/sh\n", { mode: 0o755 });
    expect(await deployLocal("handle_service")).toMatchObject({ code: 0 });
    expect(existsSync(unsettled)).toBe(false);
  });

  it("are no help to a switch whose checks failed", async () => {
    server.publish(
      server.commit({ a: "one" }),
      `service_name: app\n${checks({ c: { type: "command", command: "false", after: "promote" } })}`,
    );
    expect(await deployLocal()).toMatchObject({ code: 1 });
    expect(await deployLocal("handle_service")).toMatchObject({ code: 0 });
    expect(existsSync(join(root, ".scap/unsettled"))).toBe(true);
  });
});

describe("a deploy info from outside", () => {
  it("is refused when it has a tag that would run code (B28) (deploy W37)", async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit, `user: !!python/object/apply:os.system ['touch ${directory}/pwned']\n`);
    expect(await deployLocal()).toMatchObject({ code: 1 });
    expect(existsSync(join(directory, "pwned"))).toBe(false);
    expect(existsSync(root)).toBe(false);
  });

  it("is not read when it is far too large, whether it comes from the server or lies here", async () => {
    server.publish(server.commit({ a: "one" }));
    const published = join(server.checkout, ".git/DEPLOY_HEAD");
    const text = readFileSync(published, "utf8");
    truncateSync(published, 1_000_000_000);
    const refused = await deployLocal();
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("it is larger than 16 MiB");
    writeFileSync(published, text);
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, ".config"), "");
    truncateSync(join(root, ".config"), 1_000_000_000);
    expect(await deployLocal("fetch")).toMatchObject({ code: 0 });
  });

  it("cannot make git take a tag for an option or fetch something else", async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit);
    writeFileSync(
      join(server.checkout, ".git/DEPLOY_HEAD"),
      `commit: ${commit}\ntag: "x:refs/heads/evil --upload-pack=x"\n`,
    );
    const ended = await deployLocal();
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(/is not the name of a tag/);
  });
});

describe("help and usage", () => {
  it("explains itself and refuses what it does not know (cli W22)", async () => {
    const help = await run(DEPLOY_LOCAL, ["--help"], {}, directory);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("--refresh-config");
    expect(await deployLocal("nosuch")).toMatchObject({ code: 2 });
    expect(await run(DEPLOY_LOCAL, [], {}, directory)).toMatchObject({ code: 2 });
  });
});

describe("links", () => {
  it("are symbolic links, not directories", async () => {
    server.publish(server.commit({ a: "one" }));
    await deployLocal();
    expect(lstatSync(final).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(root, "current")).isSymbolicLink()).toBe(true);
  });
});
