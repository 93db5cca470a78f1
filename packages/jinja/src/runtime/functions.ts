import { typeError } from "../errors.ts";
import type { Kwargs, Value } from "../values/value.ts";
import type { Runtime } from "./runtime.ts";

/** A filter, test or method in the form in which templates call it; the piped value is the first argument. */
export type FilterFunction = (runtime: Runtime, args: readonly Value[], kwargs: Kwargs) => Value;

/** Parameter names become arguments; a name that ends in `?` may be left out. */
type Arguments<P extends readonly string[]> = {
  [K in keyof P]: P[K] extends `${string}?` ? Value | undefined : Value;
};

/** Settings of {@link builtin}. */
interface BuiltinOptions {
  /** How many arguments cannot be given by name. */
  readonly positionalOnly?: number;
}

/**
 * Makes a function out of parameter names and an implementation, and binds arguments the way Python does.
 *
 * @param name - for messages.
 * @param parameters - names; `?` at the end marks those that may be left out.
 */
export function builtin<const P extends readonly string[]>(
  name: string,
  parameters: P,
  implementation: (runtime: Runtime, ...args: Arguments<P>) => Value,
  { positionalOnly = 0 }: BuiltinOptions = {},
): FilterFunction {
  const names = parameters.map((parameter) => parameter.replace("?", ""));
  const required = parameters.filter((parameter) => !parameter.endsWith("?")).length;
  const call = (runtime: Runtime, bound: readonly (Value | undefined)[]): Value =>
    // The arguments have been checked against the names that the type is made of.
    implementation(runtime, ...(bound as Arguments<P>));
  return (runtime, args, kwargs) => {
    const bound = kwargs.size === 0 ? args : bindKeywords(name, names, positionalOnly, args, kwargs);
    if (bound.length > names.length) {
      throw typeError(`${name}() takes at most ${names.length} arguments (${bound.length} given)`);
    }
    for (let index = 0; index < required; index++) {
      if (bound[index] === undefined)
        throw typeError(`${name}() missing required argument: '${names[index]}'`);
    }
    return call(runtime, bound);
  };
}

function bindKeywords(
  name: string,
  names: readonly string[],
  positionalOnly: number,
  args: readonly Value[],
  kwargs: Kwargs,
): (Value | undefined)[] {
  const bound: (Value | undefined)[] = [...args];
  for (const [key, value] of kwargs) {
    const index = names.indexOf(key);
    if (index < positionalOnly) throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
    if (index < args.length) throw typeError(`${name}() got multiple values for argument '${key}'`);
    while (bound.length < index) bound.push(undefined);
    bound[index] = value;
  }
  return bound;
}
