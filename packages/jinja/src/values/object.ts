import { UnprintableError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { ReprState } from "./repr.ts";
import type { Cursor, Kwargs, Value } from "./value.ts";

/**
 * Base of the values that JavaScript has no type for. Each method is one of Python's protocols;
 * a result of `undefined` means that the type does not have it.
 */
export abstract class PyObject {
  /** Python's name of the type, such as `dict`. */
  abstract readonly typeName: string;

  /** Module of the type when it is not a builtin one; shown in messages on missing attributes. */
  get moduleName(): string | undefined {
    return undefined;
  }

  /** `bool(x)` */
  isTrue(): boolean {
    return true;
  }

  /** `repr(x)`. @throws UnprintableError when Python would print a memory address. */
  repr(_state: ReprState): string {
    throw new UnprintableError(this.typeName);
  }

  /** `str(x)`, or `undefined` when it is the same as `repr(x)`. */
  text(): string | undefined {
    return undefined;
  }

  /** `x.name`, without the fallback to items. */
  attribute(_name: string, _runtime: Runtime): Value | undefined {
    return undefined;
  }

  /** `x[key]`; `undefined` also when there is no such key. */
  item(_key: Value): Value | undefined {
    return undefined;
  }

  /** `iter(x)` */
  cursor(): Cursor | undefined {
    return undefined;
  }

  /** `reversed(x)` */
  reversed(): Cursor | undefined {
    return undefined;
  }

  /** `len(x)` */
  size(): number | undefined {
    return undefined;
  }

  /** Whether `x[key]` is part of the type at all. */
  get isSubscriptable(): boolean {
    return false;
  }

  /** Whether `x()` is allowed. */
  get isCallable(): boolean {
    return false;
  }

  /** `x(*args, **kwargs)`; only called when {@link isCallable}. */
  call(_args: readonly Value[], _kwargs: Kwargs, _runtime: Runtime): Value {
    return null;
  }

  /** `x == other`, for two objects that are not identical. */
  equals(_other: Value): boolean {
    return false;
  }

  /** A primitive that is the same for equal values, for use as a key of a mapping; `undefined` = unhashable. */
  hashKey(): unknown {
    return this;
  }
}
