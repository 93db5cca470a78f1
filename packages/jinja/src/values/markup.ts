import type { Runtime } from "../runtime/runtime.ts";
import { arrayCursor, reverseArrayCursor } from "./cursors.ts";
import { PyObject } from "./object.ts";
import { reprString, textOf } from "./repr.ts";
import { sequenceIndex } from "./sequence-index.ts";
import { codePoints } from "./text.ts";
import type { Cursor, Value } from "./value.ts";

/** Text that is HTML already and is not escaped again (`markupsafe.Markup`). */
export class Markup extends PyObject {
  readonly typeName = "Markup";
  /** The HTML. */
  readonly html: string;

  constructor(html: string) {
    super();
    this.html = html;
  }

  override get moduleName(): string {
    return "markupsafe";
  }

  override isTrue(): boolean {
    return this.html !== "";
  }

  override repr(): string {
    return `Markup(${reprString(this.html)})`;
  }

  override text(): string {
    return this.html;
  }

  override attribute(name: string, runtime: Runtime): Value | undefined {
    return runtime.methodOf("Markup", this, name);
  }

  override get isSubscriptable(): boolean {
    return true;
  }

  override item(key: Value): Value | undefined {
    const characters = codePoints(this.html);
    const index = sequenceIndex(key, characters.length);
    return index === undefined ? undefined : new Markup(characters[index] ?? "");
  }

  override cursor(): Cursor {
    return arrayCursor(codePoints(this.html));
  }

  override reversed(): Cursor {
    return reverseArrayCursor(codePoints(this.html));
  }

  override size(): number {
    return codePoints(this.html).length;
  }

  override equals(other: Value): boolean {
    return typeof other === "string"
      ? other === this.html
      : other instanceof Markup && other.html === this.html;
  }

  override hashKey(): unknown {
    return this.html;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&#34;",
};

/** Escapes the five characters that are special in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (character) => ENTITIES[character] ?? character);
}

/** `markupsafe.escape(value)`: markup stays as it is. */
export function escapeValue(value: Value): Markup {
  if (value instanceof Markup) return value;
  return new Markup(isHtml(value) ? textOf(value) : escapeHtml(textOf(value)));
}

/** Whether the value says itself that it is HTML. */
export function isHtml(value: Value): boolean {
  return typeof value === "object" && value !== null && "html" in value;
}
