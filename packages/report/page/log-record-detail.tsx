import type { PlainRecord, PlainValue } from "../src/plain-record.ts";
import { shown } from "./words.ts";

/** One record in full, and the way to its moment. */
export function LogRecordDetail({
  record,
  seek,
}: {
  readonly record: PlainRecord;
  readonly seek: () => void;
}) {
  const attributes = Object.entries(record).filter(([name]) => name !== "text" && name !== "msg");
  return (
    <aside class="detail" aria-label="Selected record">
      <pre tabIndex={0}>{shown(record.text)}</pre>
      <dl>
        {attributes.map(([name, value]) => (
          <div key={name}>
            <dt>{shown(name)}</dt>
            <dd>{shown(valueText(value))}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={seek}>
        Go to this moment
      </button>
    </aside>
  );
}

const VALUE_CHARACTERS = 500;

function valueText(value: PlainValue): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS)}…` : text;
}
