import type { CAC } from "cac";
import { printable } from "../data.ts";
import { type CdbDifference, diffCdb } from "../diff.ts";
import { openCdb } from "../reader.ts";
import { type CommandContext, EXIT, jsonField } from "./command-context.ts";

const MARK = { added: "+", removed: "-", changed: "~" } as const;

/** `cdb diff A B` */
export function addDiff(cli: CAC, { output }: CommandContext): void {
  cli
    .command("diff <a> <b>", "Compare keys and values of two files")
    .option("--json", "Print one JSON object for each key that differs")
    .example((bin) => `  ${bin} diff old.cdb new.cdb`)
    .action((a: string, b: string, flags: { json?: boolean }) => {
      const first = openCdb(a, { mode: "memory" });
      const second = openCdb(b, { mode: "memory" });
      let differences = 0;
      for (const difference of diffCdb(first, second)) {
        differences++;
        if (flags.json === true) output.json(toJson(difference));
        else output.line(`${MARK[difference.kind]} ${printable(difference.key)}`);
      }
      return differences === 0 ? EXIT.done : EXIT.failed;
    });
}

function toJson({ kind, key, before, after }: CdbDifference): object {
  const values = (list: readonly Buffer[]): object[] => list.map((value) => jsonField("value", value));
  return { kind, ...jsonField("key", key), before: values(before), after: values(after) };
}
