/** Names of hosts without the domain that all of them share; a single host keeps its whole name. */
export function shortNames(names: readonly string[]): string[] {
  const [first = [], ...others] = names.map((name) => name.split(".").toReversed());
  if (others.length === 0) return [...names];
  let shared = 0;
  while (
    shared < first.length &&
    others.every((labels) => labels.length > shared + 1 && labels[shared] === first[shared])
  ) {
    shared += 1;
  }
  const cut = Math.min(shared, first.length - 1);
  return names.map((name) =>
    name
      .split(".")
      .slice(0, name.split(".").length - cut)
      .join("."),
  );
}
