import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { argv, createSshPool, HostKeyError, shellText, type SshPool } from "../src/index.ts";
import { hasSshd, sshdNote, type Sshd, startSshd } from "./sshd-fixture.ts";

describe.skipIf(!hasSshd && !process.env["CI"])(`a pool over a real sshd${sshdNote}`, () => {
  let sshd: Sshd;
  let pool: SshPool;

  beforeAll(async () => {
    sshd = await startSshd();
    pool = createSshPool(sshd.poolOptions);
  });
  afterAll(async () => {
    await pool.close();
    await sshd.stop();
  });

  it("runs a command and keeps the two output streams apart", async () => {
    const connection = await pool.connect("host1");
    const process = await connection.exec(shellText("echo out; echo err >&2; exit 3"));
    const [out, err] = await Promise.all([text(process.stdout), text(process.stderr)]);
    expect([out, err]).toEqual(["out\n", "err\n"]);
    expect(await process.exit).toEqual({ code: 3, signal: null });
  });

  it("5: passes argument words unchanged, whatever is in them (ssh W9)", async () => {
    const words = ["a b", "$HOME", "it's", "", "*", "a;b", "\n", "{x,y}", "-n", "a=b", "~"];
    const connection = await pool.connect("host1");
    const process = await connection.exec(argv("printf", "%s|", ...words));
    expect(await text(process.stdout)).toBe(words.map((word) => `${word}|`).join(""));
  });

  it("tells the signal that ended a command", async () => {
    const connection = await pool.connect("host1");
    const process = await connection.exec(shellText("kill -TERM $$"));
    expect(await process.exit).toEqual({ code: null, signal: "SIGTERM" });
  });

  it("feeds standard input", async () => {
    const connection = await pool.connect("host1");
    const process = await connection.exec(argv("cat"));
    process.stdin.end("hello");
    expect(await text(process.stdout)).toBe("hello");
  });

  it("15: gives end-of-file to a command without input", async () => {
    const connection = await pool.connect("host1");
    const process = await connection.exec(argv("cat"), { stdin: "none" });
    expect(await text(process.stdout)).toBe("");
    expect(await process.exit).toEqual({ code: 0, signal: null });
  });

  it("runs one command after the other where MaxSessions is 1, also when they come together", async () => {
    const narrow = await startSshd({ config: ["MaxSessions 1"] });
    const own = createSshPool(narrow.poolOptions);
    const connection = await own.connect("host1");
    const run = async (): Promise<string> => {
      const process = await connection.exec(shellText("echo up"), { stdin: "none" });
      const [said] = await Promise.all([text(process.stdout), process.exit]);
      return said;
    };
    for (let time = 0; time < 10; time++) expect(await run()).toBe("up\n");
    const together = Array.from({ length: 6 }, run);
    expect(await Promise.all(together)).toEqual(together.map(() => "up\n"));
    await own.close();
    await narrow.stop();
  });

  it("refuses a host whose key is not on file, and says which one (ssh W11)", async () => {
    const error = await pool.connect("host2").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HostKeyError);
    expect(error).toMatchObject({
      host: "host2",
      problem: {
        kind: "unknown",
        lookupName: `[host2]:${sshd.port}`,
        fingerprint: expect.stringMatching(/^SHA256:/),
      },
    });
  });
});
