import { userInfo } from "node:os";

/**
 * Name of the account that runs this process, from its real user id. Variables such as `LOGNAME` are not asked:
 * the caller controls them. An id without an account gives the number.
 */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
