import { valueError } from "../errors.ts";
import { Markup } from "../values/markup.ts";
import type { Value } from "../values/value.ts";
import type { Runtime } from "./runtime.ts";

const WORDS = (
  "a ac accumsan ad adipiscing aenean aliquam aliquet amet ante aptent arcu at auctor augue bibendum blandit class " +
  "commodo condimentum congue consectetuer consequat conubia convallis cras cubilia cum curabitur curae cursus " +
  "dapibus diam dictum dictumst dignissim dis dolor donec dui duis egestas eget eleifend elementum elit enim erat " +
  "eros est et etiam eu euismod facilisi facilisis fames faucibus felis fermentum feugiat fringilla fusce gravida"
).split(" ");

/** Settings of {@link loremIpsum}. */
export interface LoremOptions {
  readonly paragraphs: number;
  /** Puts each paragraph into `<p>`. */
  readonly asHtml: boolean;
  readonly minWords: number;
  /** One more than the largest number of words. */
  readonly maxWords: number;
}

/** Text to fill a page with. The words are random, as in Jinja2. */
export function loremIpsum(
  runtime: Runtime,
  { paragraphs, asHtml, minWords, maxWords }: LoremOptions,
): Value {
  if (paragraphs > 0 && minWords >= maxWords) throw valueError("empty range for randrange()");
  const texts: string[] = [];
  for (let index = 0; index < paragraphs; index++) {
    const count = minWords + Math.floor(runtime.services.random() * (maxWords - minWords));
    runtime.budget.spend(Math.max(1, count));
    texts.push(paragraph(count, runtime));
  }
  return asHtml ? new Markup(texts.map((text) => `<p>${text}</p>`).join("\n")) : texts.join("\n\n");
}

function paragraph(count: number, runtime: Runtime): string {
  const words: string[] = [];
  while (words.length < count) words.push(WORDS[Math.floor(runtime.services.random() * WORDS.length)] ?? "");
  const text = words.join(" ");
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
