import type { CheckType } from "../check-type.ts";
import { runProcess } from "../run-process.ts";
import { splitWords } from "../split-words.ts";

/** Runs an executable of `scap/scripts` of the revision; further words are its arguments. */
export const scriptType: CheckType = {
  name: "script",
  summary: "run an executable of scap/scripts of the deployed revision",
  options: [],
  validate(check) {
    if (check.command === "") return ["there is no command; it must name a file in scap/scripts"];
    return check.before === "fetch"
      ? ["a script cannot run before fetch: it is part of what is fetched"]
      : [];
  },
  prepare(check, target) {
    if (check.command === "") throw new Error("there is no command; it must name a file in scap/scripts");
    const scripts = target.scripts();
    const whole = scripts.get(check.command);
    if (whole !== undefined) return (context) => runProcess([whole], context);
    const [name = "", ...args] = splitWords(check.command);
    const path = scripts.get(name);
    if (path === undefined) throw new Error(`there is no executable script "${name}" in scap/scripts`);
    return (context) => runProcess([path, ...args], context);
  },
};
