import { TemplateError } from "./errors.ts";
import { YamlFloat } from "./yaml-values.ts";

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[{}[\]:,]|true|false|null/g;
const MAX_DEPTH = 500;

/**
 * Reads a JSON text as Python does: a number with a point or an exponent is a float, also `1.0`, and integers are exact.
 * Mappings become `Map`s.
 *
 * @throws TemplateError `TEMPLATE_JSON` naming the file.
 */
export function readJson(text: string, { file }: { readonly file: string }): unknown {
  try {
    JSON.parse(text);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    const line = lineOfProblem(problem, text);
    throw new TemplateError(`invalid JSON: ${problem}`, { code: "TEMPLATE_JSON", file, line, cause });
  }
  // The text is known to be right, so its tokens are all that is left to look at.
  return new JsonTokens(text.match(TOKEN) ?? [], file).value();
}

// JSON.parse tells the place in its message only, and the end of the text by no number.
function lineOfProblem(problem: string, text: string): number {
  const position = /at position (\d+)/.exec(problem)?.[1];
  return text.slice(0, position === undefined ? text.length : Number(position)).split("\n").length;
}

class JsonTokens {
  readonly #tokens: readonly string[];
  readonly #file: string;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly string[], file: string) {
    this.#tokens = tokens;
    this.#file = file;
  }

  value(): unknown {
    const token = this.#next();
    if (token === "{" || token === "[") return this.#nested(token);
    if (/^[-\d]/.test(token)) return numberOf(token);
    return JSON.parse(token);
  }

  #nested(opening: string): unknown {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw new TemplateError(`nested deeper than ${MAX_DEPTH} levels`, {
        code: "TEMPLATE_JSON",
        file: this.#file,
      });
    }
    const value = opening === "{" ? this.#mapping() : this.#list();
    this.#depth -= 1;
    return value;
  }

  #mapping(): Map<string, unknown> {
    const map = new Map<string, unknown>();
    for (let token = this.#next(); token !== "}"; token = this.#next()) {
      if (token === ",") continue;
      const key = String(JSON.parse(token));
      this.#next();
      map.set(key, this.value());
    }
    return map;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === "]" || token === ",") this.#at += 1;
      if (token === "]") return list;
      if (token !== ",") list.push(this.value());
    }
  }

  #next(): string {
    const token = this.#tokens[this.#at] ?? "null";
    this.#at += 1;
    return token;
  }
}

function numberOf(token: string): number | bigint | YamlFloat {
  if (/[.eE]/.test(token)) return new YamlFloat(Number(token));
  const small = Number(token);
  return Number.isSafeInteger(small) ? small + 0 : BigInt(token);
}
