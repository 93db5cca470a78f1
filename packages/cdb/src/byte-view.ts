/** From this length on the system's copy is faster than a loop. */
const LONG_BYTES = 256;

/** A view for reading and writing several bytes at once. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * Copies the bytes from `start` up to `end`. For the short keys and values that most files have, this takes a fraction
 * of the time of `Buffer.copy`, which makes an object for each call.
 */
export function copyBytes(
  from: Buffer,
  fromView: DataView,
  start: number,
  end: number,
  into: Buffer,
  intoView: DataView,
  position: number,
): void {
  if (end - start >= LONG_BYTES) {
    from.copy(into, position, start, end);
    return;
  }
  let at = start;
  let to = position;
  for (; at + 4 <= end; at += 4, to += 4) intoView.setUint32(to, fromView.getUint32(at, true), true);
  for (; at < end; at++, to++) into[to] = from[at] as number;
}
