import { expect, it } from "vitest";
import { examineHost, type HostNeeds } from "./examine-host.ts";
import { foldFindings, limitTo, type HostFinding } from "./finding.ts";
import type { HostFacts } from "./host-facts.ts";
import { parseHostFacts } from "./parse-host-facts.ts";

const COMMIT = "a".repeat(40);
const ANSWER = [
  "Welcome to web1",
  "== scap-check 1",
  "clock 1700000000",
  "user deploy",
  "final /srv/deployment/acme/web",
  "git git version 2.39.5",
  "node node",
  "platform Linux x86_64 glibc 2.36",
  "deploy-bytes /dev/my disk     1000000 200000 800000 20% /srv data",
  "deploy-inodes /dev/vda1        1000 100 900 10% /srv",
  "cache-bytes /dev/vda1     1000000 200000 800000 20% /",
  "cache-inodes none              0       0       0    - /",
  "cache-options rw,noexec",
  `current ${COMMIT}`,
  `done ${COMMIT}`,
  `back ${COMMIT}`,
  "== end",
];
const NEEDS: HostNeeds = {
  repo: "acme/web",
  deployBytes: 1_000_000,
  deployInodes: 100,
  cacheBytes: 1_000_000,
  runtime: undefined,
  runtimeMode: "auto",
  clockAheadSeconds: 0,
};

it("reads what a host answers, past a greeting of its login shell", () => {
  expect(facts()).toMatchObject({
    clock: 1_700_000_000,
    gitVersion: "2.39.5",
    hasNode: true,
    deployRoom: { freeBytes: 800_000 * 1024, freeInodes: 900, mount: "/srv data", flags: [] },
    cacheRoom: { freeBytes: 800_000 * 1024, freeInodes: undefined, mount: "/", flags: ["rw", "noexec"] },
    back: { commit: COMMIT, isMissing: false, gone: [], isRendered: true },
  });
});

it("takes no answer for whole that was cut anywhere", () => {
  for (let end = 0; end < ANSWER.length; end++) {
    expect(parseHostFacts(ANSWER.slice(0, end).join("\n"))).toBeUndefined();
  }
});

it("finds nothing on a host that is well", () => {
  expect(examineHost(facts(), NEEDS)).toEqual([]);
});

it.each<[string, Partial<HostFacts>, Partial<HostNeeds>, Partial<HostFinding>, string]>([
  [
    "a program that is missing",
    { missing: ["flock"] },
    {},
    { code: "PROGRAM_MISSING", cause: "flock is not installed" },
    "scap run 'web[1-180]' 'apt-get install -y util-linux' --sudo",
  ],
  [
    "a file of runtime_files that cannot be used",
    { hasNode: false },
    { runtimeFailure: "Cannot take a Node for targets from /srv/a.tgz: it is junk" },
    {
      code: "NODE_MISSING",
      cause: "there is no Node 20.19 or newer. Cannot take a Node for targets from /srv/a.tgz: it is junk",
    },
    "scap config explain runtime_files",
  ],
  [
    "a program that no distribution has",
    { missing: ["git-fat"] },
    {},
    { code: "PROGRAM_MISSING", cause: "git-fat is not installed" },
    "put git-fat into a directory of the ssh user's PATH",
  ],
  [
    "a git that is too old",
    { gitVersion: "2.20.1" },
    {},
    { code: "GIT_TOO_OLD", cause: "git is too old: 2.30 or newer is needed", detail: "git 2.20.1" },
    "scap run 'web[1-180]' 'apt-get install -y git' --sudo",
  ],
  [
    "a directory that cannot be written",
    { unwritable: ["/srv/my deployment"] },
    {},
    { code: "NOT_WRITABLE", cause: "deploy cannot write to /srv/my deployment" },
    `scap run 'web[1-180]' 'chown deploy '\\''/srv/my deployment'\\''' --sudo`,
  ],
  [
    "a directory that cannot be made where nothing may change hands",
    { unmakable: ["/srv/my deployment"] },
    {},
    { code: "NOT_WRITABLE", cause: "deploy cannot make /srv/my deployment" },
    `scap run 'web[1-180]' 'install -d -o deploy '\\''/srv/my deployment'\\''' --sudo`,
  ],
  [
    "directories of a repository that somebody else has made",
    { unwritable: ["revs", ".scap"].map((name) => `/srv/deployment/acme/web-cache/${name}`) },
    {},
    {
      code: "NOT_WRITABLE",
      cause: "deploy cannot write everywhere in /srv/deployment/acme/web-cache",
      detail: "not in /srv/deployment/acme/web-cache/revs",
    },
    "scap run 'web[1-180]' 'chown -R deploy /srv/deployment/acme/web-cache' --sudo",
  ],
  [
    "a file system that is mounted read-only",
    {
      unwritable: ["/srv/deployment"],
      deployRoom: { freeBytes: undefined, freeInodes: undefined, mount: "/srv", flags: ["ro", "relatime"] },
    },
    {},
    { code: "READ_ONLY", cause: "/srv is mounted read-only" },
    "scap run 'web[1-180]' 'mount -o remount,rw /srv' --sudo",
  ],
  [
    "a full disk",
    { deployRoom: { freeBytes: 900_000, freeInodes: undefined, mount: "/srv", flags: [] } },
    {},
    {
      code: "DISK_FULL",
      cause: expect.stringMatching(/^too little room on \/srv for \/srv\/deployment\/acme\/web: /),
      detail: "900 kB free",
    },
    "scap run 'web[1-180]' 'du -sh /srv/deployment/acme/web-cache/revs/*; df -h /srv' --safe   # shows what to make room from",
  ],
  [
    "too few inodes",
    { deployRoom: { freeBytes: undefined, freeInodes: 7, mount: "/my data", flags: [] } },
    {},
    { code: "INODES_FULL", detail: "7 free" },
    `scap run 'web[1-180]' 'du --inodes -xd2 '\\''/my data'\\'' | sort -n | tail' --safe   # shows what to make room from`,
  ],
  [
    "a clock that is behind",
    {},
    { clockAheadSeconds: -61.2 },
    { code: "CLOCK_SKEW", detail: "61 s behind" },
    "scap run 'web[1-180]' 'timedatectl set-ntp true' --sudo",
  ],
  [
    "no Node where none may be sent",
    { hasNode: false },
    { runtimeMode: "never" },
    { code: "NODE_MISSING", cause: 'there is no Node 20.19 or newer, and runtime is "never"' },
    "scap install-world -Druntime:auto -l 'web[1:180]'",
  ],
  [
    "no Node where none fits",
    { hasNode: false },
    {},
    { cause: "there is no Node 20.19 or newer, and none to send for Linux x86_64, glibc 2.36" },
    "name a tarball of Node for it in runtime_files",
  ],
])("finds %s, and the command that repairs it", (_name, changed, needs, expected, repair) => {
  const [finding, ...others] = examineHost({ ...facts(), ...changed }, { ...NEEDS, ...needs });
  expect(finding).toMatchObject({ level: "problem", ...expected });
  const hosts = Array.from({ length: 180 }, (_, at) => `web${at + 1}`);
  expect(finding?.repair?.(hosts)).toBe(repair);
  expect(others).toEqual([]);
});

