import { processIo, runCli } from "@scap/cli";
import { COMMANDS } from "./commands/index.ts";

const status = await runCli({
  program: "scap",
  about: "Deploys a revision of a git repository to groups of hosts over SSH.",
  commands: COMMANDS,
  argv: process.argv.slice(2),
  io: processIo(),
});
process.exitCode = status;
