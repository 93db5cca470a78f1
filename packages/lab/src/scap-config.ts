import { LabError } from "./errors.ts";

/** Text of a host's `scap.cfg`. @throws {LabError} `BAD_OPTION` when a value would not stay on its line */
export function scapConfigText(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => {
    if (/[\r\n]/.test(name + value)) {
      throw new LabError(
        "BAD_OPTION",
        `The option ${JSON.stringify(name)} for scap.cfg has a line break in it`,
      );
    }
    return `${name}: ${value}\n`;
  });
  return `[global]\n${lines.join("")}`;
}
