import { EXIT, type Invocation } from "@scap/cli";
import { TemplateError } from "@scap/template";

/** Prints what is wrong with a template: place and sentence, the line with a caret, and what to do. */
export function reportTemplateError(error: unknown, { program, stderr }: Invocation): number {
  if (!(error instanceof TemplateError)) throw error;
  const lines = [`${program}: ${error.message}`, error.excerpt, error.hint].filter(
    (line) => line !== undefined,
  );
  stderr.write(`${lines.join("\n")}\n`);
  return EXIT.failed;
}
