import type { Invocation } from "@scap/cli";
import { mayBeConfigured } from "./may-be-configured.ts";
import { VERSION } from "./version.ts";

/** Bad definitions and configuration are reported here, too, as by every command. */
export async function printVersion(invocation: Invocation): Promise<number> {
  if (mayBeConfigured(invocation)) {
    const { openSession } = await import("./session.ts");
    await openSession(invocation);
  }
  invocation.stdout.write(`${VERSION}\n`);
  return 0;
}
