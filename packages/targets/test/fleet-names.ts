import type { ExpressionGenerator } from "./expression-generator.ts";

/** Terms as real fleets have them: several numbers in a name, of which one or more vary. */
export function fleetTerms(generator: ExpressionGenerator): string {
  const below = (limit: number): number => generator.below(limit);
  const number = (width: number): string => String(below(10 ** width)).padStart(width, "0");
  const forms: readonly (() => string)[] = [
    () => `mw${10 + below(2) * 10}${number(2)}.${below(2) === 0 ? "eqiad" : "codfw"}.example`,
    () => `ip-10-0-${below(3)}-${below(6)}`,
    () => `10.0.${below(2)}.${below(9)}`,
    () => `db2-${number(2)}`,
    () => `${number(2)}web`,
    () => String(below(12)),
    () => `a${below(3)}b${below(9)}c${below(3)}`,
    () => `r[${below(3)}-${3 + below(3)}]n[${below(9)},${10 + below(9)}]`,
    () => `x[00-0${below(9)},1${below(9)}]y`,
  ];
  const own = [below(forms.length), below(forms.length)];
  return Array.from({ length: 1 + below(20) }, (_, index) => {
    const operator = ["", ",", ",", ",", ",", "!", "&", "^"][index === 0 ? 0 : 1 + below(7)] ?? "";
    return operator + (forms[own[below(2)] ?? 0]?.() ?? "");
  }).join("");
}
