import type { L10nEvent, L10nResult } from "@scap/cdb";
import type { Output } from "@scap/cli";

/** Where and how much is told. */
export interface L10nReporterOptions {
  readonly stderr: Output;
  /** What the progress line is called. */
  readonly title: string;
  readonly hasProgress: boolean;
  /** Tell each file that was written. */
  readonly isVerbose: boolean;
}

/** Tells a person what happens to a localisation cache. */
export interface L10nReporter {
  readonly onEvent: (event: L10nEvent) => void;
  readonly finish: (result: L10nResult, what: "CDB" | "JSON") => void;
}

const CLEAR_LINE = "\r\u001b[K";

/** Warnings and failures are told at once; the progress is one line on a terminal, and nothing elsewhere. */
export function l10nReporter({ stderr, title, hasProgress, isVerbose }: L10nReporterOptions): L10nReporter {
  const clear = hasProgress && stderr.isTTY === true ? CLEAR_LINE : "";
  const line = (text: string): void => void stderr.write(`${clear}${text}\n`);
  let files = 0;
  let done = 0;
  const onEvent = (event: L10nEvent): void => {
    if (event.type === "warning") return line(`warning: ${event.message}`);
    if (event.type === "started") {
      files = event.files;
      done = 0;
      return;
    }
    done++;
    if (event.error !== undefined) line(event.error.message);
    else if (isVerbose) line(`${event.name}: ${event.action}`);
    if (clear !== "") stderr.write(`${clear}${title}: ${done} of ${files}`);
  };
  const finish = ({ directory, failures, written }: L10nResult, what: string): void => {
    const noun = written.length === 1 ? "file" : "files";
    line(`Updated ${written.length} ${what} ${noun} in ${directory}`);
    if (failures.length > 0) line(`Failed: ${failures.map(({ name }) => name).join(" ")}`);
  };
  return { onEvent, finish };
}
