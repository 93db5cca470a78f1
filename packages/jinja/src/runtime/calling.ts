import { typeError } from "../errors.ts";
import { typeNameOf } from "../values/type-name.ts";
import type { Kwargs, Value } from "../values/value.ts";
import type { Runtime } from "./runtime.ts";

/** `callee(*args, **kwargs)`. @throws TemplateRuntimeError (`TypeError`) for what cannot be called. */
export function callValue(runtime: Runtime, callee: Value, args: readonly Value[], kwargs: Kwargs): Value {
  if (typeof callee === "object" && callee !== null && !Array.isArray(callee) && callee.isCallable) {
    runtime.budget.spend(1);
    return callee.call(args, kwargs, runtime);
  }
  throw typeError(`'${typeNameOf(callee)}' object is not callable`);
}
