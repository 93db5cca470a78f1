import { Readable, Writable } from "node:stream";
import type { Command } from "./command.ts";
import { checkHostName } from "./hosts/host-name.ts";
import type {
  ExecOptions,
  RemoteExit,
  RemoteProcess,
  RemoteSignal,
  SshConnection,
  Transport,
} from "./transport.ts";

/** What a simulated host answers to one command. */
export interface SimulatedRun {
  /** @defaultValue 0; `null` with `signal` */
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string | Uint8Array;
}

/** A command as a simulated host gets it. */
export interface SimulatedHost {
  readonly host: string;
  readonly command: Command;
  readonly options: ExecOptions;
  /** Fires when the command is killed. */
  readonly killed: AbortSignal;
}

/**
 * Hosts that exist only in this process: for tests, for rehearsals and for measuring the scheduling itself.
 *
 * @param run - Plays the host. What it throws is what `exec` throws; throw in `connect` to be unreachable.
 * @param connect - Called for every connection. @defaultValue every host answers
 */
export function createSimulatedTransport(
  run: (on: SimulatedHost) => SimulatedRun | Promise<SimulatedRun>,
  connect: (host: string) => void | Promise<void> = () => undefined,
): Transport {
  return {
    descriptorsPerHost: 0,
    connect: async (host) => {
      checkHostName(host);
      await connect(host);
      return simulatedConnection(host, run);
    },
    close: async () => undefined,
  };
}

function simulatedConnection(
  host: string,
  run: (on: SimulatedHost) => SimulatedRun | Promise<SimulatedRun>,
): SshConnection {
  return {
    host,
    exec: async (command, options = {}) => {
      const killer = new AbortController();
      const kill = (signal: RemoteSignal = "TERM"): void => killer.abort(signal);
      options.signal?.addEventListener("abort", () => kill(), { once: true });
      return simulatedProcess(host, kill, killer.signal, async () =>
        run({ host, command, options, killed: killer.signal }),
      );
    },
    close: async () => undefined,
  };
}

function simulatedProcess(
  host: string,
  kill: (signal?: RemoteSignal) => void,
  killed: AbortSignal,
  run: () => Promise<SimulatedRun>,
): RemoteProcess {
  const dies = new Promise<SimulatedRun>((resolve) => {
    killed.addEventListener("abort", () => resolve({ signal: `SIG${killed.reason}` }), { once: true });
  });
  const outcome = Promise.race([run(), dies]);
  const exit = outcome.then(({ signal = null, code = signal === null ? 0 : null }): RemoteExit => ({
    code,
    signal,
  }));
  exit.catch(() => undefined);
  const output = (pick: (run: SimulatedRun) => string | Uint8Array | undefined): Readable =>
    new Readable({
      read(): void {
        void endWith(
          this,
          outcome.then(pick, () => undefined),
        );
      },
    });
  const stdin = new Writable({ write: (_chunk, _encoding, done) => done() });
  const stdout = output((result) => result.stdout);
  return { host, stdin, stdout, stderr: output((result) => result.stderr), exit, kill };
}

async function endWith(stream: Readable, output: Promise<string | Uint8Array | undefined>): Promise<void> {
  const text = await output;
  if (text !== undefined && text.length > 0) stream.push(Buffer.from(text));
  stream.push(null);
}
