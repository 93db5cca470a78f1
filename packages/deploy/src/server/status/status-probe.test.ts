import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parseStatusProbe } from "./status-probe.ts";
import { targetPathsScript } from "../target-paths-script.ts";

const [LIVE, OLD, BAD] = ["a".repeat(40), "b".repeat(40), "d".repeat(40)];
const ROOT = "/srv/deployment/acme/web-cache";
const ANSWER = [
  "Welcome to web1",
  "== scap-status 1",
  `root ${ROOT}`,
  `final ${ROOT}/revs/${LIVE}`,
  `done ${ROOT}/revs/${LIVE}`,
  `current ${ROOT}/revs/${LIVE}`,
  "== promoted",
  `${ROOT}/revs/${LIVE}/.git/scap-promoted`,
  `${ROOT}/revs/${BAD}/.git/scap-promoted`,
  `${ROOT}/revs/${OLD}/.git/scap-promoted`,
  "== verdicts",
  JSON.stringify({ [BAD]: { verdict: "bad", reason: "x", at: "" }, [LIVE]: { verdict: "good", at: "" } }),
  "== edited",
  " M index.php",
  "?? conf/app.yaml",
  "== git 0",
  "== config",
  "conf/app.yaml: OK",
  "/etc/web/app: x.yaml: FAILED open or read",
  "== processes",
  "name 12 php-fpm8.2",
  "name 13 php-fpm8.2",
  "name 14 python3",
  `(standard input):/proc/12/cwd -> ${ROOT}/revs/${OLD}`,
  `(standard input):/proc/13/cwd -> ${ROOT}/revs/${LIVE}`,
  `(standard input):/proc/14/cwd -> /srv/other/revs/${OLD}`,
  `/proc/12/maps:${ROOT}/revs/${OLD}`,
  "== end",
  "",
];

it("reads what a host answers, past a greeting of its login shell", () => {
  expect(parseStatusProbe(ANSWER.join("\n"))).toEqual({
    current: LIVE,
    done: LIVE,
    inProgress: null,
    previous: OLD,
    verdict: { verdict: "good" },
    damage: [],
    edited: [" M index.php"],
    configDrift: ["/etc/web/app: x.yaml"],
    staleProcesses: [{ revision: OLD, command: "php-fpm8.2", pid: 12 }],
  });
});

it("takes no answer for whole that was cut anywhere", () => {
  for (let end = 0; end < ANSWER.length - 1; end++) {
    expect(parseStatusProbe(ANSWER.slice(0, end).join("\n"))).toBeUndefined();
  }
});

it("does not take a git that fails for an unedited tree", () => {
  const text = ANSWER.join("\n").replace("== git 0", "== git 128");
  expect(parseStatusProbe(text)?.edited).toBeNull();
});

it.each([
  ["unsettled", /service may be older than the code/],
  ["journal", /a switch was interrupted/],
  ["drained", /not put back/],
])("tells what the note %s means", (note, words) => {
  const text = ANSWER.join("\n").replace("== promoted", `${note}\n== promoted`);
  expect(parseStatusProbe(text)?.damage).toEqual([expect.stringMatching(words)]);
});

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "scap-probe-"))));
afterEach(() => rmSync(directory, { recursive: true }));

it.each([
  ["no file", undefined, "/srv/deployment"],
  ["[global]", "[global]\r\n  Other: 1\r\n# x\r\ngit_deploy_dir = /srv/own \r\n", "/srv/own"],
  ["a foreign section", "[global]\ngit_deploy_dir: /a\n[other.example]\ngit_deploy_dir: /b\n", "/a"],
  [
    "the host's section, wherever it stands",
    `[${fqdn()}]\ngit_deploy_dir: /b\n[global]\ngit_deploy_dir: /a\n`,
    "/b",
  ],
])("finds git_deploy_dir as the target's configuration says it: %s", (_name, text, expected) => {
  const file = join(directory, "scap.cfg");
  if (text !== undefined) writeFileSync(file, text);
  const script = `${targetPathsScript({ repo: "acme/web", gitDeployDir: "/srv/deployment" })}\necho "$final $root"`;
  const stdout = execFileSync("sh", ["-c", script], {
    encoding: "utf8",
    env: { ...process.env, SCAP_SYSTEM_CONFIG: file },
  });
  expect(stdout).toBe(`${expected}/acme/web ${expected}/acme/web-cache\n`);
});

function fqdn(): string {
  try {
    return execFileSync("hostname", ["-f"], { encoding: "utf8" }).trim();
  } catch {
    return hostname();
  }
}
