import { fromBase64, textField, toBase64 } from "./etcd-client.ts";

/** What the keys of locks start with unless the site says otherwise. */
export const ETCD_PREFIX = "/scap/lock/";

/** Name of the lock that excludes all others. */
export const ETCD_GLOBAL_NAME = "global";

/** All keys that start with a prefix, as etcd's requests want them. */
export function wholePrefix(prefix: string): { readonly key: string; readonly range_end: string } {
  const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  return { key: toBase64(prefix), range_end: toBase64(end) };
}

/** The key and the note of a lock; without a note where it is none of ours. */
export function readEtcdPair(pair: unknown): { readonly key: string; readonly note: unknown } {
  const key = fromBase64(textField(pair, "key"));
  try {
    return { key, note: JSON.parse(fromBase64(textField(pair, "value"))) as unknown };
  } catch {
    return { key, note: undefined };
  }
}
