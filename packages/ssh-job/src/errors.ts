/** What kind of failure an {@link SshError} is, for callers that branch on it. */
export type SshErrorCode =
  | "BAD_HOST_NAME"
  | "BAD_OPTION"
  | "BAD_SSH_CONFIG"
  | "BAD_IDENTITY"
  | "UNREACHABLE"
  | "HOST_KEY_REFUSED"
  | "AUTHENTICATION_FAILED"
  | "CONNECTION_LOST"
  | "SESSION_REFUSED"
  | "CLIENT_FAILED"
  | "TOO_MANY_FILES"
  | "CLOSED";

/** What an error of this package says besides its message. */
export interface SshErrorDetails {
  /** The host that it is about, as the caller named it. */
  readonly host?: string | undefined;
  /** What the reader can do about it. */
  readonly hint?: string | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** Base of every error that `@scap/ssh-job` throws on purpose. */
export class SshError extends Error {
  /** Stable name of the failure: decide by this, not by the text. */
  readonly code: SshErrorCode;
  /** The host that it is about, as the caller named it. */
  readonly host: string | undefined;
  /** What the reader can do about it. */
  readonly hint: string | undefined;

  constructor(code: SshErrorCode, message: string, details: SshErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.host = details.host;
    this.hint = details.hint;
  }
}

/** Why a host could not be reached. */
export type UnreachableReason =
  | "refused"
  | "timeout"
  | "no-address"
  | "closed"
  | "busy"
  | "protocol"
  | "network";

/** No SSH connection came about; nothing was run on the host. */
export class UnreachableError extends SshError {
  /** What happened on the way. `busy`: the server closed before it said anything, as `MaxStartups` does. */
  readonly reason: UnreachableReason;

  constructor(reason: UnreachableReason, message: string, details: SshErrorDetails = {}) {
    super("UNREACHABLE", message, details);
    this.reason = reason;
  }
}

/** The host proved to be another one than the known hosts files say, or is not in them. */
export class HostKeyError extends SshError {
  /** Why its key is not accepted. */
  readonly problem: HostKeyProblem;

  constructor(problem: HostKeyProblem, message: string, details: SshErrorDetails = {}) {
    super("HOST_KEY_REFUSED", message, details);
    this.problem = problem;
  }
}

/** What is wrong with a host key. */
export interface HostKeyProblem {
  /** `unknown`: no key on file; `changed`: another one on file; `revoked`: marked `@revoked`. */
  readonly kind: "unknown" | "changed" | "revoked";
  /** Type of the key that the host showed, for example `ssh-ed25519`. */
  readonly keyType: string;
  /** The key itself, base64. */
  readonly key: string;
  /** Fingerprint of the key that the host showed, `SHA256:...`. */
  readonly fingerprint: string;
  /** The name under which the key is looked up: `host`, or `[host]:port`. */
  readonly lookupName: string;
  /** Known hosts files in which it was looked up. */
  readonly files: readonly string[];
  /** The key on file that differs or is revoked, if there is one. */
  readonly known?: { readonly fingerprint: string; readonly file: string; readonly line: number };
}

/** The host accepted none of the keys. */
export class AuthenticationError extends SshError {
  constructor(message: string, details: SshErrorDetails = {}) {
    super("AUTHENTICATION_FAILED", message, details);
  }
}

/** The connection ended while a command was running; whether the command finished is not known. */
export class ConnectionLostError extends SshError {
  constructor(message: string, details: SshErrorDetails = {}) {
    super("CONNECTION_LOST", message, details);
  }
}
