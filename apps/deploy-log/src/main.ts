import { UsageError, helpLayout, parseArguments, renderHelp } from "@scap/cli";
import { type DeployLogOptions, deployLogOptions, runDeployLog } from "@scap/log";
import { command } from "./command.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const { options, words } = parseArguments(command, argv);
    if (options.flag("help")) {
      process.stdout.write(renderHelp(command, "deploy-log", helpLayout(process)));
      return 0;
    }
    return await run(deployLogOptions(options, words.get("expr")?.[0]));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(
      `deploy-log: ${error.message}\n${error.hint ?? "Run 'deploy-log --help' for usage."}\n`,
    );
    return 2;
  }
}

async function run(options: DeployLogOptions): Promise<number> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop).once("SIGHUP", stop);
  // The reader of a pipe that has seen enough ends the program quietly.
  process.stdout.on("error", () => process.exit(0));
  const { env, stdin, stdout, stderr } = process;
  return runDeployLog(options, { cwd: process.cwd(), env, stdin, stdout, stderr, signal: interrupt.signal });
}