it("says how much is sent to a host without Node, that it cannot run there, and counts it as needed room", () => {
  const runtime = {
    ...{
      label: "Node v22.1.0",
      name: "node-x",
      sha256: "x",
      sizeBytes: 2_000_000_000,
      sentBytes: 37_000_000,
    },
    ...{ isCompressed: true, isRuntime: true, open: () => expect.fail("not sent") },
  };
  const found = examineHost({ ...facts(), hasNode: false }, { ...NEEDS, runtime });
  expect(found.map(({ code }) => code)).toEqual(["NODE_SENT", "NOEXEC", "DISK_FULL"]);
  expect(found[1]?.cause).toBe("/ is mounted noexec, so that the Node to be sent cannot run there");
  expect(found[1]?.repair?.(["web1"])).toBe("scap run web1 'mount -o remount,exec /' --sudo");
  expect(found[0]).toMatchObject({
    level: "note",
    cause: "there is no Node 20.19 or newer: Node v22.1.0 is sent once (37 MB each)",
  });
});

it("puts equal causes of hosts together, problems of most hosts first", () => {
  const note: HostFinding = { level: "note", code: "N", cause: "a note" };
  const rare: HostFinding = { level: "problem", code: "R", cause: "rare" };
  const often: HostFinding = { level: "problem", code: "O", cause: "often", detail: "x" };
  const found = [
    { host: "web1", finding: note },
    { host: "web1", finding: rare },
    { host: "web2", finding: often },
    { host: "web3", finding: often },
  ];
  expect(foldFindings(found).map(({ cause, hosts }) => [cause, ...hosts])).toEqual([
    ["often", "web2", "web3"],
    ["rare", "web1"],
    ["a note", "web1"],
  ]);
});

it("writes hosts as limits do", () => {
  expect(limitTo(["web1"])).toBe("-l web1");
  expect(limitTo(["web1", "web2", "web3", "web7", "db1"])).toBe("-l 'db1,web[1:3],web7'");
  expect(limitTo(["web01.dc", "web02.dc"], "!")).toBe("-l '!web[01:02].dc'");
});

function facts(): HostFacts {
  const found = parseHostFacts(ANSWER.join("\n"));
  if (found === undefined) throw new Error("not an answer");
  return found;
}
