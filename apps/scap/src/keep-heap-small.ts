/**
 * Loads the handler of a command that works on many hosts, with the part of the heap for new objects kept at its first
 * size. V8 doubles it while messages pass through, up to 48 MB that hold nothing, and buffers of finished packets wait
 * longer to be freed: 17 of 110 MB in a deployment to 80 hosts. It has no
 * effect on what has grown already, so it comes before everything is loaded.
 */
export async function keepHeapSmall<T>(load: () => Promise<T>): Promise<T> {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--semi-space-growth-factor=1");
  return await load();
}
