import { expect, test } from "vitest";
import { parseIni } from "./ini.ts";
import { mergeSections } from "./sections.ts";

test.each([
  [{ fqdn: "Deploy01.DC1.example.", ignoreCase: true }, "host"],
  [{ fqdn: "deploy01.dc1.example", ignoreCase: true }, "host"],
  [{ fqdn: "Deploy01.DC1.example" }, "top"],
])("%j is compared with sections as it should be (config W18)", (match, expected) => {
  const text = "[global]\na: g\n[example]\na: top\n[deploy01.dc1.example]\na: host\n";
  const file = parseIni(text, "scap.cfg");
  expect(mergeSections([file], match).get("a")?.value).toBe(expected);
});
