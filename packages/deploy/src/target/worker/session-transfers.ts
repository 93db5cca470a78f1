import type { Readable } from "node:stream";

import type { LargeFileRequest, PackRequest } from "../../protocol.ts";
import { receiveLargeFile } from "../sources/receive-large-file.ts";
import { receivePack } from "../sources/receive-pack.ts";
import type { TargetPaths } from "../target-paths.ts";

/** What comes in with a request. */
export interface Transfer {
  readonly payload: Readable;
  readonly signal: AbortSignal;
}

/** What came over the connection in one run. A failure is told again by the work that needs what did not come. */
export class SessionTransfers {
  readonly #received = new Set<string>();
  #failure: unknown;

  /** Objects for the cache. */
  async pack(paths: TargetPaths, request: PackRequest, transfer: Transfer): Promise<void> {
    await this.#noting(receivePack(paths, request, transfer));
    // A later pack brings everything once more.
    this.#failure = undefined;
    if (request.submodule === undefined) this.#received.add(request.commit);
  }

  /** The content of a large file for the cache. */
  async largeFile(paths: TargetPaths, request: LargeFileRequest, transfer: Transfer): Promise<void> {
    await this.#noting(receiveLargeFile(paths, request, transfer));
  }

  /** Whether the commit's objects came in this run. */
  hasReceived(commit: string): boolean {
    return this.#received.has(commit);
  }

  /** @throws why something did not come, if it did not */
  requireWhole(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #noting(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (cause) {
      this.#failure = cause;
      throw cause;
    }
  }
}
