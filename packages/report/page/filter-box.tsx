import { useEffect, useState } from "preact/hooks";

const TYPING_DELAY_MS = 150;

interface FilterBoxProps {
  readonly filter: string;
  readonly setFilter: (filter: string) => void;
  readonly error: string | undefined;
  readonly withDebug: boolean;
  readonly setWithDebug: (withDebug: boolean) => void;
}

/** Where the filter is written; it applies when the typing pauses. */
export function FilterBox({ error, filter, setFilter, setWithDebug, withDebug }: FilterBoxProps) {
  const [text, setText] = useState(filter);
  useEffect(() => setText(filter), [filter]);
  useEffect(() => {
    if (text === filter) return undefined;
    const timer = setTimeout(() => setFilter(text), TYPING_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="filter">
      <label for="filter">Filter</label>
      <input
        id="filter"
        type="search"
        spellcheck={false}
        autocomplete="off"
        placeholder="host == web1 levelno >= WARNING"
        value={text}
        aria-invalid={error !== undefined}
        aria-describedby="filter-help"
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <label>
        <input
          type="checkbox"
          checked={withDebug}
          onChange={({ currentTarget }) => setWithDebug(currentTarget.checked)}
        />{" "}
        Debug
      </label>
      <div id="filter-help" role="status">
        {error === undefined ? (
          "As for deploy-log: ATTRIBUTE OPERATOR VALUE …"
        ) : (
          <pre class="error">{error}</pre>
        )}
      </div>
    </div>
  );
}
