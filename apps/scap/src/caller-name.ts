import { accountName } from "@scap/config";
import { loginAccount } from "@scap/git";

/**
 * Name of the person who runs this process, also behind sudo: whoever logged in, or the account where the system does
 * not know. Variables such as `SUDO_USER` are not asked: the caller controls them.
 */
export async function callerName(): Promise<string> {
  return (await loginAccount())?.user ?? accountName();
}
