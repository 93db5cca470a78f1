/**
 * A number that was written as a float although its value is whole (`1.0`, `1e20`). Python prints it
 * differently from the integer `1`, and a JavaScript number cannot tell the two apart.
 */
export class PythonFloat {
  /** The numeric value. */
  readonly value: number;

  /** @param value - the numeric value */
  constructor(value: number) {
    this.value = value;
  }

  /** Lets arithmetic and comparison use the value. */
  valueOf(): number {
    return this.value;
  }

  /** `JSON.stringify` writes the plain number. */
  toJSON(): number {
    return this.value;
  }
}

/** The text that Python's `repr` gives a float: shortest digits, at least `.0`, exponent form from 1e16. */
export function pythonFloatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const magnitude = Math.abs(value);
  // There JavaScript writes the same, and faster.
  if (magnitude >= 1e-4 && magnitude < 1e16 && !Number.isInteger(value)) return String(value);
  const [mantissa = "0", exponentText = "0"] = Math.abs(value).toExponential().split("e");
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 16) return sign + positional(mantissa.replace(".", ""), exponent);
  const digits = String(Math.abs(exponent)).padStart(2, "0");
  return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** Whether a JavaScript number stands for a Python integer; whole numbers from 1e21 on count as floats. */
export function isPythonInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 1e21 && !Object.is(value, -0);
}

/** The number behind a value of a decoded record, or `undefined` when it is none that a JavaScript number can hold. */
export function plainNumber(value: unknown): number | undefined {
  if (value instanceof PythonFloat) return value.value;
  return typeof value === "number" ? value : undefined;
}
