import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, startDeployServer, type DeployServer, type Ended } from "./deploy-server.ts";
import { DEPLOY_LOCAL } from "./worker-process.ts";

let directory: string;
let server: DeployServer;
let commit: string;
beforeEach(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-checks-test-")));
  server = await startDeployServer(directory);
  commit = server.commit({ "scap/scripts/s.sh": `#!/bin/sh\n{ echo "$#"; pwd; env; } > ${at("env")}\n` });
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const at = (name: string): string => join(directory, name);
/** A command that leaves a trace. */
const note = (word: string): string => `sh -c 'echo ${word} >> ${at("ran")}'`;
const ran = (): string[] => (existsSync(at("ran")) ? readFileSync(at("ran"), "utf8").trim().split("\n") : []);

async function stage(...args: string[]): Promise<Ended> {
  const defines = [`-Dgit_server:${server.address}`, `-Dgit_deploy_dir:${at("srv")}`];
  return await run(DEPLOY_LOCAL, ["-r", "acme/web", "--refresh-config", ...defines, ...args], {}, directory);
}

function publish(definitions: unknown, more = ""): void {
  server.publish(commit, `checks: ${JSON.stringify(definitions)}\n${more}`);
}

describe("checks of the deploy info", () => {
  it("may be null (case 1)", async () => {
    server.publish(commit, "checks:\n");
    expect(await stage("fetch")).toMatchObject({ code: 0 });
  });

  it("may be an ordered mapping of Python, whose order counts (case 11)", async () => {
    const pair = (name: string, options: string): string =>
      `- - - ${name}\n    - !!python/object/apply:collections.OrderedDict\n      ${options}`;
    const command = (word: string): string => JSON.stringify(note(word));
    const options = (word: string): string =>
      `- - - command\n          - ${command(word)}\n        - - before\n          - fetch\n`;
    server.publish(
      commit,
      `checks: !!python/object/apply:collections.OrderedDict\n${pair("b", options("b"))}${pair("a", options("a")).replace("- - -", "  - -")}  - - off\n    - !!python/object/apply:collections.OrderedDict\n      - []\n`,
    );
    expect(await stage("fetch")).toMatchObject({ code: 0 });
    expect(ran()).toEqual(["b", "a"]);
  });

  it("are refused with a tag that makes objects (case 12)", async () => {
    const command = `!!python/object/apply:os.system ["touch ${at("ran")}"]`;
    server.publish(commit, `checks: {a: {command: ${command}, before: fetch}}\n`);
    expect(await stage("fetch")).toMatchObject({ code: 1 });
    expect(ran()).toEqual([]);
  });
});

describe("the status of a stage", () => {
  const last = (): object => ({ command: note("second"), before: "fetch" });

  it.each([
    ["1 after a failure (case 14)", { command: "false" }, 1],
    ["2 after a timeout (case 18)", { command: "sleep 30", timeout: 0.3 }, 2],
    ["1 for a program that is not there (case 26)", { command: "/no/such/cmd" }, 1],
  ])("is %s, and the next check runs", async (_, first, code) => {
    publish({ first: { ...first, before: "fetch" }, second: last() });
    const ended = await stage("fetch");
    expect(ended).toMatchObject({ code });
    expect(ran()).toEqual(["second"]);
    expect(ended.stderr).toContain("first");
  });

  it.each([
    ["canary", 1],
    ["default", 0],
    [undefined, 1],
  ])("counts a check of the canary group on a target of %s: %i (case 29)", async (group, code) => {
    publish({ a: { command: "false", after: "fetch", group: "canary" } });
    expect(await stage("fetch", ...(group === undefined ? [] : ["-g", group]))).toMatchObject({ code });
  });

  it("counts checks of restart_service at handle_service (case 30)", async () => {
    publish({
      b: { command: note("before"), before: "restart_service" },
      a: { command: note("after"), after: "restart_service" },
    });
    expect(await stage("handle_service")).toMatchObject({ code: 0 });
    expect(ran()).toEqual(["before", "after"]);
  });
});

describe("nothing runs", () => {
  it("where a check names an unknown stage (case 31)", async () => {
    publish({
      first: { command: note("first"), before: "fetch" },
      a: { command: "true", after: "restart" },
    });
    const ended = await stage("fetch");
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain("restart");
    expect(ran()).toEqual([]);
  });

  it("at the stage of a check without command, and at others it does not matter (case 32)", async () => {
    publish({ first: { command: note("first"), after: "promote" }, a: { after: "promote" } });
    expect(await stage("fetch")).toMatchObject({ code: 0 });
    expect(await stage("promote")).toMatchObject({ code: 1 });
    expect(ran()).toEqual([]);
  });

  it("where one of the checks cannot run, and all of those are told (cases 7 and 33)", async () => {
    publish({});
    await stage("fetch");
    publish({
      x: { command: note("x"), after: "promote" },
      y: { type: "script", command: "no.sh", after: "promote" },
      z: { type: "nrpe", command: "no_nrpe", after: "promote" },
      t: { type: "no_type", command: "x", after: "promote" },
    });
    const ended = await stage("promote");
    expect(ended).toMatchObject({ code: 1 });
    for (const word of ["no.sh", "no_nrpe", "no_type"]) expect(ended.stderr).toContain(word);
    expect(ran()).toEqual([]);
  });

  it("with perform_checks: false", async () => {
    publish({ a: { command: "false", before: "fetch" } }, "perform_checks: false\n");
    expect(await stage("fetch")).toMatchObject({ code: 0 });
  });
});

it("a script gets the environment of the contract and no arguments (case 37)", async () => {
  publish({ s: { type: "script", command: "s.sh", after: "fetch" } });
  expect(await stage("fetch")).toMatchObject({ code: 0 });
  const [count, cwd, ...env] = readFileSync(at("env"), "utf8").trim().split("\n");
  const root = at("srv/acme/web-cache");
  expect([count, cwd]).toEqual(["0", root]);
  expect(env).toEqual(
    expect.arrayContaining([
      `SCAP_REV_PATH=${root}/revs/${commit}`,
      `SCAP_REVS_DIR=${root}/revs`,
      `SCAP_FINAL_PATH=${at("srv/acme/web")}`,
    ]),
  );
  expect(env.filter((line) => /^SCAP_(?:CURRENT|DONE)/.test(line))).toEqual([]);
});

it("NRPE commands come from nrpe_dir of the deploy info", async () => {
  mkdirSync(at("nrpe.d"));
  writeFileSync(at("nrpe.d/a.cfg"), `command[check_it] = ${note("nrpe")}\n`);
  publish({ n: { type: "nrpe", command: "check_it", after: "fetch" } }, `nrpe_dir: ${at("nrpe.d")}\n`);
  expect(await stage("fetch")).toMatchObject({ code: 0 });
  expect(ran()).toEqual(["nrpe"]);
});
