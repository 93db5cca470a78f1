import type { Logger } from "@scap/log";
import type { Parcel } from "./parcel.ts";

/** Logs what hosts are sent for good: the first host of each parcel for people, all of them for the log file. */
export function deliveryNotes(logger: Logger): (host: string, parcel: Parcel) => void {
  const told = new Set<string>();
  return (host, parcel) => {
    logger.debug("%s is sent %s", { host, args: [host, parcel.label] });
    if (!parcel.isRuntime || told.has(parcel.name)) return;
    told.add(parcel.name);
    logger.info("Hosts without Node are sent %s once (%s)", {
      args: [parcel.label, sizeText(parcel.sentBytes)],
    });
  };
}

/** Bytes for people: `37 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1_000)} kB`;
  if (bytes < 10_000_000_000) return `${Math.round(bytes / 1_000_000)} MB`;
  return `${Math.round(bytes / 1_000_000_000)} GB`;
}
