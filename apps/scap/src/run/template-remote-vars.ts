import type { Invocation } from "@scap/cli";
import { argv, runJob } from "@scap/ssh-job";
import { parseVariables, TemplateError, type TemplateVariables } from "@scap/template";
import type { Session } from "../session.ts";
import { sshTransport } from "../ssh-transport.ts";

/** A `remote_vars` file and where it is. */
export interface RemoteVariables {
  readonly invocation: Invocation;
  readonly session: Session;
  readonly host: string;
  readonly path: string;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a `remote_vars` file of a host over SSH. @throws TemplateError naming host and file. */
export async function readRemoteVariables(from: RemoteVariables): Promise<TemplateVariables> {
  const { host, invocation, path, session } = from;
  const pool = await sshTransport(invocation, session);
  try {
    const job = runJob({
      hosts: [host],
      command: argv("cat", "--", path),
      transport: pool,
      outputLimitBytes: 2 * MAX_BYTES,
      signal: invocation.interrupts.stop,
    });
    for await (const result of job) {
      const file = `${host}:${path}`;
      if (result.status === "ok") return parseVariables(result.stdout.text, { file }).variables;
      const reason = "error" in result ? result.error.message : result.stderr.text.trim() || result.status;
      throw new TemplateError(`cannot be read: ${reason}`, { code: "TEMPLATE_FILE", file });
    }
    return new Map();
  } finally {
    await pool.close();
  }
}
