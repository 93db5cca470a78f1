import { describe, expect, it } from "vitest";
import type { Command } from "./command.ts";
import { UsageError } from "./errors.ts";
import { parseArguments } from "./parse-arguments.ts";

const deploy: Command = {
  name: "deploy",
  summary: "Deploy",
  arguments: [{ name: "message", summary: "log message", count: "any" }],
  options: [
    { name: "rev", short: "r", type: "string", value: "REV", summary: "revision" },
    {
      name: "stages",
      short: "s",
      type: "string",
      choices: ["fetch", "config_deploy", "promote"],
      summary: "one stage",
    },
    { name: "limit-hosts", short: "l", type: "string", repeat: true, summary: "limit" },
    { name: "force", short: "f", type: "flag", summary: "force" },
    { name: "init", short: "i", type: "flag", summary: "init" },
    { name: "service-restart", type: "flag", summary: "restart" },
    { name: "wait", short: "w", type: "integer", summary: "seconds" },
    { name: "sudo", type: "string", optionalValue: "root", summary: "with sudo" },
  ],
};
const syncFile: Command = {
  name: "sync-file",
  summary: "Sync",
  arguments: [
    { name: "file", summary: "what", count: "one" },
    { name: "message", summary: "why", count: "any" },
  ],
  options: [{ name: "verbosity", short: "v", type: "string", summary: "owns -v" }],
};

function parse(
  line: string,
  command = deploy,
): { options: ReturnType<typeof parseArguments>["options"]; message: string } {
  const parsed = parseArguments(command, line === "" ? [] : line.split(" "));
  return { options: parsed.options, message: (parsed.words.get("message") ?? []).join(" ") };
}

describe("parseArguments", () => {
  it("takes values apart from their options in every spelling", () => {
    for (const line of ["-r v1", "-rv1", "--rev v1", "--rev=v1", "--re v1"]) {
      expect(parse(line).options.string("rev")).toBe("v1");
    }
  });

  it("combines short flags and joins the words of the message", () => {
    const { options, message } = parse("-fi msg more");
    expect([options.flag("force"), options.flag("init"), message]).toEqual([true, true, "msg more"]);
  });

  it("keeps the text of values, one and no list (cli W11)", () => {
    expect(parse("-r 0012").options.string("rev")).toBe("0012");
    expect(parse("-r 1e5").options.string("rev")).toBe("1e5");
    expect(parse("-r one -r two").options.string("rev")).toBe("two");
  });

  it("takes a negative number as the value of an integer", () => {
    expect(parse("-w -5").options.integer("wait")).toBe(-5);
  });

  it("takes what follows two dashes as words", () => {
    expect(parse("-f -- -x").message).toBe("-x");
  });

  it("collects a repeatable option", () => {
    expect(parse("-l web1 -l web2").options.list("limit-hosts")).toEqual(["web1", "web2"]);
  });

  it("takes options behind the words of an argument for options (cli W10)", () => {
    const { message, options } = parse("srv1 srv2 -l web1 --force");
    expect([message, options.list("limit-hosts"), options.flag("force")]).toEqual([
      "srv1 srv2",
      ["web1"],
      true,
    ]);
    expect(() => parse("srv1 srv2 --nosuch")).toThrow(/Unknown option --nosuch/);
  });

  it("never takes the next word for a value that may be left out", () => {
    const bare = parse("--sudo web1");
    expect([bare.options.string("sudo"), bare.message]).toEqual(["root", "web1"]);
    expect(parse("--sudo=www web1").options.string("sudo")).toBe("www");
  });

  it("gives a short form to the command that owns it", () => {
    expect(parse("file -v x", syncFile).options.string("verbosity")).toBe("x");
    expect(parse("-v").options.flag("verbose")).toBe(true);
  });

  it.each([
    ["--s x", /Ambiguous option --s: could be --stages, --service-restart/],
    ["-s fetch,promote", /invalid choice "fetch,promote" \(choose from fetch, config_deploy, promote\)/],
    ["a -f b", /Extra arguments: "b"/],
    ["-l", /-l needs a value/],
    ["-l -f", /-l needs a value/],
    ["-w x", /"x" is not an integer/],
    ["--force=yes", /--force takes no value/],
    ["--forse", /Unknown option --forse/],
    ["-fz", /Unknown option -z/],
  ])("refuses %s", (line, message) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(message);
  });

  it("gives the first block of words to all positionals that it can satisfy", () => {
    expect(parse("f why not", syncFile).message).toBe("why not");
    expect(() => parse("f --no-log-message why", syncFile)).toThrow(/Extra arguments/);
    expect(() => parse("", syncFile)).toThrow(/Missing argument: file/);
  });
});
