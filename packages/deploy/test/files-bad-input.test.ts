import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readVariables, TemplateError } from "@scap/template";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { DeployError } from "../src/errors.ts";
import { loadConfigFiles } from "../src/server/plan/config-files.ts";
import { activeFreeze } from "../src/server/plan/freeze.ts";
import { parsePlanFile } from "../src/server/plan/plan-file.ts";

const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);

/** The YAML files that people write for deployments, besides checks, and what reads them. */
const FILES: Readonly<Record<string, { readonly whole: string; read(): unknown }>> = {
  "config-files.yaml": {
    whole: `# é
/etc/web/app.yaml: {template: t.j2, remote_vars: /etc/s.yaml, mode: "0640", owner: web}
"conf/a b": &other
  template: t.j2
  validate: nginx -t -c %s
  output_format: yaml
conf/c: *other
`,
    read: configFiles,
  },
  "vars.yaml": {
    whole: `host: é
list: [1, 0x1f, 1.5, "\\u00e9", ~]
deep:
  - a: |-
      text
base: &base {x: yes}
other:
  <<: *base
`,
    read: configFiles,
  },
  "freeze.yaml": {
    whole: `freezes:
  - reason: "nobody's there"
    from: 2031-12-20T18:00:00+01:00
    until: 2032-01-02 08:00:00
    repositories: [shop/*, acme/web]
`,
    read: async () =>
      await activeFreeze({ files: [path("freeze.yaml")], repo: "acme/web", now: new Date("2031-12-24") }),
  },
  "remote-vars.yaml": {
    whole: "password: !!str 1\nkeys: [a, 'b', \"c\"]\n? x\n: - 2031-04-05\n",
    read: () => readVariables(path("remote-vars.yaml")),
  },
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-files-bad-"));
  mkdirSync(join(directory, "templates"));
  writeFileSync(join(directory, "templates/t.j2"), "{{ host }}");
});
afterEach(() => rmSync(directory, { recursive: true }));

const path = (name: string): string => join(directory, name);

async function configFiles(): Promise<unknown> {
  const settings = { configDeploy: true };
  return await loadConfigFiles({ directories: [directory], settings });
}

/** A text gives a result, or one sentence that says which file is wrong; nothing runs. */
async function expectSense(name: string, text: string | Uint8Array): Promise<void> {
  for (const other of ["config-files.yaml", "vars.yaml"]) {
    const { whole = "" } = FILES[other] ?? {};
    writeFileSync(path(other), whole);
  }
  writeFileSync(path(name), text);
  try {
    await FILES[name]?.read();
  } catch (error) {
    if (!(error instanceof DeployError) && !(error instanceof TemplateError)) throw error;
    expect(error.message).toContain(name);
  }
  expect(readdirSync(directory)).not.toContain("ran");
}

describe("plan.json", () => {
  const lines = ["mode: deploy", "host web1 in é"];
  const digest = createHash("sha256").update(lines.join("\n")).digest("hex");
  const request = { mode: "deploy", limits: ["web*"], force: false, message: "it's 5 o'clock" };
  const whole = Buffer.from(JSON.stringify({ kind: "scap-deploy-plan-1", digest, request, lines }, null, 2));

  test("is a plan when it is whole, and none when it is cut at any byte", () => {
    expect(parsePlanFile(whole.toString(), "plan.json")).toMatchObject({ digest, lines, request });
    for (let end = 0; end < whole.length; end += 1)
      expect(parsePlanFile(whole.subarray(0, end).toString(), "plan.json")).toBeUndefined();
  });

  test("is never another plan with any byte changed", () => {
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      try {
        const plan = parsePlanFile(changed.toString(), "plan.json");
        if (plan !== undefined) expect(plan.lines).toEqual(lines);
      } catch (error) {
        expect(error).toMatchObject({ code: "BAD_PLAN" });
      }
    }
  });
});

describe.each(Object.keys(FILES))(`%s (seed ${SEED})`, (name) => {
  const whole = FILES[name]?.whole ?? "";

  test("is understood when it is whole", async () => {
    writeFileSync(path(name), whole);
    if (name === "vars.yaml") writeFileSync(path("config-files.yaml"), "{}");
    await FILES[name]?.read();
  });

  test("may be cut at any byte", async () => {
    const bytes = Buffer.from(whole);
    for (let end = 0; end < bytes.length; end += 1) await expectSense(name, bytes.subarray(0, end));
  });

  test("may be garbage", async () => {
    const words = [
      "freezes:",
      "\n",
      "  ",
      "a: ",
      "{",
      "}",
      "[",
      "- ",
      "&a ",
      "*a",
      "<<: ",
      "!!x ",
      "|",
      "'",
      "\t",
      "#",
    ];
    const hostile = [
      "\0",
      "../",
      "$(touch ran)",
      "until: ",
      "template: ",
      "1e999",
      "null",
      "__proto__: ",
      "2031-01-01",
    ];
    const soup = fc
      .array(fc.constantFrom(...words, ...hostile), { maxLength: 30 })
      .map((parts) => parts.join(""));
    const garbage = fc.oneof(fc.string({ unit: "binary" }), soup);
    const holds = fc.asyncProperty(garbage, async (text) => await expectSense(name, text));
    await fc.assert(holds, { seed: SEED, numRuns: 80 });
  });
});
