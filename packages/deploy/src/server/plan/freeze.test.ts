import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { requireNoFreeze } from "./freeze.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "scap-freeze-"))));
afterEach(() => rmSync(directory, { recursive: true }));

async function refusal(text: string | undefined, now = "2031-12-24T12:00:00Z"): Promise<string> {
  const file = join(directory, "freeze.yaml");
  if (text !== undefined) writeFileSync(file, text);
  const asked = requireNoFreeze({ files: [file], repo: "acme/web", now: new Date(now) });
  return await asked.then(
    () => "",
    (error: Error) => error.message.replaceAll(directory, ""),
  );
}

const HOLIDAYS = `freezes:
  - reason: holidays, nobody is there
    from: 2031-12-20T18:00:00+01:00
    until: 2032-01-02 08:00:00
`;

it.each([
  ["no file", undefined, ""],
  ["an empty file", "", ""],
  ["an empty list", "freezes: []\n", ""],
  [
    "a freeze in force",
    HOLIDAYS,
    "Deployments of acme/web are frozen until 2032-01-02T08:00:00Z: holidays, nobody is there (/freeze.yaml)",
  ],
  ["a freeze of other repositories", `${HOLIDAYS}    repositories: [infra/*, acme/webby]\n`, ""],
  [
    "a freeze of this one by pattern",
    `${HOLIDAYS}    repositories: [acme/*]\n`,
    "Deployments of acme/web are frozen",
  ],
  [
    "a freeze without beginning",
    "freezes:\n- {reason: x, until: 2031-12-31}\n",
    "frozen until 2031-12-31T00:00:00Z: x",
  ],
])("%s", async (_what, text, expected) => {
  const message = await refusal(text);
  if (expected === "") expect(message).toBe("");
  else expect(message).toContain(expected);
});

it("is over at its end, and not there before its beginning", async () => {
  expect(await refusal(HOLIDAYS, "2032-01-02T08:00:00Z")).toBe("");
  expect(await refusal(HOLIDAYS, "2031-12-20T16:59:59Z")).toBe("");
  expect(await refusal(HOLIDAYS, "2031-12-20T17:00:00Z")).toContain("frozen");
});

it.each([
  ["no list", "freezes: yes\n", "/freeze.yaml: expected a list under the key freezes, [] for none"],
  ["a list at the top", "- x\n", "expected a list under the key freezes"],
  ["no reason", "freezes:\n- until: 2031-12-31\n", "entry 1: reason must say why"],
  ["no end", "freezes:\n- reason: x\n", "entry 1: until must say when it ends"],
  [
    "an end before the beginning",
    "freezes:\n- {reason: x, from: 2031-12-31, until: 2031-12-20}\n",
    "entry 1: until is not after from",
  ],
  [
    "a misspelt key",
    "freezes:\n- {reason: x, until: 2031-12-31, repositries: [infra/*]}\n",
    'there is no key "repositries"; keys are from, reason, repositories, until',
  ],
  ["a day that is none", 'freezes:\n- {reason: x, until: "2031-02-31"}\n', '"2031-02-31" is no time such as'],
  ["a time that is none", "freezes:\n- {reason: x, until: tomorrow}\n", '"tomorrow" is no time such as'],
  ["bad YAML", "freezes: [\n", "there is a freeze: /freeze.yaml:"],
  [
    "a pattern that is no text",
    "freezes:\n- {reason: x, until: 2031-12-31, repositories: 5}\n",
    "names such as acme/*",
  ],
])("does not let a deployment pass with %s in the file", async (_what, text, expected) => {
  const message = await refusal(text);
  expect(message).toContain("Cannot tell whether there is a freeze");
  expect(message).toContain(expected);
});
