import type { HostResult } from "@scap/ssh-job";
import type { FleetOptions } from "./fleet-options.ts";
import type { FleetResult } from "./run-fleet.ts";

/** One result for programs; output that is not UTF-8 is base64. */
export function resultObject({ command, result }: FleetResult, options: FleetOptions): object {
  const { stdout, stderr, ...rest } = result;
  return {
    ...rest,
    durationMs: Math.round(rest.durationMs),
    ...("error" in rest ? { error: { code: rest.error.code, message: rest.error.message } } : {}),
    command: options.commands[command]?.text,
    ...textOrBase64("stdout", stdout),
    ...textOrBase64("stderr", stderr),
    ...(stdout.file ? { stdoutFile: stdout.file.path } : {}),
    ...(stderr.file ? { stderrFile: stderr.file.path } : {}),
  };
}

function textOrBase64(name: string, output: HostResult["stdout"]): object {
  const bytes = Buffer.concat([output.head, output.tail]);
  const isText = output.omittedBytes > 0 || Buffer.from(output.text).equals(bytes);
  return isText ? { [name]: output.text } : { [`${name}Base64`]: bytes.toString("base64") };
}
