import { TemplateLimitError, typeError, valueError } from "../errors.ts";
import { integerOr, requireInteger } from "../methods/arguments.ts";
import { fillDict } from "../methods/dict-methods.ts";
import { PyClass, PyFunction } from "../values/callable.ts";
import { PyDict } from "../values/dict.ts";
import { PyRange } from "../values/range.ts";
import { isTrue } from "../values/truth.ts";
import type { Value } from "../values/value.ts";
import { Cycler, Joiner } from "./cycler.ts";
import { builtin } from "./functions.ts";
import { loremIpsum } from "./lorem-ipsum.ts";
import { Namespace } from "./namespace.ts";
import type { Runtime } from "./runtime.ts";

const range = new PyClass("range", (args, kwargs, runtime) => {
  if (kwargs.size > 0) throw typeError("range() takes no keyword arguments");
  if (args.length === 0 || args.length > 3)
    throw typeError(`range expected 1 to 3 arguments, got ${args.length}`);
  return makeRange(args.map(requireInteger), runtime);
});

function makeRange(numbers: readonly number[], runtime: Runtime): PyRange {
  const [first = 0, second, step = 1] = numbers;
  if (step === 0) throw valueError("range() arg 3 must not be zero");
  const made = second === undefined ? new PyRange(0, first, 1) : new PyRange(first, second, step);
  const { range: limit } = runtime.budget.limits;
  if (made.size() > limit)
    throw new TemplateLimitError("range", `a range of ${made.size()} members is too long`, "OverflowError");
  return made;
}

const dict = new PyClass("dict", (args, kwargs, runtime) => {
  if (args.length > 1) throw typeError(`dict expected at most 1 argument, got ${args.length}`);
  const made = new PyDict();
  fillDict(made, args, kwargs, runtime);
  return made;
});

const namespace = new PyClass("jinja2.utils.Namespace", (args, kwargs, runtime) => {
  const members = new PyDict();
  fillDict(members, args, kwargs, runtime);
  return new Namespace(members);
});

const cycler = new PyClass("jinja2.utils.Cycler", (args, kwargs) => {
  const [name] = kwargs.keys();
  if (name !== undefined) throw typeError(`Cycler.__init__() got an unexpected keyword argument '${name}'`);
  return new Cycler(args);
});

const makeJoiner = builtin(
  "Joiner.__init__",
  ["sep?"],
  (_runtime, separator = ", ") => new Joiner(separator),
);
const joiner = new PyClass("jinja2.utils.Joiner", (args, kwargs, runtime) =>
  makeJoiner(runtime, args, kwargs),
);

const makeLorem = builtin(
  "lipsum",
  ["n?", "html?", "min?", "max?"],
  (runtime, count, html = true, min, max) =>
    loremIpsum(runtime, {
      paragraphs: integerOr(count, 5),
      asHtml: isTrue(html),
      minWords: integerOr(min, 20),
      maxWords: integerOr(max, 100),
    }),
);
const lipsum = new PyFunction("generate_lorem_ipsum", (args, kwargs, runtime) =>
  makeLorem(runtime, args, kwargs),
);

/** All globals of Jinja2 3.1. */
export const BUILTIN_GLOBALS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["range", range],
  ["dict", dict],
  ["namespace", namespace],
  ["cycler", cycler],
  ["joiner", joiner],
  ["lipsum", lipsum],
]);
