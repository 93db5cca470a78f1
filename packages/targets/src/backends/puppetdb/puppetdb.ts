import { TargetsError } from "../../errors.ts";
import { hostSetOf } from "../../host-set-of.ts";
import { isHostName } from "../../host-name.ts";
import type { HostSet } from "../../host-set.ts";
import type { SearchBackend } from "../../query/backend.ts";
import { httpPost, type HttpAnswer } from "./http-post.ts";
import { parsePuppetQuery } from "./puppet-parser.ts";
import { requestOf } from "./query-tree.ts";

/** Where PuppetDB is. */
export interface PuppetdbOptions {
  /** @defaultValue "localhost" */
  readonly host?: string | undefined;
  /** @defaultValue 443 */
  readonly port?: number | undefined;
  /** @defaultValue "https" */
  readonly scheme?: "https" | "http" | undefined;
  /** Longest wait for an answer, in milliseconds. @defaultValue 30_000 */
  readonly timeoutMs?: number | undefined;
  /** Certificates in PEM form. @defaultValue those that Node trusts */
  readonly ca?: string | undefined;
  /** Client certificate and key in PEM form. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** `P{…}`: nodes of PuppetDB (API 4) by name, fact, resource or class. */
export function puppetdbBackend(options: PuppetdbOptions = {}): SearchBackend {
  return {
    kind: "search",
    prefix: "P",
    name: "PuppetDB",
    search: async (query, { signal }) => {
      const { endpoint, ast } = requestOf(parsePuppetQuery(query));
      const { scheme = "https", host = "localhost", port = 443, timeoutMs = 30_000, ca, cert, key } = options;
      const url = new URL(`${scheme}://${host}:${port}/pdb/query/v4/${endpoint}`);
      const body = JSON.stringify({ query: JSON.stringify(ast) });
      try {
        return readCertnames(url, await httpPost({ url, body, timeoutMs, signal, ca, cert, key }));
      } catch (cause) {
        if (cause instanceof TargetsError) throw cause;
        throw failed(url, cause instanceof Error ? cause.message : String(cause), cause);
      }
    },
  };
}

function readCertnames(url: URL, { status, text }: HttpAnswer): HostSet {
  if (status !== 200)
    throw failed(url, `it answered ${status}: ${text.split("\n", 1)[0]?.slice(0, 200) ?? ""}`);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw failed(url, "its answer is not JSON", cause);
  }
  if (!Array.isArray(answer)) throw failed(url, "its answer is not a list");
  return hostSetOf(answer.map((entry: unknown) => certnameOf(url, entry)));
}

function certnameOf(url: URL, entry: unknown): string {
  const name =
    typeof entry === "object" && entry !== null && "certname" in entry ? entry.certname : undefined;
  if (typeof name === "string" && isHostName(name)) return name;
  throw failed(url, `it names a host that cannot be one: ${JSON.stringify(name ?? null)}`);
}

function failed(url: URL, reason: string, cause?: unknown): TargetsError {
  return new TargetsError(`Cannot ask PuppetDB at ${url.host}: ${reason}`, {
    code: "QUERY_BACKEND_FAILED",
    cause,
    hint: "Check host, port and scheme, and that this host may ask it.",
  });
}
