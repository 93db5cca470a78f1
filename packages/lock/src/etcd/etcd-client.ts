import { LockError } from "../errors.ts";

/** How to reach an etcd cluster. */
export interface EtcdClientOptions {
  /** Addresses of the members, for example `["http://127.0.0.1:2379"]`; the next one is tried when one fails. */
  readonly endpoints: readonly string[];
  /** Sent to etcd's own user management, when it is switched on. */
  readonly credentials?: { readonly user: string; readonly password: string } | undefined;
  /** Longest duration of one request, in milliseconds. @defaultValue 5000 */
  readonly requestTimeoutMs?: number | undefined;
  /** For client certificates or a proxy. @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const DEFAULT_REQUEST_TIMEOUT_MS = 5000;

/** Speaks the JSON gateway that every etcd 3.4 and later has on its client port. */
export class EtcdClient {
  readonly #options: EtcdClientOptions;
  #token: string | undefined;

  constructor(options: EtcdClientOptions) {
    if (options.endpoints.length === 0) {
      throw new LockError("No etcd endpoint is configured", {
        code: "LOCK_BAD_OPTION",
        hint: "Set lock_etcd_endpoints, for example http://127.0.0.1:2379.",
      });
    }
    options.endpoints.forEach(validateEndpoint);
    this.#options = options;
  }

  /**
   * Posts a request, for example to `kv/txn`.
   *
   * @throws LockError `LOCK_BACKEND_FAILED` when no member answers, or when etcd refuses.
   */
  async post(path: string, body: object, signal?: AbortSignal): Promise<unknown> {
    if (this.#options.credentials && this.#token === undefined) await this.#authenticate(signal);
    return this.#postOnce(path, body, signal);
  }

  async #authenticate(signal: AbortSignal | undefined): Promise<void> {
    const { user = "", password = "" } = this.#options.credentials ?? {};
    const answer = await this.#postOnce("auth/authenticate", { name: user, password }, signal);
    this.#token = textField(answer, "token");
  }

  async #postOnce(path: string, body: object, signal: AbortSignal | undefined): Promise<unknown> {
    const problems: string[] = [];
    let cause: unknown;
    for (const endpoint of this.#options.endpoints) {
      let response;
      try {
        response = await this.#send(`${endpoint.replace(/\/+$/, "")}/v3/${path}`, body, signal);
      } catch (error) {
        signal?.throwIfAborted();
        problems.push(`${endpoint}: ${networkReason(error)}`);
        cause = error;
        continue;
      }
      if (response.status >= 500) problems.push(`${endpoint}: ${await refusal(response)}`);
      else return readAnswer(response, endpoint);
    }
    throw new LockError(`No etcd member can be used (${problems.join("; ")})`, {
      code: "LOCK_BACKEND_FAILED",
      hint: "Look at lock_etcd_endpoints and at the cluster; lock_backend: file locks on this host only.",
      cause,
    });
  }

  #send(url: string, body: object, signal: AbortSignal | undefined): Promise<Response> {
    const { fetch = globalThis.fetch, requestTimeoutMs = DEFAULT_REQUEST_TIMEOUT_MS } = this.#options;
    const timeout = AbortSignal.timeout(requestTimeoutMs);
    return fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      headers: {
        "content-type": "application/json",
        ...(this.#token === undefined ? {} : { authorization: this.#token }),
      },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  }
}

/** Bytes as the gateway wants them. */
export function toBase64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** Text of bytes from the gateway. */
export function fromBase64(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

/** A member of an answer. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** A text member of an answer; the gateway writes 64-bit numbers as texts and leaves zeros out. */
export function textField(value: unknown, name: string): string {
  const member = field(value, name);
  return typeof member === "string" || typeof member === "number" ? String(member) : "";
}

async function readAnswer(response: Response, endpoint: string): Promise<unknown> {
  if (!response.ok) {
    throw new LockError(`etcd at ${endpoint} refused: ${await refusal(response)}`, {
      code: "LOCK_BACKEND_FAILED",
    });
  }
  return response.json();
}

async function refusal(response: Response): Promise<string> {
  const text = await response.text().catch(() => "");
  try {
    const answer: unknown = JSON.parse(text);
    return textField(answer, "message") || textField(answer, "error") || `HTTP status ${response.status}`;
  } catch {
    return `HTTP status ${response.status}`;
  }
}

function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function validateEndpoint(endpoint: string, index: number): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isUsable =
    url && ["http:", "https:"].includes(url.protocol) && url.username === "" && url.password === "";
  if (isUsable) return;
  // The text may hold a password, so it is not shown.
  throw new LockError(`etcd endpoint number ${index + 1} is not an http or https address without user name`, {
    code: "LOCK_BAD_OPTION",
    hint: "Write for example http://127.0.0.1:2379; user and password are options of their own.",
  });
}
