import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sudoServiceManager } from "./services/service-manager.ts";
import { writeConfigFiles } from "./config/write-config-files.ts";

const { signal } = new AbortController();
/** Short, so that the test need not wait for what hangs. */
const LIMIT_MS = 200;

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "scap-limits-"))));
afterEach(() => rmSync(directory, { recursive: true }));

const at = (name: string): string => join(directory, name);

describe("a command that hangs is stopped with its whole process group", () => {
  it("for a service that does not start", async () => {
    writeFileSync(at("sudo"), `#!/bin/sh\necho starting "$@"\nsleep 1000 &\nwait\n`, { mode: 0o755 });
    const environment = { PATH: `${directory}${delimiter}${process.env["PATH"] ?? ""}` };
    const services = sudoServiceManager({ environment, timeoutMs: LIMIT_MS });
    await expect(services.restart("web", signal)).rejects.toMatchObject({
      code: "TIMED_OUT",
      message: "sudo -n /usr/sbin/service web restart did not end within 0.2 s",
    });
  });

  it("for the validate command of a rendered file, and the live file stays", async () => {
    writeFileSync(at("live"), "old\n");
    const file = {
      ...{ name: "live", template: "", output_format: null, erb_syntax: false },
      validate: "sleep 1000; true",
    };
    const rendered = { file, path: at("live"), content: "new\n", secrets: undefined };
    await expect(
      writeConfigFiles([rendered], { signal, cwd: directory, validateTimeoutMs: LIMIT_MS }),
    ).rejects.toMatchObject({
      code: "TIMED_OUT",
      message: "The validate command of config file live did not end within 0.2 s",
    });
    expect(readFileSync(at("live"), "utf8")).toBe("old\n");
    expect(existsSync(at(".live.scap-new"))).toBe(false);
  });
});
