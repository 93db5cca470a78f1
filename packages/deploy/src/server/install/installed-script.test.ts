import { expect, it } from "vitest";
import { noteScript, parseInstalled, removeScript } from "./installed-script.ts";

const ANSWER = [
  "Welcome to web1",
  "== scap-installed 1",
  "own",
  "platform Linux x86_64 glibc 2.36",
  "file   949219 deploy-local-abc.mjs",
  "file 52 version-1.2.0",
  "part version-1.2.0 deploy-local-abc.mjs",
  "part version-1.2.0 node-def",
  "used ",
  "used deploy-local-abc.mjs",
  "used deploy-local-abc.mjs",
  "== end",
];

it("reads what is installed on a host", () => {
  expect(parseInstalled(ANSWER.join("\n"))).toEqual({
    platform: "Linux x86_64 glibc 2.36",
    hasOwnNode: true,
    versions: new Map([["1.2.0", ["deploy-local-abc.mjs", "node-def"]]]),
    files: [
      { name: "deploy-local-abc.mjs", bytes: 949_219 },
      { name: "version-1.2.0", bytes: 52 },
    ],
    inUse: ["deploy-local-abc.mjs"],
  });
});

it("takes no answer for whole that was cut anywhere", () => {
  for (let end = 0; end < ANSWER.length; end++) {
    expect(parseInstalled(ANSWER.slice(0, end).join("\n"))).toBeUndefined();
  }
});

it.each(["$(reboot)", "a b", "../x", "-rf", ".hidden", "x;y", ""])(
  "never puts %j into shell text",
  (name) => {
    expect(() => removeScript([name])).toThrow("Not a name");
    expect(() => noteScript("1.0.0", [name])).toThrow("Not a name");
    expect(() => noteScript(name, ["node-a"])).toThrow("Not a name");
  },
);
