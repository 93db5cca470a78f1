import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DeployInfo } from "./deploy-info.ts";
import { parseDeployInfo } from "./parse-deploy-info.ts";
import { serialiseDeployInfo } from "./serialise-deploy-info.ts";

const COMMIT = "4f2a9c1e0b7d8a6655443322110099ffeeddccbb";

const INFO: DeployInfo = {
  tag: "scap/sync/2031-04-05/0001",
  commit: COMMIT,
  git_rev: COMMIT,
  user: "deployer",
  timestamp: "2031-04-05T06:07:08.123456",
  original_origin: "https://git.example.org/acme/web",
  log_json: true,
  perform_checks: true,
};

describe("writing a deploy info", () => {
  it("gives the bytes of Python Scap, ordered maps included", () => {
    const text = readFileSync(new URL("../test/fixtures/DEPLOY_HEAD", import.meta.url), "utf8");
    expect(serialiseDeployInfo(parseDeployInfo(text, "DEPLOY_HEAD"), { orderedChecks: true })).toBe(text);
  });

  it("has the keys in alphabetical order and quotes what YAML could misread", () => {
    const text = serialiseDeployInfo({
      ...INFO,
      service_port: "8080",
      user: "no",
      checks: { zeta: { type: "command", command: "true" }, alpha: {} },
      config_files: {
        files: [{ name: "a.yaml", output_format: null, template: "port: {{ port }}\n", erb_syntax: false }],
        override_vars: new Map<unknown, unknown>([
          ["b", 1],
          ["2", "x"],
        ]),
      },
    });
    expect(text).toMatchInlineSnapshot(`
      "checks:
        zeta:
          type: command
          command: 'true'
        alpha: {}
      commit: 4f2a9c1e0b7d8a6655443322110099ffeeddccbb
      config_files:
        files:
        - erb_syntax: false
          name: a.yaml
          output_format: null
          template: 'port: {{ port }}

            '
        override_vars:
          '2': x
          b: 1
      git_rev: 4f2a9c1e0b7d8a6655443322110099ffeeddccbb
      log_json: true
      original_origin: https://git.example.org/acme/web
      perform_checks: true
      service_port: '8080'
      tag: scap/sync/2031-04-05/0001
      timestamp: '2031-04-05T06:07:08.123456'
      user: 'no'
      "
    `);
  });

  it.each([
    "1234e5",
    "0123",
    "12:30",
    "yes",
    "~",
    "null",
    "0x1f",
    "1_000",
    "=",
    "<<",
    "2031-04-05",
    " x",
    "a: b",
    "-",
    "é\n#",
  ])("keeps the text %j", (user) => {
    expect(parseDeployInfo(serialiseDeployInfo({ ...INFO, user }), "x").user).toBe(user);
  });
});

describe("reading a deploy info", () => {
  it("reads back what was written", () => {
    expect(parseDeployInfo(serialiseDeployInfo(INFO), "DEPLOY_HEAD")).toEqual(INFO);
  });

  it("accepts Python's ordered maps, and keeps their order (B27)", () => {
    const text = `checks: !!python/object/apply:collections.OrderedDict
- - - smoke
    - !!python/object/apply:collections.OrderedDict
      - - - type
          - command
        - - timeout
          - 60
  - - old_one
    - !!python/object/apply:collections.OrderedDict
      - []
commit: ${COMMIT}
`;
    const { checks } = parseDeployInfo(text, "DEPLOY_HEAD");
    expect([...(checks as Map<string, unknown>).keys()]).toEqual(["smoke", "old_one"]);
    const plain = `checks:\n  smoke: {type: command, timeout: 60}\n  old_one: {}\ncommit: ${COMMIT}\n`;
    expect(parseDeployInfo(plain, "DEPLOY_HEAD").checks).toEqual(checks);
  });

  it.each([
    "!!python/object/apply:os.system ['touch /tmp/pwned']",
    "!!python/name:os.system",
    "!!js/function 'x'",
  ])("refuses the tag of %s", (value) => {
    expect(() => parseDeployInfo(`commit: ${COMMIT}\nuser: ${value}\n`, "DEPLOY_HEAD")).toThrow(
      /DEPLOY_HEAD is not a deploy info/,
    );
  });

  it("takes ids and times without quotes as text", () => {
    const digits = "0123456789012345678901234567890123456789";
    const text = `commit: ${digits}\nservice_port: 08080\ntimestamp: 2031-04-05T06:07:08.123456\nuser: 1234e5\n`;
    expect(parseDeployInfo(text, "x")).toMatchObject({
      commit: digits,
      service_port: "08080",
      timestamp: "2031-04-05T06:07:08.123456",
      user: "1234e5",
    });
  });

  it.each([
    ["", /expected a mapping/],
    ["[a]", /expected a mapping/],
    ["user: x", /names no commit/],
    [`commit: ${COMMIT}\ncache_revs: many`, /cache_revs must be a number/],
    [`commit: ${COMMIT}\ngit_submodules: 7`, /git_submodules must be true or false/],
    [`commit: ${COMMIT}\nuser: [a]`, /user must be a text/],
    ["a: &a [b]\nc: [*a, *a", /is not a deploy info/],
  ])("refuses %j with one sentence", (text, message) => {
    expect(() => parseDeployInfo(text, "DEPLOY_HEAD")).toThrow(message);
  });

  it("refuses a text that is too large", () => {
    expect(() => parseDeployInfo("#".repeat(17 * 1024 * 1024), "DEPLOY_HEAD")).toThrow(/larger than 16 MiB/);
  });
});

describe("numbers of a deploy info", () => {
  const read = (line: string): DeployInfo => parseDeployInfo(`commit: ${COMMIT}\n${line}\n`, "DEPLOY_HEAD");

  it.each([
    ["5.7", 5],
    ["-5.7", -5],
    ["'1_000'", 1000],
    ["' +5 '", 5],
    ["true", 1],
    ["'010'", 10],
  ])("are integers as Python reads them: %s", (written, value) => {
    expect(read(`cache_revs: ${written}`).cache_revs).toBe(value);
  });

  it.each(["'0x10'", "1e3", "'5.0'", "''", "[5]", "{}", "'.5'", "abc", "2031-04-05", ".inf"])(
    "are refused as integers where Python refuses them: %s",
    (written) => expect(() => read(`cache_revs: ${written}`)).toThrow("cache_revs must be a number"),
  );

  it.each([
    ["1e3", 1000],
    ["'1_0.5'", 10.5],
    [".inf", Infinity],
    ["'inf'", Infinity],
    ["off", 0],
  ])("are seconds as Python reads them: %s", (written, value) => {
    expect(read(`service_timeout: ${written}`).service_timeout).toBe(value);
  });

  it.each(["'0x10'", ".nan", "''", "[5]", "x"])(
    "are refused as seconds where they say nothing: %s",
    (written) => {
      expect(() => read(`service_timeout: ${written}`)).toThrow("service_timeout must be a number");
    },
  );

  it("keep a time without end, which the configuration allows", () => {
    const info = read("service_timeout: .inf");
    expect(parseDeployInfo(serialiseDeployInfo(info), "DEPLOY_HEAD").service_timeout).toBe(Infinity);
  });
});
