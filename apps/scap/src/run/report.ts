import { resolve } from "node:path";
import { EXIT, type Invocation } from "@scap/cli";
import { renderReport } from "@scap/report";
import { readLog } from "../read-log.ts";
import { writeWhole } from "../write-whole.ts";

export async function runReport(invocation: Invocation): Promise<number> {
  const { cwd, options, stderr, stdout } = invocation;
  const records = await readLog(invocation, invocation.word("file") ?? "");
  const page = renderReport(records);
  const output = options.string("output") ?? "report.html";
  if (output === "-") {
    stdout.write(page);
    return EXIT.ok;
  }
  await writeWhole(resolve(cwd, output), page);
  stderr.write(`Wrote ${output} (${Math.ceil(page.length / 1000)} kB)\n`);
  return EXIT.ok;
}
