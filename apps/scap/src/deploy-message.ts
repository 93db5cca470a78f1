import type { Invocation } from "@scap/cli";
import type { PlanRequest } from "@scap/deploy";

/** What a deployment is called when nobody said why. */
export const NO_MESSAGE = "(no justification provided)";

const INIT_MESSAGE = "scap deploy --init mode";

/** The message of a call with these words: they are joined by single blanks. */
export function messageOf(words: readonly string[], { isInit }: { readonly isInit: boolean }): string {
  return words.join(" ") || (isInit ? INIT_MESSAGE : NO_MESSAGE);
}

/** Asks a person why, where nobody said it and others will be told. An empty answer leaves it at that. */
export async function messageOrAnswer(
  { options, prompt }: Invocation,
  { message, mode }: Pick<PlanRequest, "message" | "mode">,
): Promise<string> {
  const isTold = mode !== "dry-run" && mode !== "init";
  if (message !== NO_MESSAGE || !isTold || options.flag("yes") || !prompt.isInteractive) return message;
  return (await prompt.ask("Why do you deploy? (Enter gives no reason):")) || NO_MESSAGE;
}
