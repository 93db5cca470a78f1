import { CdbError } from "../errors.ts";
import type { L10nEvent, L10nResult } from "../l10n/events.ts";
import { type CommandContext, counted, EXIT } from "./command-context.ts";

/** Shows how far a rebuild or refresh is; warnings and failures are shown at once. */
export function l10nReporter(context: CommandContext, verb: string): (event: L10nEvent) => void {
  let total = 0;
  let done = 0;
  return (event) => {
    if (event.type === "warning") context.note(`cdb: warning: ${event.message}`);
    if (event.type === "started") total = event.files;
    if (event.type !== "file") return;
    done++;
    if (event.error !== undefined) context.note(`cdb: ${event.error.message}`);
    context.progress(`${verb} ${done} of ${counted(total, "file")}`);
  };
}

/** Prints what was done and gives the exit code. */
export function reportL10n(
  result: L10nResult,
  what: string,
  json: boolean,
  { output }: CommandContext,
): number {
  if (json) output.json({ ...result, failures: result.failures.map(plainFailure) });
  else output.line(summary(result, what));
  return result.failures.length === 0 ? EXIT.done : EXIT.failed;
}

function summary(
  { directory, written, unchanged, skipped, pruned, failures }: L10nResult,
  what: string,
): string {
  const rest = [
    unchanged.length > 0 ? `${unchanged.length} unchanged` : [],
    skipped.length > 0 ? `${skipped.length} skipped` : [],
    pruned.length > 0 ? `${counted(pruned.length, "file")} removed` : [],
    failures.length > 0 ? `${failures.length} failed: ${failures.map(({ name }) => name).join(" ")}` : [],
  ].flat();
  return `${directory}: ${counted(written.length, `${what} file`)} written${rest.length > 0 ? ` (${rest.join(", ")})` : ""}`;
}

function plainFailure({ name, error }: L10nResult["failures"][number]): object {
  const code = error instanceof CdbError ? error.code : undefined;
  return { name, code, message: error.message };
}
