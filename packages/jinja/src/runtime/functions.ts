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
  // The arguments are checked below against the names that the type is made of.
  const call = implementation as (runtime: Runtime, ...args: readonly (Value | undefined)[]) => Value;
  return (runtime, args, kwargs) => {
    const bound = kwargs.size === 0 ? args : bindKeywords(name, names, positionalOnly, args, kwargs);
    if (bound.length > names.length) {
      throw typeError(`${name}() takes at most ${names.length} arguments (${bound.length} given)`);
    }
    for (let index = 0; index < required; index++) {
      if (bound[index] === undefined)
        throw typeError(`${name}() missing required argument: '${names[index]}'`);
    }
    return callWith(call, runtime, bound);
  };
}

// Spreading a list of unknown length is several times slower than naming its members.
function callWith(
  call: (runtime: Runtime, ...args: readonly (Value | undefined)[]) => Value,
  runtime: Runtime,
  args: readonly (Value | undefined)[],
): Value {
  switch (args.length) {
    case 1:
      return call(runtime, args[0]);
    case 2:
      return call(runtime, args[0], args[1]);
    case 3:
      return call(runtime, args[0], args[1], args[2]);
    default:
      return call(runtime, ...args);
  }
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
