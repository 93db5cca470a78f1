import { visibleText } from "@scap/log";

/** Text of hosts as it may be shown: on a terminal without control characters. */
export function forStream(text: string, stream: { readonly isTTY?: boolean }): string {
  return stream.isTTY === true ? visibleText(text) : text;
}
