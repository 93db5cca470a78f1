import type { CAC } from "cac";
import { CdbError } from "../errors.ts";
import { openCdb } from "../reader.ts";
import { type CommandContext, EXIT, jsonField } from "./command-context.ts";

interface GetFlags {
  readonly all?: boolean;
  readonly raw?: boolean;
  readonly json?: boolean;
  /** What follows a `--`: a key that starts with a hyphen. */
  readonly "--": readonly string[];
}

const LINE_FEED = Buffer.from("\n");

/** `cdb get FILE KEY` */
export function addGet(cli: CAC, { output }: CommandContext): void {
  cli
    .command("get <file> [key]", "Print the first value of a key, or all")
    .option("--all", "Print all values of the key, not only the first")
    .option("--raw", "Print the bytes as they are, without a line feed after each value")
    .option("--json", "Print one JSON object for each value")
    .example((bin) => `  ${bin} get words.cdb one`)
    .example((bin) => `  ${bin} get words.cdb -- -key-with-hyphen`)
    .action((file: string, plainKey: string | undefined, flags: GetFlags) => {
      const key = plainKey ?? flags["--"][0];
      if (key === undefined) throw new CdbError("CDB_OPTION", "which key? Usage: cdb get FILE KEY");
      const values = lookUp(file, key, flags.all === true);
      for (const value of values) {
        if (flags.json === true) output.json({ key, ...jsonField("value", value) });
        else
          output.write(
            flags.raw === true ? value : Buffer.concat([value, LINE_FEED]),
            value.length + (flags.raw === true ? 0 : 1),
          );
      }
      return values.length === 0 ? EXIT.failed : EXIT.done;
    });
}

function lookUp(file: string, key: string, all: boolean): Buffer[] {
  const reader = openCdb(file);
  const first = reader.get(key);
  const values = all ? reader.getAll(key) : first === undefined ? [] : [first];
  reader.close();
  return values;
}
