import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { promisify } from "node:util";

/** A person as git names one. */
export interface GitPerson {
  readonly name: string;
  readonly email: string;
}

/** Who makes a tag or a commit. */
export interface GitIdentity {
  /** The person at the terminal, also behind sudo. */
  readonly author: GitPerson;
  /** The account that the process runs as. */
  readonly committer: GitPerson;
}

/** An account of this host. */
export interface Account {
  readonly user: string;
  /** First field of its GECOS text. */
  readonly fullName: string;
}

const NO_LOGIN = "4294967295";

/**
 * An identity of the accounts of this host, with no part ever empty. Git refuses to make tags without one, and a deploy
 * server's shared account often has none configured.
 *
 * @param host - fully qualified name of this host. @defaultValue its plain name
 */
export async function systemIdentity(host: string = hostname()): Promise<GitIdentity> {
  const effective = await accountOf(accountName());
  const login = await loginAccount();
  return { author: personOf(login ?? effective, host), committer: personOf(effective, host) };
}

/** The account of the person who logged in, also behind sudo; undefined where the system does not know it. */
export async function loginAccount(): Promise<Account | undefined> {
  const loginId = (await readFile("/proc/self/loginuid", "utf8").catch(() => NO_LOGIN)).trim();
  return loginId === NO_LOGIN ? undefined : await accountOf(loginId);
}

/** The variables that give git this identity for one command. */
export function identityEnvironment({ author, committer }: GitIdentity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
  };
}

/** What git calls an account. */
export function personOf({ fullName, user }: Account, host: string): GitPerson {
  return {
    name: fullName === "" ? "Unknown User" : fullName,
    email: `${user === "" ? "unknown" : user}@${host === "" ? "localhost" : host}`,
  };
}

/**
 * An account by its name or number, which stands for it where nobody knows the account. `getent` knows every source of
 * accounts of the host (LDAP, sssd), which /etc/passwd does not.
 */
export async function accountOf(nameOrId: string): Promise<Account> {
  try {
    const { stdout } = await promisify(execFile)("getent", ["passwd", "--", nameOrId], { timeout: 5_000 });
    const [user = "", , , , gecos = ""] = stdout.trim().split(":");
    return { user, fullName: gecos.split(",")[0]?.trim() ?? "" };
  } catch {
    return { user: nameOrId, fullName: "" };
  }
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env["LOGNAME"] ?? process.env["USER"] ?? "unknown";
  }
}
