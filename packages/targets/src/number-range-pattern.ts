/**
 * Regular expression source for every number from `low` to `high`, both written with the same count of digits.
 * Its size grows with the digits, not with the range.
 */
export function numberRangePattern(low: string, high: string): string {
  if (low === high) return low;
  if (isAll("0", low) && isAll("9", high)) return anyDigits(low.length);
  const [first, last] = [Number(low[0]), Number(high[0])];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  if (first === last) return `${first}${numberRangePattern(lowRest, highRest)}`;
  // The first and the last leading digit may have only part of what can follow; those between have all of it.
  const from = isAll("0", lowRest) ? first : first + 1;
  const to = isAll("9", highRest) ? last : last - 1;
  const choices = [];
  if (from > first) choices.push(`${first}${numberRangePattern(lowRest, "9".repeat(lowRest.length))}`);
  if (from <= to) choices.push(`${from === to ? from : `[${from}-${to}]`}${anyDigits(lowRest.length)}`);
  if (to < last) choices.push(`${last}${numberRangePattern("0".repeat(highRest.length), highRest)}`);
  return choices.length === 1 ? choices.join("") : `(?:${choices.join("|")})`;
}

/** The same for numbers without leading zeros, whose count of digits may differ. */
export function growingRangePattern(low: string, high: string): string {
  const choices = [];
  for (let digits = low.length; digits <= high.length; digits += 1) {
    const from = digits === low.length ? low : `1${"0".repeat(digits - 1)}`;
    const to = digits === high.length ? high : "9".repeat(digits);
    choices.push(numberRangePattern(from, to));
  }
  return `(?:${choices.join("|")})`;
}

function isAll(digit: string, text: string): boolean {
  return text === digit.repeat(text.length);
}

function anyDigits(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "[0-9]" : `[0-9]{${count}}`;
}
