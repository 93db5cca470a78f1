/**
 * Splits a command into words as a POSIX shell does, without expanding anything: `#`, `$`, `*` and `|` are ordinary.
 *
 * @throws Error with one sentence when a quote is not closed or the text ends with a backslash.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (/[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "\\") {
      at += 1;
      if (at >= text.length) throw new Error("a backslash stands at the end");
      word = (word ?? "") + (text[at] ?? "");
    } else if (character === "'" || character === '"') {
      const quoted = readQuoted(text, at);
      word = (word ?? "") + quoted.value;
      at = quoted.end;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function readQuoted(text: string, start: number): { value: string; end: number } {
  const quote = text[start];
  let value = "";
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === quote) return { value, end: at };
    const next = text[at + 1];
    if (quote === '"' && character === "\\" && (next === '"' || next === "\\")) {
      value += next;
      at += 1;
    } else {
      value += character;
    }
  }
  throw new Error(`the quote at position ${start + 1} is not closed`);
}
