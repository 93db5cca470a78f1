import { AuthenticationError, type SshError, UnreachableError, type UnreachableReason } from "../errors.ts";
import { refusedKeys } from "./authentication.ts";
import type { DialOptions } from "./dial.ts";

/** How far a connection came: TCP, the server's first words and key exchange, the login. */
export type DialPhase = "connecting" | "greeting" | "login";

/** What is known about a connection that failed. */
export interface DialProgress {
  phase: DialPhase;
  /** The first that the server said, at most 100 bytes. */
  firstWords: string;
}

interface DialError extends Error {
  /** ssh2's word for the part that failed. */
  readonly level?: string;
  readonly code?: string | number;
}

/** Turns what ssh2 or the socket reports into an error that says what happened, where, and what to do. */
export function describeDialFailure(
  error: DialError,
  progress: DialProgress,
  options: DialOptions,
): SshError {
  const { settings, plan } = options;
  if (error.level === "client-authentication") return refusedKeys(settings, plan, error);
  if (progress.phase === "login" && typeof error.code === "number") return tooManyKeys(error, options);
  const { reason, what, hint } = classify(error, progress, options);
  const where = `${settings.host} (${settings.address} port ${settings.port})`;
  return new UnreachableError(reason, `Cannot connect to ${where}: ${what}`, {
    host: settings.host,
    cause: error,
    hint,
  });
}

interface Classified {
  readonly reason: UnreachableReason;
  readonly what: string;
  readonly hint?: string;
}

function classify(error: DialError, progress: DialProgress, { timeoutMs }: DialOptions): Classified {
  const { phase, firstWords } = progress;
  if (error.level === "client-timeout") {
    return {
      reason: "timeout",
      what: `no ${AWAITED[phase]} within ${timeoutMs / 1000} s`,
      hint: TIMEOUT_HINT,
    };
  }
  if (phase !== "login" && isCut(error) && isBusyWord(firstWords)) return BUSY;
  if (typeof error.code === "string") return socketError(error.code, error);
  if (error.message === LOST) return notSsh(firstWords);
  if (error.message === "closed") {
    return { reason: "closed", what: `the server closed the connection before the ${AWAITED[phase]}` };
  }
  return { reason: "protocol", what: error.message, hint: PORT_HINT };
}

const AWAITED: Record<DialPhase, string> = {
  connecting: "answer",
  greeting: "complete SSH handshake",
  login: "answer to the login",
};

const TIMEOUT_HINT = "Check that the host is up and that no firewall drops the packets.";

function socketError(code: string, error: DialError): Classified {
  switch (code) {
    case "ECONNREFUSED":
      return { reason: "refused", what: "connection refused", hint: "Check that sshd runs on that port." };
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
      return { reason: "no-address", what: "the name has no address", hint: "Check the spelling and DNS." };
    case "ETIMEDOUT":
      return { reason: "timeout", what: "no answer", hint: TIMEOUT_HINT };
    case "ECONNRESET":
      return { reason: "closed", what: "the connection was reset" };
    default:
      return { reason: "network", what: error.message };
  }
}

/** ssh2's word for an end of the connection before the key exchange. */
const LOST = "Connection lost before handshake";

/** The same end of a connection, seen by who had spoken first and whose words were still under way. */
function isCut({ code, message }: DialError): boolean {
  return /^(ECONNRESET|EPIPE)$/.test(String(code)) || message === LOST || message === "closed";
}

/** Above its MaxStartups sshd closes without a word; newer ones say so first. */
function isBusyWord(firstWords: string): boolean {
  return firstWords === "" || /^(Exceeded MaxStartups|Not allowed at this time)/.test(firstWords);
}

const BUSY: Classified = {
  reason: "busy",
  what: "the server closed the connection before it said anything",
  hint: "Its MaxStartups may be too low for so many logins at once, or a firewall refuses this address.",
};

function notSsh(firstWords: string): Classified {
  const said = JSON.stringify(firstWords.split("\n", 1)[0]?.trim());
  return { reason: "protocol", what: `what listens there speaks no SSH: ${said}`, hint: PORT_HINT };
}

const PORT_HINT = "Check that an SSH server listens on that port.";

/** sshd disconnects after MaxAuthTries keys, although the right one may be next. */
function tooManyKeys(cause: DialError, { settings, plan }: DialOptions): SshError {
  return new AuthenticationError(`${settings.host} ended the login of ${settings.user}: ${cause.message}`, {
    host: settings.host,
    cause,
    hint: `${plan.offers.length} keys were on offer; name the right key file, so that only this one is tried.`,
  });
}
