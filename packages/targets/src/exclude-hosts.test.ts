import { expect, test } from "vitest";
import { excludeHosts } from "./exclude-hosts.ts";

const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ["127.0.0.1", "::1"],
  "127.0.0.1": ["127.0.0.1"],
  "web1.example.org": ["192.0.2.1"],
  web1: ["192.0.2.1"],
};

function resolver(): { asked: string[]; resolve: (name: string) => Promise<readonly string[]> } {
  const asked: string[] = [];
  return {
    asked,
    resolve: (name) => {
      asked.push(name);
      return Promise.resolve(NAMES[name] ?? []);
    },
  };
}

test("17: a host is excluded under another of its names (ssh W15)", async () => {
  const { resolve } = resolver();
  expect(await excludeHosts(["localhost", "h2"], ["127.0.0.1"], { resolve })).toEqual(["h2"]);
  expect(await excludeHosts(["web1", "web2"], ["WEB1.example.org."], { resolve })).toEqual(["web2"]);
});

test("the system's resolver knows localhost, and an unknown name is compared as it is", async () => {
  expect(await excludeHosts(["localhost", "nope.invalid"], ["127.0.0.1"])).toEqual(["nope.invalid"]);
});

test("each name is looked up once, and none when nothing is excluded (ssh W15)", async () => {
  const { asked, resolve } = resolver();
  await excludeHosts(["web1", "WEB1", "h2"], ["h2"], { resolve });
  expect(asked.toSorted()).toEqual(["h2", "web1"]);
  await excludeHosts(["h3"], [], { resolve });
  expect(asked).not.toContain("h3");
});
