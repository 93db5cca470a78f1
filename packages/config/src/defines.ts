import type { ConfiguredText } from "./config.ts";
import { ConfigError } from "./errors.ts";

/**
 * Reads `-D name:value` definitions: split at the first colon, nothing stripped, nothing lower-cased; the last one
 * for a name wins.
 *
 * @throws {ConfigError} `CONFIG_DEFINE_MALFORMED` when a definition has no colon
 */
export function parseDefines(defines: readonly string[]): Map<string, ConfiguredText> {
  const parsed = new Map<string, ConfiguredText>();
  for (const define of defines) {
    const colon = define.indexOf(":");
    if (colon === -1) {
      throw new ConfigError(`A definition has the form name:value, not ${JSON.stringify(define)}`, {
        code: "CONFIG_DEFINE_MALFORMED",
        hint: `Write it as -D ${define.includes("=") ? define.replace("=", ":") : `${define}:VALUE`}`,
      });
    }
    parsed.set(define.slice(0, colon), {
      value: define.slice(colon + 1),
      origin: { kind: "define", define },
    });
  }
  return parsed;
}
