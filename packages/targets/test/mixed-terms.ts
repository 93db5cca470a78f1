import type { ExpressionGenerator } from "./expression-generator.ts";

/** Terms with what is rare in a bracket and around it, taken together and away until little or nothing is left. */
export function mixedTerms(generator: ExpressionGenerator): string {
  const below = (limit: number): number => generator.below(limit);
  const pick = (choices: readonly string[]): string => choices[below(choices.length)] ?? "";
  const padded = (value: number): string => String(value).padStart(1 + below(3), "0");
  const digit = (): string => String(1 + below(4));
  /** All members have one width; steps and digits do not go together in ClusterShell. */
  const even = (step = ""): string => `[${digit()}-${5 + below(5)}${step}]`;
  const stepped = (): string => even(pick(["", "", "/2", "/3"]));
  const forms: readonly (() => string)[] = [
    // Widths side by side in one bracket.
    () =>
      `web[${padded(below(12))},${padded(below(12))},${pick(["1-3", "01-03", "001-012/4", "8-11", "08-11"])}]`,
    // Digits that join a bracket.
    () => `web${pick(["1", "0", "01", "20"])}${even()}`,
    () => `web${even()}${digit()}`,
    stepped,
    () => `web${stepped()}.dc${stepped()}`,
    () => `web[ ${digit()} - ${5 + below(4)} , ${10 + below(3)} ]`,
    () => `web${padded(below(12))}`,
    () => pick(["web1!web1", "web[1-3]!web[1-3]", "web2&web3", "web[01-02]^web[01-02]"]),
  ];
  const own = [below(forms.length), below(forms.length), below(forms.length)];
  return Array.from({ length: 1 + below(6) }, (_, index) => {
    const operator = index === 0 ? "" : pick([",", ",", "!", "&", "^"]);
    return operator + (forms[own[below(3)] ?? 0]?.() ?? "");
  }).join("");
}
