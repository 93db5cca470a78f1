import { isLower, isTitle, isUpper } from "../values/casing.ts";
import { isSpace } from "../values/splitting.ts";
import { simpleMethod, type NamedMethod } from "./string-self.ts";

/** The methods of `str` that ask what a text is made of. */
export const stringTests: readonly NamedMethod[] = [
  simpleMethod("isdigit", (text) =>
    /^[\p{Nd}²³¹\u1369-\u1371\u19da⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒]+$/u.test(text),
  ),
  simpleMethod("isdecimal", (text) => /^\p{Nd}+$/u.test(text)),
  simpleMethod("isnumeric", (text) => /^[\p{N}〇一二三四五六七八九十百千万億兆零]+$/u.test(text)),
  simpleMethod("isalpha", (text) => /^\p{L}+$/u.test(text)),
  simpleMethod("isalnum", (text) => /^[\p{L}\p{N}]+$/u.test(text)),
  simpleMethod("isspace", isSpace),
  simpleMethod("islower", isLower),
  simpleMethod("isupper", isUpper),
  simpleMethod("istitle", isTitle),
  simpleMethod("isascii", (text) => /^[\0-\x7f]*$/.test(text)),
  simpleMethod("isidentifier", (text) => /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(text)),
  simpleMethod(
    "isprintable",
    (text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text),
  ),
];
