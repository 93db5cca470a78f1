import { PyFloat, type Value, PyDict } from "@scap/jinja";

/** Reads JSON as Python does: `1.0` is a float, big integers are exact, keys keep their order. */
export function parsePythonJson(text: string): Value {
  let index = 0;
  const skip = (): void => {
    while (/\s/.test(text.charAt(index))) index++;
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = index;
    const token = pattern.exec(text)?.[0] ?? "";
    if (token === "") throw new SyntaxError(`unexpected JSON at ${index}: ${text.slice(index, index + 20)}`);
    index += token.length;
    return token;
  };
  const value = (): Value => {
    skip();
    const first = text.charAt(index);
    if (first === '"') return string();
    if (first === "[") return members("]", value);
    if (first === "{") return object();
    const word = take(/-?[\w.+-]+/y);
    if (word === "null") return null;
    if (word === "true" || word === "false") return word === "true";
    if (/^-?\d+$/.test(word)) return Number.isSafeInteger(Number(word)) ? Number(word) : BigInt(word);
    return new PyFloat(word === "NaN" ? Number.NaN : Number(word));
  };
  const string = (): string => String(JSON.parse(take(/"(?:[^"\\]|\\.)*"/y)));
  const members = <T>(close: string, read: () => T): T[] => {
    const items: T[] = [];
    index++;
    for (skip(); text.charAt(index) !== close; skip()) {
      items.push(read());
      skip();
      if (text.charAt(index) === ",") index++;
    }
    index++;
    return items;
  };
  const object = (): PyDict =>
    new PyDict(
      members("}", () => {
        skip();
        const key = string();
        skip();
        index++;
        return [key, value()] as const;
      }),
    );
  return value();
}
