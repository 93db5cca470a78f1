import { expect, test } from "vitest";
import { canonicalName, isCanonicalised } from "./canonical-name.ts";

const asked: string[] = [];
const findAddress = async (name: string): Promise<boolean> => {
  asked.push(name);
  return name === "web1.b.example.";
};

async function nameOf(name: string, lines: Readonly<Record<string, string>>): Promise<string> {
  asked.length = 0;
  const values = { canonicalizehostname: "yes", canonicaldomains: "a.example b.example c.example", ...lines };
  const words = Object.entries(values).map(([key, text]) => [key, text.split(" ")] as const);
  return await canonicalName(name, new Map(words), findAddress);
}

test("a short name gets the first domain in which it has an address", async () => {
  expect(await nameOf("web1", {})).toBe("web1.b.example");
  expect(asked).toEqual(["web1.a.example.", "web1.b.example."]);
});

test.each([
  ["web1.b.example", {}],
  ["192.0.2.1", {}],
  ["2001:db8::1", {}],
  ["web1", { canonicaldomains: "none" }],
  ["web1", { proxyjump: "bastion" }],
  ["web1", { canonicalizemaxdots: "-1" }],
])("%s stays as it is with %j, and nobody is asked", async (name, lines) => {
  expect([await nameOf(name, lines), asked]).toEqual([name, []]);
});

test("behind a proxy names are left alone, unless it says always", async () => {
  const always = { proxyjump: "bastion", canonicalizehostname: "always" };
  expect(await nameOf("web1", always)).toBe("web1.b.example");
  expect(await nameOf("web1", { proxyjump: "none" })).toBe("web1.b.example");
});

test("a name that has no address anywhere stays as it is, or is refused where that is configured", async () => {
  expect(await nameOf("db1", {})).toBe("db1");
  await expect(nameOf("db1", { canonicalizefallbacklocal: "no" })).rejects.toMatchObject({
    code: "BAD_SSH_CONFIG",
    message: "db1 has an address in none of CanonicalDomains: a.example b.example c.example",
  });
});

test("rules for aliases of DNS are refused", async () => {
  const rules = { canonicalizepermittedcnames: "*.a.example:*.b.example" };
  await expect(nameOf("web1", rules)).rejects.toThrow("CanonicalizePermittedCNAMEs is not supported");
});

test.each([
  [undefined, false],
  ["no", false],
  ["yes", true],
  ["Always", true],
])("CanonicalizeHostname %s means %j", (word, means) => {
  expect(isCanonicalised(() => word)).toBe(means);
});
