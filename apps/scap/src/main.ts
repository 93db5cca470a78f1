import { processIo, runCli } from "@scap/cli";
import { COMMANDS } from "./commands/index.ts";
import { pluginCommands } from "./plugins/plugin-commands.ts";

const argv = process.argv.slice(2);
const io = processIo();
const status = await runCli({
  program: "scap",
  about: "Deploys a revision of a git repository to groups of hosts over SSH.",
  commands: COMMANDS,
  moreCommands: () => pluginCommands(COMMANDS, argv, io),
  argv,
  io,
});
process.exitCode = status;
// What a plugin left open must not keep a command that has ended.
setTimeout(() => process.exit(), 2_000).unref();
