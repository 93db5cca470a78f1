import { codePoints } from "./text.ts";

// Letters that have a title case of their own, which JavaScript cannot produce.
const DIGRAPHS: Readonly<Record<string, string>> = {
  Ǆ: "ǅ",
  ǆ: "ǅ",
  ǅ: "ǅ",
  Ǉ: "ǈ",
  ǉ: "ǈ",
  ǈ: "ǈ",
  Ǌ: "ǋ",
  ǌ: "ǋ",
  ǋ: "ǋ",
  Ǳ: "ǲ",
  ǳ: "ǲ",
  ǲ: "ǲ",
};
const UPPERCASE = /[\p{Uppercase}\p{Lt}]/u;
const LOWERCASE = /\p{Lowercase}/u;
const CHEROKEE = /[\u13a0-\u13fd\uab70-\uabbf]/;
const CASED = /[\p{Lowercase}\p{Uppercase}\p{Lt}]/u;

/** A character in title case. */
export function titleCharacter(character: string): string {
  const upper = character.toUpperCase();
  return (
    DIGRAPHS[character] ??
    upper.slice(0, 1) +
      (upper.length > 1 && character.length === 1 ? upper.slice(1).toLowerCase() : upper.slice(1))
  );
}

/** Python's `text.capitalize()`. */
export function capitalize(text: string): string {
  const [first = "", ...rest] = codePoints(text);
  return titleCharacter(first) + rest.join("").toLowerCase();
}

/** Python's `text.title()`: a word is a run of letters, so `they're` becomes `They'Re`. */
export function titleCase(text: string): string {
  let result = "";
  let isInWord = false;
  for (const character of text) {
    result += isInWord ? character.toLowerCase() : titleCharacter(character);
    isInWord = isCased(character);
  }
  return result;
}

/** Python's `text.casefold()`. */
export function caseFold(text: string): string {
  return Array.from(text, foldCharacter).join("");
}

// The dotless i is a letter of its own; Cherokee folds to upper case.
function foldCharacter(character: string): string {
  if (character === "ẞ") return "ss";
  if (character === "ı") return character;
  const upper = character.toUpperCase();
  return CHEROKEE.test(character) ? upper : upper.toLowerCase();
}

/** Python's `text.swapcase()`. */
export function swapCase(text: string): string {
  return Array.from(text, (character) => {
    if (UPPERCASE.test(character)) return character.toLowerCase();
    return LOWERCASE.test(character) ? character.toUpperCase() : character;
  }).join("");
}

/** Python's `text.islower()`. */
export function isLower(text: string): boolean {
  return LOWERCASE.test(text) && !UPPERCASE.test(text);
}

/** Python's `text.isupper()`. */
export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

/** Python's `text.istitle()`. */
export function isTitle(text: string): boolean {
  let hasWord = false;
  let isInWord = false;
  for (const character of text) {
    if (UPPERCASE.test(character) === isInWord && isCased(character)) return false;
    isInWord = isCased(character);
    hasWord ||= isInWord;
  }
  return hasWord;
}

function isCased(character: string): boolean {
  return CASED.test(character);
}
