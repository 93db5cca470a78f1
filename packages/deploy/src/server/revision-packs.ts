import type { Readable } from "node:stream";
import type { HelloResult, PackRequest } from "../protocol.ts";

/** A pack that is ready to be sent: the request, and how to read its payload. */
export type ReadyPack = Omit<PackRequest, "id" | "op"> & { readonly open: () => Readable };

/** Packs of the revision being deployed, made once for all hosts that have the same base. */
export interface RevisionPacks {
  /** The packs that a host with these facts lacks; none when the revision is there. */
  packsFor(hello: HelloResult): Promise<readonly ReadyPack[]>;
  /** Removes what was made. */
  close(): Promise<void>;
}
