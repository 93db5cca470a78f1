/** A number and its noun: `1 host`, `3 hosts`. */
export function countText(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
