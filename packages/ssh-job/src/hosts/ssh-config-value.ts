const ONE_WORD = [
  "canonicalizefallbacklocal",
  "canonicalizehostname",
  "canonicalizemaxdots",
  "hostkeyalias",
  "hostname",
  "identitiesonly",
  "identityagent",
  "identityfile",
  "port",
  "user",
];
const YES_OR_NO = /^(yes|true|no|false)$/i;

/** What the value of a keyword looks like, where ssh is strict about it. */
const FORMS: Readonly<Record<string, RegExp>> = {
  canonicalizefallbacklocal: YES_OR_NO,
  canonicalizehostname: /^(yes|true|no|false|always)$/i,
  canonicalizemaxdots: /^\d{1,6}$/,
  identitiesonly: YES_OR_NO,
  port: /^0*([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/,
};

/** @throws Error with the reason why ssh would not take the value either */
export function checkConfigValue(key: string, keyword: string, words: readonly string[]): void {
  if (words.length > 1 && ONE_WORD.includes(key)) {
    throw new Error(`${keyword} has more than one value: ${words.join(" ")}`);
  }
  const form = FORMS[key];
  if (form && !form.test(words[0] ?? "")) throw new Error(`${keyword} cannot be ${JSON.stringify(words[0])}`);
}

/** Whether a word means yes. */
export function isYes(word: string | undefined): boolean {
  return /^(yes|true)$/i.test(word ?? "");
}
