import { visibleText } from "@scap/log";
import type { FailureKind } from "./failure-kinds.ts";
import { foldedHosts } from "./folded-hosts.ts";
import { cutText, wrapText } from "./wrap-text.ts";

/** Lines of a failed command's output that are shown. */
const OUTPUT_LINES = 5;
/** Columns that a list of hosts may take in a heading, in lines of the terminal. */
const HOST_LINES = 2;
const INDENT = 4;

/** What went wrong on the hosts of one kind of failure: who, what, the end of the output, and what to do. */
export function failureLines(kind: FailureKind, columns: number | undefined): string[] {
  const { failure, hosts } = kind;
  const limit = columns === undefined ? undefined : columns * HOST_LINES - INDENT;
  const output = (failure.output ?? "").split("\n").filter((line) => line.trim() !== "");
  return [
    ...wrapText(`${foldedHosts(hosts, limit)}: ${failureText(kind)}`, { columns, indent: INDENT }),
    ...output.slice(-OUTPUT_LINES).map((line) => cutText(`    | ${visibleText(line.trimEnd())}`, columns)),
    ...(failure.hint === undefined
      ? []
      : wrapText(`${" ".repeat(INDENT)}${visibleText(failure.hint)}`, { columns, indent: INDENT })),
  ];
}

/** The failure in a few words: `promote failed: checks after promote: 1 of 2 failed`. */
export function failureText({ failure, hosts, outcome, stage, variants }: FailureKind): string {
  const [first = ""] = hosts;
  const { message } = failure;
  if (variants > 1) return `${stage} ${outcome}, for example ${first}: ${visibleText(message)}`;
  const forAll = hosts.length > 1 ? message.replaceAll(first, "the host") : message;
  return `${stage} ${outcome}: ${visibleText(forAll)}`;
}
