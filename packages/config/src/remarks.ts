import type { AdviceInput } from "./advice.ts";
import type { ConfigProblem } from "./problem.ts";

/** What works as it always has, but a tidy file would not contain; only `scap config check` speaks of it. */
export function remarksOn({ catalogue, files, merged }: AdviceInput): ConfigProblem[] {
  return [...merged].flatMap(([name, { origin }]) => {
    const remarks: ConfigProblem[] = [];
    const deprecated = catalogue.find(name)?.deprecated;
    if (deprecated !== undefined) {
      remarks.push({ message: `${name} is deprecated: ${deprecated}`, origin, option: name });
    }
    // A value of [DEFAULT] counts again with each section that exists.
    const isFromDefault = origin.kind === "file" && origin.section === "DEFAULT";
    if (isFromDefault && files.some((file) => file.sections.get("global")?.options.has(name) === true)) {
      const message = `${name} of [DEFAULT] beats the one of [global], because a section for this host exists`;
      remarks.push({ message, origin, option: name });
    }
    return remarks;
  });
}
