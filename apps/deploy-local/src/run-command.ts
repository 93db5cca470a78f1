import process from "node:process";

import { EXIT, helpLayout, parseArguments, renderHelp, reportError, UsageError } from "@scap/cli";

import { DeployError } from "@scap/deploy";

import { command } from "./command.ts";
import { deployLocal } from "./deploy-local.ts";

const PROGRAM = "deploy-local";

/** Parses a command line, runs it and reports errors. Answers with the exit status; never throws. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const { stderr, stdout } = process;
  const interrupt = new AbortController();
  let stoppedBy: number = EXIT.ok;
  process.once("SIGINT", () => stop(EXIT.interrupted)).once("SIGTERM", () => stop(EXIT.terminated));
  const stop = (status: number): void => {
    stoppedBy = status;
    interrupt.abort();
  };
  try {
    const { options, words } = parseArguments(command, argv);
    if (options.flag("help")) {
      stdout.write(renderHelp(command, PROGRAM, helpLayout(process)));
      return EXIT.ok;
    }
    await deployLocal({ options, stage: words.get("stage")?.[0], signal: interrupt.signal });
    return EXIT.ok;
  } catch (error) {
    if (stoppedBy !== EXIT.ok) return stoppedBy;
    if (error instanceof UsageError) {
      stderr.write(`${PROGRAM}: ${error.message}\n${error.hint ?? `Run '${PROGRAM} --help' for usage.`}\n`);
      return error.exitCode;
    }
    if (error instanceof DeployError && "output" in error && typeof error.output === "string") {
      stderr.write(error.output === "" || error.output.endsWith("\n") ? error.output : `${error.output}\n`);
    }
    const verbose = argv.includes("-v") || argv.includes("--verbose");
    return reportError(error, { stderr, program: PROGRAM, verbose });
  }
}
