import type { Invocation } from "@scap/cli";
import { openSession } from "../session.ts";
import { VERSION } from "../version.ts";

export async function runVersion(invocation: Invocation): Promise<number> {
  // Bad definitions and configuration are reported by every command.
  await openSession(invocation);
  invocation.stdout.write(`${VERSION}\n`);
  return 0;
}
