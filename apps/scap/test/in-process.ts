import { PassThrough } from "node:stream";

import { runCli, type Command } from "@scap/cli";

import { config } from "../src/commands/config.ts";
import { targets } from "../src/commands/targets.ts";

/** What a command printed, and its exit status. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command is given besides its arguments. */
export interface World {
  /** Standard input. */
  readonly input?: string;
  /** @defaultValue none */
  readonly env?: NodeJS.ProcessEnv;
  /** @defaultValue `scap config` and `scap targets` */
  readonly commands?: readonly Command[];
}

/** Runs a command of `scap` in this process, standing in `cwd`. */
export async function scap(
  cwd: string,
  argv: readonly string[],
  world: World | string = {},
): Promise<Outcome> {
  const {
    commands = [config, targets],
    env = {},
    input = "",
  } = typeof world === "string" ? { input: world } : world;
  const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const printed = [stdout, stderr].map(async (stream) =>
    (await stream.setEncoding("utf8").toArray()).join(""),
  );
  stdin.end(input);
  const io = { stdin, stdout, stderr, env, cwd };
  const status = await runCli({
    program: "scap",
    about: "",
    commands,
    argv: [...argv],
    io,
  });
  stdout.end();
  stderr.end();
  const [out = "", err = ""] = await Promise.all(printed);
  return { status, stdout: out, stderr: err };
}
