import type { CheckType } from "../check-type.ts";
import { runCommandLine } from "./command-type.ts";

/** Runs a command that the target's NRPE configuration defines. */
export const nrpeType: CheckType = {
  name: "nrpe",
  summary: "run a command of the target's NRPE configuration",
  options: [],
  validate: (check) => (check.command === "" ? ["there is no command; it must name an NRPE command"] : []),
  prepare(check, target) {
    if (check.command === "") throw new Error("there is no command; it must name an NRPE command");
    const commandLine = target.nrpeCommands().get(check.command);
    if (commandLine === undefined)
      throw new Error(`there is no NRPE command "${check.command}" on this host`);
    return runCommandLine(commandLine, check);
  },
};
