import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HEARTBEAT_MS } from "../../protocol.ts";
import { TransferGate } from "./transfer-gate.ts";
import { WorkerClient } from "./worker-client.ts";

const PACK = {
  op: "pack",
  payloadBytes: 4,
  sha256: "",
  commit: "c",
  bases: [],
  refs: {},
} as const;

interface Connected {
  readonly client: WorkerClient;
  readonly stdin: PassThrough;
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
}

function connect(gate: TransferGate, onLine: (line: string) => void = () => {}): Connected {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const process = { stdin, stdout, stderr, exit: new Promise<never>(() => {}) };
  return { client: new WorkerClient({ host: "web1", process, gate, onLine }), stdin, stdout, stderr };
}

describe("a worker client whose payload waits for its turn", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("keeps making itself heard, and announces the payload only when it is its turn", async () => {
    const gate = new TransferGate(1);
    let leave = (): void => {};
    void gate.run(() => new Promise<void>((resolve) => (leave = resolve)));
    const { client, stdin, stdout } = connect(gate);

    const pack = client.request(PACK, {
      timeoutMs: 1_000,
      payload: () => Readable.from([Buffer.from("data")]),
    });
    const status = client.request({ op: "status" }, { timeoutMs: 1_000 });
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS * 3);
    expect(String(stdin.read())).toBe("\n\n\n");

    leave();
    await vi.advanceTimersByTimeAsync(1);
    expect(String(stdin.read())).toBe(
      `${JSON.stringify({ ...PACK, id: 1 })}\ndata${JSON.stringify({ op: "status", id: 2 })}\n`,
    );
    stdout.write('{"reply":1,"ok":true,"result":"stored"}\n{"reply":2,"ok":true,"result":"fine"}\n');
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all([pack, status])).toEqual(["stored", "fine"]);
  });
});

it("passes on all that a target says besides replies, also on standard error (ssh W16)", async () => {
  const lines: string[] = [];
  const { stderr, stdout } = connect(new TransferGate(1), (line) => void lines.push(line));
  const much = Array.from({ length: 10_000 }, (_, index) => `line ${index}`);
  stderr.end(`${much.join("\n")}\nthe reason`);
  stdout.end("plain\n");
  await vi.waitFor(() => expect(lines).toHaveLength(10_002), { timeout: 15_000 });
  expect(lines.filter((line) => line !== "plain")).toEqual([...much, "the reason"]);
});

describe("the end of a worker client", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("does not wait for ever for a worker whose host fell silent after the last answer", async () => {
    const { client } = connect(new TransferGate(1));
    let isClosed = false;
    const closing = client.close().then(() => (isClosed = true));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    await closing;
    expect(isClosed).toBe(true);
  });
});

describe("a worker client whose host does not answer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const HELLO = {
    op: "hello",
    protocol: 1,
    repo: "a",
    gitDeployDir: "/srv",
    run: "1",
    writer: true,
  } as const;
  const FETCH = { op: "stage", stage: "fetch", force: false, timeoutMs: 900_000 } as const;

  it.each([
    ["the greeting", HELLO, "no answer to hello within 30 s"],
    ["a stage", FETCH, "no answer to fetch within 30 s"],
    ["a confirmation", { op: "confirm", commit: "c" } as const, "no answer to confirm within 30 s"],
  ])("says so of %s, and is lost from then on", async (_what, request, message) => {
    const { client } = connect(new TransferGate(1));
    const asked = client.request(request, { timeoutMs: 30_000 }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await asked).toMatchObject({ code: "TIMED_OUT", message, host: "web1" });
    expect(client.isLost).toBe(true);
    await client.close();
  });
});

describe("a login that never comes to run the worker", () => {
  const GREETING = { op: "status" } as const;
  const START_UP = expect.stringContaining("start-up files of the login shell");

  it("is told from a worker that ended, with what to look at", async () => {
    const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
    const exit = Promise.resolve({ code: 1, signal: null });
    const options = { host: "web1", gate: new TransferGate(1), onLine: () => {} };
    const client = new WorkerClient({ ...options, process: { ...streams, exit } });
    await expect(client.request(GREETING, { timeoutMs: 30_000 })).rejects.toMatchObject({
      message: "lost the host: the login ended with status 1 before anything answered",
      hint: START_UP,
    });
  });

  it("is told from work that takes long", async () => {
    const { client } = connect(new TransferGate(1));
    await expect(client.request(GREETING, { timeoutMs: 1 })).rejects.toMatchObject({ hint: START_UP });
    await client.close();
  });
});
