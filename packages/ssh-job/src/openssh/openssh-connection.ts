import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { forAnyShell } from "../any-shell.ts";
import { quoteShell } from "../command.ts";
import { SshError, UnreachableError } from "../errors.ts";
import { Limiter } from "../limiter.ts";
import type { RemoteScript } from "../remote-script.ts";
import { loginFailure } from "./login-failure.ts";
import { OpenSshProcess } from "./openssh-process.ts";

/** How ssh is started for a host. */
export interface OpenSshLogin {
  readonly host: string;
  /** The program. */
  readonly program: string;
  /** Arguments in front of the host. */
  readonly options: readonly string[];
  /** `--` and the host. */
  readonly target: readonly string[];
  /** Path of the control socket; at most some hundred bytes. */
  readonly socket: string;
  /** The environment of ssh, and nothing else. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** sshd's default for `MaxSessions`, less the one that holds the connection. */
const USUAL_SESSIONS = 9;
const READY = "ssh-job-ready";

/**
 * Logs in with an ssh that stays as control master. It runs `cat` on the host, fed from this process: when this
 * process dies, so does `cat`, and then the master.
 *
 * @throws UnreachableError, AuthenticationError, SshError, or the reason of `signal`
 */
export async function openSshConnection(login: OpenSshLogin): Promise<OpenSshConnection> {
  const { host, signal, socket } = login;
  signal.throwIfAborted();
  const master = start(login, ["-oControlMaster=yes", `-oControlPath=${socket}`], `echo ${READY}; exec cat`);
  const kill = (): void => void master.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  let said = "";
  const hear = (text: string): void => void (said = (said + text).slice(-4096));
  master.stderr.setEncoding("utf8").on("data", hear);
  try {
    await Promise.race([readyLine(master, hear), ended(login, master)]);
    return new OpenSshConnection(login, master);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof SshError ? error : loginFailure(host, said);
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** A connection that a control master holds; every command is a short-lived ssh process that uses it. */
export class OpenSshConnection {
  readonly closed: Promise<void>;
  readonly #login: OpenSshLogin;
  readonly #master: ChildProcessWithoutNullStreams;
  readonly #sessions = new Limiter(USUAL_SESSIONS);
  #isOpen = true;

  constructor(login: OpenSshLogin, master: ChildProcessWithoutNullStreams) {
    this.#login = login;
    this.#master = master;
    master.stdin.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      master.once("exit", () => {
        this.#isOpen = false;
        resolve();
      });
    });
  }

  get isOpen(): boolean {
    return this.#isOpen && this.#master.exitCode === null && this.#master.signalCode === null;
  }

  async start(script: RemoteScript, signal?: AbortSignal): Promise<OpenSshProcess | undefined> {
    const release = await this.#sessions.take(signal);
    if (!this.isOpen) {
      release();
      return undefined;
    }
    const statusMark = `ssh-job-${randomBytes(12).toString("hex")}`;
    const process = new OpenSshProcess({
      host: this.#login.host,
      child: this.#session(tellingStatus(script, statusMark)),
      script,
      statusMark,
      runAside: (text) =>
        this.#session(text)
          .on("error", () => undefined)
          .stdin.end(),
      isConnectionOpen: () => this.isOpen,
    });
    void this.#releaseAfter(process, release);
    return process;
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.#master.stdin.end();
    // The master waits for commands that still run; closing means not to.
    const force = setTimeout(() => this.#master.kill("SIGKILL"), 1000);
    await this.closed;
    clearTimeout(force);
  }

  /** If the master is gone the session must fail, not make a connection of its own. */
  #session(text: string): ChildProcessWithoutNullStreams {
    const own = ["-oControlMaster=no", `-oControlPath=${this.#login.socket}`, "-oLogLevel=QUIET"];
    return start(this.#login, [...own, "-oProxyCommand=false"], forAnyShell(text));
  }

  async #releaseAfter(process: OpenSshProcess, release: () => void): Promise<void> {
    await process.closed;
    release();
  }
}

/**
 * Runs the script in a subshell, so that the shell outside is there to tell the status: 255 of ssh itself means too many
 * things. What that shell has to say about the end of the subshell, by a signal for example, is of no use.
 */
function tellingStatus({ text }: RemoteScript, statusMark: string): string {
  const inside = `exec 2>&4 4>&-; eval ${quoteShell(text)}`;
  return `exec 4>&2 2>/dev/null; (${inside}); code=$?; echo "${statusMark} $code" >&4; exit $code`;
}

function start(login: OpenSshLogin, own: readonly string[], text: string): ChildProcessWithoutNullStreams {
  // In a process group of its own: Ctrl-C is for this process to act on.
  return spawn(login.program, [...own, ...login.options, ...login.target, text], {
    env: login.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

async function readyLine(
  master: ChildProcessWithoutNullStreams,
  hear: (text: string) => void,
): Promise<void> {
  let text = "";
  for await (const chunk of master.stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes(READY)) return;
    // A login shell that lets nobody in says so here.
    hear(String(chunk));
  }
  await once(master, "close");
  throw new Error("ended");
}

async function ended(
  { host, program }: OpenSshLogin,
  master: ChildProcessWithoutNullStreams,
): Promise<never> {
  return await new Promise((_resolve, reject) => {
    master.once("error", (cause) =>
      reject(
        new UnreachableError("network", `Cannot start ${program} for ${host}: ${cause.message}`, {
          host,
          cause,
        }),
      ),
    );
  });
}
