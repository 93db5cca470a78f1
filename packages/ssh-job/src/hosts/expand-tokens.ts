import { homedir } from "node:os";
import { SshError } from "../errors.ts";

/** What each `%` token of ssh_config stands for. */
export type TokenValues = Readonly<Record<string, string>>;

/**
 * Expands `%` tokens, `${NAME}` from the environment and a leading `~` in a value of ssh_config.
 *
 * @throws SshError `BAD_SSH_CONFIG` for a token or variable that does not exist.
 */
export function expandTokens(text: string, values: TokenValues): string {
  const withTokens = text.replace(/%(.)|\$\{([^}]*)\}/g, (whole, token?: string, variable?: string) => {
    const value = token === undefined ? process.env[variable ?? ""] : values[token];
    if (value === undefined) throw new SshError("BAD_SSH_CONFIG", `Cannot expand ${whole} in ssh_config`);
    return value;
  });
  return withTokens === "~" || withTokens.startsWith("~/") ? homedir() + withTokens.slice(1) : withTokens;
}
