import type { Check, CheckPlace } from "./check.ts";
import type { CheckProblem } from "./errors.ts";

/** The options that every check knows; the types add their own. */
export const COMMON_OPTIONS: readonly string[] = [
  "type",
  "command",
  "after",
  "before",
  "stage",
  "hook",
  "run",
  "group",
  "timeout",
  "shell",
  "parallel",
  "keep_agent",
  "retries",
  "retry_delay",
];

/** Python keeps these for itself: a check with such an option cannot be loaded by the original. */
const RESERVED_OPTIONS: readonly string[] = ["name", "environment"];

const DEFAULT_TIMEOUT_MS = 30_000;
/** The longest timer there is, almost 25 days; a longer wait is as good as that. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A definition as it stands in `checks.yaml` or in the deploy info. */
export interface CheckDefinition {
  readonly name: string;
  readonly options: ReadonlyMap<string, unknown>;
  /** The options with the types of YAML, so that a float stays one where they are written again. */
  readonly published: ReadonlyMap<string, unknown>;
  readonly place: CheckPlace;
  /** Line of an option, for messages. */
  readonly lineOf?: (option: string) => number | undefined;
}

/** Reads the options of one check. Problems are added to `problems`; the check then has the defaults. */
export function readCheck(definition: CheckDefinition, problems: CheckProblem[]): Check {
  const reader = new OptionReader(definition, problems);
  reader.refuseReserved();
  const stage = reader.text("stage");
  return {
    name: definition.name,
    type: reader.text("type") ?? "command",
    command: reader.text("command") ?? "",
    before: reader.text("before"),
    after: reader.text("after") ?? stage,
    hook: reader.choice("hook", ["drain", "pool"]),
    runsOnce: reader.choice("run", ["each", "once"]) === "once",
    group: reader.text("group"),
    timeoutMs: reader.milliseconds("timeout", { mayBeZero: false }) ?? DEFAULT_TIMEOUT_MS,
    shell: reader.flag("shell"),
    parallel: reader.flag("parallel"),
    keepAgent: reader.flag("keep_agent"),
    retries: Math.trunc(reader.number("retries", { mayBeZero: true, most: 1000 }) ?? 0),
    retryDelayMs: reader.milliseconds("retry_delay", { mayBeZero: true }) ?? 0,
    options: definition.options,
    place: definition.place,
  };
}

/** The number in an option: a number, or a text that is one. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(value))
    return undefined;
  return Number(value);
}

class OptionReader {
  readonly #definition: CheckDefinition;
  readonly #problems: CheckProblem[];

  constructor(definition: CheckDefinition, problems: CheckProblem[]) {
    this.#definition = definition;
    this.#problems = problems;
  }

  refuseReserved(): void {
    for (const option of RESERVED_OPTIONS) {
      if (this.#definition.options.has(option))
        this.#report(option, `the option name "${option}" is reserved`);
    }
  }

  text(option: string): string | undefined {
    const value = this.#definition.options.get(option);
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string") return value === "" ? undefined : value;
    if (typeof value === "number" || typeof value === "bigint") return String(value);
    this.#report(option, `${option} must be a text, not ${typeName(value)}`);
    return undefined;
  }

  choice<Choice extends string>(option: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#definition.options.get(option);
    const chosen = choices.find((choice) => choice === value);
    if (chosen === undefined && value !== undefined && value !== null)
      this.#report(option, `${option} must be ${choices.join(" or ")}, not ${shown(value)}`);
    return chosen;
  }

  flag(option: string): boolean {
    const value = this.#definition.options.get(option);
    if (typeof value === "boolean") return value;
    if (value !== undefined && value !== null) {
      this.#report(option, `${option} must be true or false, not ${typeName(value)}`);
    }
    return false;
  }

  milliseconds(option: string, range: { mayBeZero: boolean }): number | undefined {
    const seconds = this.number(option, range);
    return seconds === undefined ? undefined : Math.min(1000 * seconds, LONGEST_TIMER_MS);
  }

  number(
    option: string,
    { mayBeZero, most = Number.MAX_VALUE }: { mayBeZero: boolean; most?: number },
  ): number | undefined {
    const value = this.#definition.options.get(option);
    if (value === undefined) return undefined;
    const number = numberIn(value);
    const isAllowed = (given: number): boolean => (mayBeZero ? given >= 0 : given > 0) && given <= most;
    if (number !== undefined && isAllowed(number)) return number;
    const least = mayBeZero ? "zero or more" : "above zero";
    const bounds = most === Number.MAX_VALUE ? least : `${least} and at most ${most}`;
    this.#report(option, `${option} must be a number ${bounds}, not ${shown(value)}`);
    return undefined;
  }

  #report(option: string, message: string): void {
    const { name, place, lineOf } = this.#definition;
    this.#problems.push({
      severity: "error",
      message,
      check: name,
      file: place.file,
      line: lineOf?.(option) ?? place.line,
    });
  }
}

function shown(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? JSON.stringify(value) : typeName(value);
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return value instanceof Map ? "a mapping" : `a ${typeof value}`;
}
