import { type Command, processIo, runCli } from "@scap/cli";
import { COMMANDS } from "./commands/index.ts";
import { hasSystemFile } from "./may-be-configured.ts";

const argv = process.argv.slice(2);
const io = processIo();

/** Plugins are named by the configuration of the host, or on the command line. */
async function moreCommands(): Promise<readonly Command[]> {
  if (argv.length === 1 && !hasSystemFile()) return [];
  const { pluginCommands } = await import("./plugins/plugin-commands.ts");
  return await pluginCommands(COMMANDS, argv, io);
}

async function main(): Promise<void> {
  process.exitCode = await runCli({
    program: "scap",
    about: "Deploys a revision of a git repository to groups of hosts over SSH.",
    commands: COMMANDS,
    moreCommands,
    argv,
    io,
  });
  // What a plugin left open must not keep a command that has ended.
  setTimeout(() => process.exit(), 2_000).unref();
}

void main();
