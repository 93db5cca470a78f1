import { PassThrough, Readable, Writable } from "node:stream";
import { type DeployLogOptions, runDeployLog } from "../src/index.ts";

/** What a run of the command gave. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The world of a run, as far as a test cares. */
export interface CommandWorld {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
  readonly isTTY?: boolean;
  readonly clock?: () => number;
}

const DEFAULTS: DeployLogOptions = {
  expression: "",
  latest: false,
  verbose: false,
  json: false,
  utc: true,
  stats: false,
  summary: false,
  hosts: [],
  stages: [],
};

/** A stream that keeps what is written and can be waited on. */
export class Collected extends Writable {
  text = "";
  readonly isTTY: boolean;
  #changed = (): void => undefined;

  constructor(isTTY = false) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    this.#changed();
    done();
  }

  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) await new Promise<void>((resolve) => (this.#changed = resolve));
  }
}

/** Runs `deploy-log` to its end. */
export async function runCommand(
  options: Partial<DeployLogOptions>,
  world: CommandWorld = {},
): Promise<CommandResult> {
  const [stdout, stderr] = [new Collected(world.isTTY), new Collected()];
  const status = await runDeployLog(
    { ...DEFAULTS, ...options },
    {
      cwd: world.cwd ?? "/",
      env: world.env ?? {},
      stdin: world.stdin === undefined ? new PassThrough() : Readable.from([Buffer.from(world.stdin)]),
      stdout,
      stderr,
      signal: new AbortController().signal,
      ...(world.clock && { clock: world.clock }),
    },
  );
  return { status, stdout: stdout.text, stderr: stderr.text };
}

/** Runs `deploy-log` over these lines. */
export function overLines(
  lines: readonly string[],
  options: Partial<DeployLogOptions> = {},
  world: CommandWorld = {},
): Promise<CommandResult> {
  return runCommand({ file: "-", ...options }, { ...world, stdin: lines.join("\n") });
}

/** A follow run that goes on until `stop`. */
export interface FollowRun {
  readonly stdout: Collected;
  /** Interrupts the run and resolves with its exit status. */
  stop(): Promise<number>;
}

/** Starts `deploy-log` in follow mode. */
export function followIn(cwd: string, options: Partial<DeployLogOptions> = {}): FollowRun {
  const [stdout, interrupt] = [new Collected(), new AbortController()];
  const io = {
    cwd,
    env: {},
    stdin: new PassThrough(),
    stdout,
    stderr: new Collected(),
    signal: interrupt.signal,
  };
  const status = runDeployLog({ ...DEFAULTS, ...options }, io);
  return {
    stdout,
    stop: () => {
      interrupt.abort();
      return status;
    },
  };
}
