import { createHash } from "node:crypto";
import { homedir, hostname } from "node:os";
import { SshError } from "../errors.ts";

/** What each `%` token of ssh_config stands for. */
export type TokenValues = Readonly<Record<string, string>>;

/**
 * Expands `%` tokens, `${NAME}` from the environment and a leading `~` in a value of ssh_config.
 *
 * @throws SshError `BAD_SSH_CONFIG` for a token or variable that does not exist.
 */
export function expandTokens(text: string, values: TokenValues): string {
  return expandHome(text).replace(/%.?|\$\{[^}]*\}/gs, (token) =>
    known(token, token.startsWith("%") ? values[token.slice(1)] : process.env[token.slice(2, -1)]),
  );
}

/** Expands only `%` tokens. @throws SshError `BAD_SSH_CONFIG` for a token that does not exist. */
export function expandPercent(text: string, values: TokenValues): string {
  return text.replace(/%.?/gs, (token) => known(token, values[token.slice(1)]));
}

/** Puts the home directory in place of a leading `~`. */
export function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path;
}

/** What `%C` stands for: a name for the connection that is short and has no special characters. */
export function connectionHash(of: {
  readonly hostName: string;
  readonly port: string;
  readonly user: string;
  readonly jumpHost?: string;
}): string {
  const text = `${hostname()}${of.hostName}${of.port}${of.user}${of.jumpHost ?? ""}`;
  return createHash("sha1").update(text).digest("hex");
}

function known(token: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new SshError("BAD_SSH_CONFIG", `Cannot expand ${token} in ssh_config`);
}
