import { PyObject } from "./object.ts";
import type { Value } from "./value.ts";

/** A Python float. Keeps `1.0` apart from the integer `1`. */
export class PyFloat extends PyObject {
  readonly typeName = "float";
  /** The number itself. */
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = value;
  }

  override isTrue(): boolean {
    return this.value !== 0;
  }

  override repr(): string {
    return floatText(this.value);
  }

  override hashKey(): unknown {
    if (Number.isSafeInteger(this.value)) return this.value + 0;
    return Number.isInteger(this.value) ? BigInt(this.value) : this.value;
  }

  override equals(other: Value): boolean {
    if (other instanceof PyFloat) return this.value === other.value;
    if (typeof other === "number") return this.value === other;
    if (typeof other === "boolean") return this.value === Number(other);
    return typeof other === "bigint" && Number.isInteger(this.value) && BigInt(this.value) === other;
  }
}

/** `repr()` of a float: shortest digits that read back, always with a point or an exponent. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, "0");
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  return positional(mantissa, exponent);
}

function positional(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace("-", "").replace(".", "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}
