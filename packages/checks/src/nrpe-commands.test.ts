import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseNrpeCommands, readNrpeCommands } from "./nrpe-commands.ts";

test("reads command lines and ignores everything else (case 34)", () => {
  const text = [
    "# command[a]=x",
    "command[b]=/p/b 1 2",
    "  command[c] = /p/c",
    "command[d]\t=/p/d",
    "command[e]=a # b",
    ";command[f]=z",
    "command[i]=x command[j]=y",
    "Command[k]=x",
    "command[]=x",
    "command[h]=",
    "command[b]=again",
  ].join("\n");
  expect(Object.fromEntries(parseNrpeCommands(text))).toEqual({
    b: "again",
    c: "/p/c",
    d: "/p/d",
    e: "a # b",
    "i]=x command[j": "y",
  });
});

test("a command keeps characters that other programs take for line ends", () => {
  expect(parseNrpeCommands("command[a]=x\u2028y\rcommand[b]=z").get("a")).toBe("x\u2028y");
});

test("takes the same characters for white space as Python does", () => {
  const text = "\u001ccommand[a]=x\u0085\ncommand[b]=y\uFEFF\n\u00a0command[c]= \u001fz\u2003";
  expect(Object.fromEntries(parseNrpeCommands(text))).toEqual({ a: "x", b: "y\uFEFF", c: "\u001fz" });
});

test("reads the files in order, skips what it cannot read, and warns (checks W16)", () => {
  const directory = mkdtempSync(join(tmpdir(), "scap-nrpe-"));
  try {
    writeFileSync(join(directory, "b.cfg"), "command[x]=second $ARG1$\n");
    writeFileSync(join(directory, "a.cfg"), "command[x]=first\ncommand[y]=y\n");
    writeFileSync(join(directory, "c.cfg"), Buffer.from([0xff, 0xfe]));
    mkdirSync(join(directory, "sub"));
    const warnings: string[] = [];
    const commands = readNrpeCommands(directory, { onWarning: (message) => warnings.push(message) });
    expect(Object.fromEntries(commands)).toEqual({ x: "second $ARG1$", y: "y" });
    expect(warnings).toEqual([expect.stringContaining("has arguments"), expect.stringContaining("c.cfg")]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("no directory means no commands (case 35)", () => {
  expect(readNrpeCommands("/no/such/directory").size).toBe(0);
});
