/**
 * Compiles a regular expression that was written for Python, to be tested at the start of a text. What the two
 * languages spell differently is translated; the rest they share.
 *
 * @throws {SyntaxError} when the expression is invalid
 */
export function compilePythonPattern(source: string): RegExp {
  const flags = /^\(\?([aimsu]+)\)/.exec(source);
  const body = source
    .slice(flags?.[0].length ?? 0)
    .replace(/\\.|\(\?P<|\(\?P=(\w+)\)/gs, (found, name: string | undefined) => {
      if (found === "\\A") return "^";
      if (found === "\\Z") return "$";
      if (found === "(?P<") return "(?<";
      return name === undefined ? found : `\\k<${name}>`;
    });
  return new RegExp(`^(?:${body})`, [...new Set(flags?.[1]?.match(/[ims]/g))].join(""));
}
