import type { Runtime } from "../runtime/runtime.ts";
import { PyObject } from "./object.ts";
import { sequenceIndex } from "./sequence-index.ts";
import type { Cursor, Value } from "./value.ts";

/** A Python `range`. */
export class PyRange extends PyObject {
  readonly typeName = "range";
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly #length: number;

  constructor(start: number, stop: number, step: number) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.#length = Math.max(0, Math.ceil((stop - start) / step));
  }

  override isTrue(): boolean {
    return this.#length > 0;
  }

  override repr(): string {
    const step = this.step === 1 ? "" : `, ${this.step}`;
    return `range(${this.start}, ${this.stop}${step})`;
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    if (name === "start" || name === "stop" || name === "step") return this[name];
    return runtime.methodOf("range", this, name);
  }

  override get isSubscriptable(): boolean {
    return true;
  }

  override item(key: Value): Value | undefined {
    const index = sequenceIndex(key, this.#length);
    return index === undefined ? undefined : this.start + index * this.step;
  }

  override cursor(): Cursor {
    let index = 0;
    return { next: () => (index < this.#length ? this.start + index++ * this.step : undefined) };
  }

  override reversed(): Cursor {
    let index = this.#length;
    return { next: () => (index > 0 ? this.start + --index * this.step : undefined) };
  }

  override size(): number {
    return this.#length;
  }

  override equals(other: Value): boolean {
    if (!(other instanceof PyRange) || other.#length !== this.#length) return false;
    if (this.#length === 0) return true;
    return this.start === other.start && (this.#length === 1 || this.step === other.step);
  }

  override hashKey(): unknown {
    return `\u0000range ${this.#length} ${this.#length > 0 ? this.start : ""} ${this.#length > 1 ? this.step : ""}`;
  }

  /** `value in range` for an integer. */
  includes(value: number): boolean {
    const offset = value - this.start;
    return offset % this.step === 0 && offset / this.step >= 0 && offset / this.step < this.#length;
  }

  /** The part of the range that the positions `start`, `start + step`, … up to `stop` select. */
  slice(start: number, stop: number, step: number): PyRange {
    return new PyRange(this.start + start * this.step, this.start + stop * this.step, this.step * step);
  }
}
