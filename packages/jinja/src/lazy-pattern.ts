/**
 * A pattern that is built when it is first used. Those with classes of Unicode take up to ten milliseconds, which a
 * process that renders a few templates need not spend.
 */
export function lazyPattern(build: () => RegExp): () => RegExp {
  let pattern: RegExp | undefined;
  return () => (pattern ??= build());
}
