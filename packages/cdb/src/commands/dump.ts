import type { CAC } from "cac";
import { printable } from "../data.ts";
import { openCdb } from "../reader.ts";
import { requireTextFormat, TEXT_FORMATS } from "../text/text-format.ts";
import { type CommandContext, EXIT } from "./command-context.ts";

/** `cdb dump FILE` */
export function addDump(cli: CAC, { output, note }: CommandContext): void {
  cli
    .command("dump <file>", "Print a CDB file as text that make can read again")
    .option("--format <format>", TEXT_FORMATS.join(", "), { default: "cdbmake" })
    .example((bin) => `  ${bin} dump words.cdb > words.txt`)
    .example((bin) => `  ${bin} dump l10n_cache-en.cdb --format json | less`)
    .action(async (file: string, flags: { format: string }) => {
      const { dumpCdb } = await import("../text/dump-cdb.ts");
      const format = requireTextFormat(flags.format);
      const reader = openCdb(file);
      const onDuplicate = (key: Buffer): void =>
        note(`cdb: ${file}: the key ${printable(key)} comes more than once; only its first value is printed`);
      dumpCdb(reader, output.write, { format, onDuplicate });
      reader.close();
      return EXIT.done;
    });
}
