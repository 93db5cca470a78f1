import type { CAC } from "cac";
import { openCdb } from "../reader.ts";
import { TextOutput } from "../text/text-output.ts";
import { type CommandContext, EXIT, jsonField } from "./command-context.ts";

const LINE_FEED = 0x0a;

/** `cdb keys FILE` */
export function addKeys(cli: CAC, { output }: CommandContext): void {
  cli
    .command("keys <file>", "Print the keys in file order, one a line")
    .option("--json", "Print one JSON object for each key")
    .example((bin) => `  ${bin} keys words.cdb | head`)
    .action((file: string, flags: { json?: boolean }) => {
      const reader = openCdb(file);
      const text = new TextOutput(output.write);
      const cursor = reader.cursor();
      while (cursor.next()) {
        if (flags.json === true) text.text(JSON.stringify(jsonField("key", cursor.key())));
        else text.copy(cursor.bytes, cursor.view, cursor.keyStart, cursor.valueStart);
        text.byte(LINE_FEED);
      }
      text.flush();
      reader.close();
      return EXIT.done;
    });
}
