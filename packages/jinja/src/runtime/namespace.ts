import { PyDict } from "../values/dict.ts";
import { PyObject } from "../values/object.ts";
import { reprOf, type ReprState } from "../values/repr.ts";
import type { Value } from "../values/value.ts";

/** `namespace(...)`: carries values out of loops. */
export class Namespace extends PyObject {
  readonly typeName = "Namespace";
  readonly #members: PyDict;

  constructor(members: PyDict) {
    super();
    this.#members = members;
  }

  override get moduleName(): string {
    return "jinja2.utils";
  }

  override repr(state: ReprState): string {
    return `<Namespace ${reprOf(this.#members, state)}>`;
  }

  override attribute(name: string): Value | undefined {
    return this.#members.get(name);
  }

  /** `{% set ns.name = value %}` */
  assign(name: string, value: Value): void {
    this.#members.set(name, value);
  }
}
