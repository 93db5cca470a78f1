import type { CAC } from "cac";
import { openCdb } from "../reader.ts";
import type { CdbLengths, CdbStats } from "../stats.ts";
import { type CommandContext, EXIT } from "./command-context.ts";

/** `cdb stats FILE` */
export function addStats(cli: CAC, { output }: CommandContext): void {
  cli
    .command("stats <file>", "Print numbers of records, sizes, table load and probes")
    .option("--json", "Print the numbers as JSON")
    .example((bin) => `  ${bin} stats words.cdb`)
    .action((file: string, flags: { json?: boolean }) => {
      const reader = openCdb(file, { mode: "memory" });
      const stats = reader.stats();
      reader.close();
      if (flags.json === true) output.json(stats);
      else output.line(describe(stats));
      return EXIT.done;
    });
}

function describe(stats: CdbStats): string {
  const probes = stats.probes.map((count, passed) => {
    const slots = passed === stats.probes.length - 1 ? `${passed}+` : `${passed}`;
    return count === 0 ? [] : [`${slots}: ${count} (${((count / stats.records) * 100).toFixed(1)} %)`];
  });
  return [
    `records        ${stats.records}`,
    `file size      ${stats.sizeBytes} bytes`,
    `key length     ${range(stats.keyBytes, stats.records)}`,
    `value length   ${range(stats.valueBytes, stats.records)}`,
    `tables used    ${stats.tables} of 256, slots ${range(stats.slots, stats.tables)}`,
    `table load     ${stats.tableLoad.toFixed(3)}`,
    `longest probe  ${stats.longestProbe}`,
    `slots passed   ${probes.flat().join(", ") || "-"}`,
  ].join("\n");
}

function range({ min, max, total }: CdbLengths, count: number): string {
  const average = count === 0 ? 0 : total / count;
  return `min ${min}, average ${average.toFixed(1)}, max ${max}, total ${total}`;
}
