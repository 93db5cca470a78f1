import type { CAC } from "cac";
import { CdbError } from "../errors.ts";
import { openCdb } from "../reader.ts";
import type { CdbVerification } from "../verify.ts";
import { type CommandContext, counted, EXIT } from "./command-context.ts";

/** `cdb verify FILE…` */
export function addVerify(cli: CAC, { output, note }: CommandContext): void {
  cli
    .command("verify <...files>", "Check every record and every hash table")
    .option("--json", "Print one JSON object for each file")
    .example((bin) => `  ${bin} verify cache/l10n/*.cdb`)
    .action((files: string[], flags: { json?: boolean }) => {
      let allValid = true;
      for (const file of files) {
        const result = verify(file);
        allValid &&= result.isValid;
        if (flags.json === true) output.json({ path: file, ...result });
        else if (result.isValid) output.line(`${file}: ok, ${counted(result.records, "record")}`);
        else for (const { offset, message } of result.problems) note(`${file}, offset ${offset}: ${message}`);
      }
      return allValid ? EXIT.done : EXIT.failed;
    });
}

/** An index that is wrong is a result here, a file that cannot be read is an error. */
function verify(file: string): CdbVerification {
  try {
    const reader = openCdb(file, { mode: "memory" });
    const result = reader.verify();
    reader.close();
    return result;
  } catch (error) {
    if (!(error instanceof CdbError) || error.code !== "CDB_DAMAGED") throw error;
    return { isValid: false, records: 0, problems: [{ offset: error.offset ?? 0, message: error.reason }] };
  }
}
