import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { effectiveFqdn } from "../src/index.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-fqdn-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function resolve(hosts: string): Promise<string> {
  const hostsFile = join(root, "hosts");
  await writeFile(hostsFile, hosts);
  return await effectiveFqdn({ hostname: "deploy1", hostsFile, timeoutMs: 1 });
}

test("a given name is taken as it is", async () => {
  expect(await effectiveFqdn({ fqdn: "Deploy1.example" })).toBe("Deploy1.example");
});

test.each([
  ["127.0.0.1 localhost\n127.0.1.1 deploy1.dc1.example deploy1\n", "deploy1.dc1.example"],
  ["10.0.0.1\tdeploy1 # here\n10.0.0.1 other deploy1.example\n", "deploy1.example"],
  ["10.0.0.1 deploy1\n", "deploy1"],
  ["10.0.0.1 deploy10.example\n", "deploy1"],
  ["", "deploy1"],
])("of the hosts file %j the name is %s", async (hosts, expected) => {
  expect(await resolve(hosts)).toBe(expected);
});
