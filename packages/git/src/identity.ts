import { hostname, userInfo } from "node:os";

/** Who makes a tag or a commit. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

/**
 * An identity that is never empty: the account's name at this host. Git refuses to make tags without one, and a deploy
 * server's shared account often has none configured.
 */
export function systemIdentity(user: string = accountName(), host: string = hostname()): GitIdentity {
  const name = user === "" ? "unknown" : user;
  return { name, email: `${name}@${host === "" ? "localhost" : host}` };
}

/** The variables that give git this identity for one command. */
export function identityEnvironment(identity: GitIdentity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
  };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env["LOGNAME"] ?? process.env["USER"] ?? "unknown";
  }
}
