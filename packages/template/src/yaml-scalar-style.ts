/** What a text contains, as far as its style depends on it. The rules are those of PyYAML's emitter. */
interface ScalarFeatures {
  readonly isMultiline: boolean;
  readonly allowsPlain: boolean;
  readonly allowsSingleQuotes: boolean;
}

/** How a scalar is written. */
export type ScalarStyle = "plain" | "single" | "double";

const BREAKS = "\n\u0085\u2028\u2029";
const BLANKS = `\0 \t\r${BREAKS}`;

/** Whether a character ends a line in YAML. */
export function isBreak(character: string | undefined): boolean {
  return character !== undefined && BREAKS.includes(character);
}

/** Whether a key can stand before a colon without a question mark. */
export function isSimpleKey(text: string): boolean {
  return text !== "" && Array.from(text).length < 128 && !featuresOf(Array.from(text)).isMultiline;
}

/**
 * The style that PyYAML chooses for a scalar in block context.
 *
 * @param isText - whether the value is a text: then it must not look like anything else
 */
export function chooseStyle(text: string, options: { isText: boolean; isKey: boolean }): ScalarStyle {
  const features = featuresOf(Array.from(text));
  const isMisread = options.isText && looksLikeOtherType(text);
  const isHardKey = options.isKey && (text === "" || features.isMultiline);
  if (!isMisread && !isHardKey && features.allowsPlain) return "plain";
  return features.allowsSingleQuotes && !(options.isKey && features.isMultiline) ? "single" : "double";
}

function featuresOf(characters: readonly string[]): ScalarFeatures {
  if (characters.length === 0) return { isMultiline: false, allowsPlain: true, allowsSingleQuotes: true };
  const first = characters[0] ?? "";
  const last = characters.at(-1) ?? "";
  const text = characters.join("");
  const isMultiline = characters.some(isBreak);
  const hasEdge = [first, last].some((character) => character === " " || isBreak(character));
  const hasBreakSpace = new RegExp(`[${BREAKS}] `, "u").test(text);
  const mustEscape = new RegExp(` [${BREAKS}]`, "u").test(text) || /[^\n\x20-\x7e]/u.test(text);
  const isIndicator = /^(?:---|\.\.\.)/.test(text) || hasIndicator(characters);
  return {
    isMultiline,
    allowsPlain: !hasEdge && !hasBreakSpace && !mustEscape && !isMultiline && !isIndicator,
    allowsSingleQuotes: !hasBreakSpace && !mustEscape,
  };
}

/** Whether a character would be taken for syntax outside of quotes. */
function hasIndicator(characters: readonly string[]): boolean {
  return characters.some((character, index) => {
    const isBeforeBlank = BLANKS.includes(characters[index + 1] ?? " ");
    const isAfterBlank = index === 0 || BLANKS.includes(characters[index - 1] ?? " ");
    if (character === ":") return isBeforeBlank;
    if (index > 0) return character === "#" && isAfterBlank;
    return "#,[]{}&*!|>'\"%@`".includes(character) || ("?-".includes(character) && isBeforeBlank);
  });
}

/** What PyYAML resolves, and `y` and `n`, which other readers of YAML 1.1 take for truth values. */
const YAML_1_1 = [
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|[yYnN])$/,
  /^(?:~|null|Null|NULL|<<|=|[!&*]|)$/,
  /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/,
  /^(?:[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^\d{4}-\d\d-\d\d$/,
  /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/,
];

const YAML_1_2 = [/^[-+]?\d+$/, /^0o[0-7]+$/, /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/];

/** Whether a reader of YAML 1.1 or 1.2 would take the text, without quotes, for a value of another type. */
function looksLikeOtherType(text: string): boolean {
  return [...YAML_1_1, ...YAML_1_2].some((pattern) => pattern.test(text));
}
