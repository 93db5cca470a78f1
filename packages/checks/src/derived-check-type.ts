import type { CheckDefinition } from "./check-options.ts";
import type { CheckProblem } from "./errors.ts";

/**
 * A type of checks that is written as a check of a built-in type. It is resolved on the deploy server, so targets need
 * to know nothing of it.
 */
export interface DerivedCheckType {
  /** The value of the option `type`. */
  readonly name: string;
  /**
   * The whole definition in place of the one as written, its `type` among the options.
   *
   * @throws Error with one sentence when the options are wrong
   */
  readonly derive: (options: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** Replaces checks of derived types by what they stand for; what cannot be derived is a problem. */
export function deriveChecks(
  definitions: readonly CheckDefinition[],
  types: readonly DerivedCheckType[],
  problems: CheckProblem[],
): CheckDefinition[] {
  return definitions.map((definition) => {
    const type = types.find(({ name }) => name === definition.options.get("type"));
    if (type === undefined) return definition;
    try {
      const derived: unknown = type.derive(Object.fromEntries(definition.options));
      if (typeof derived !== "object" || derived === null || !Object.hasOwn(derived, "type"))
        throw new Error(`what makes checks of the type ${type.name} must return options with a type`);
      const options = new Map<string, unknown>(Object.entries(derived));
      return { ...definition, options, published: options };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      problems.push({ severity: "error", check: definition.name, message, ...definition.place });
      return definition;
    }
  });
}
