import { useMemo, useRef, useState } from "preact/hooks";
import { HOST_STATES } from "@scap/events";
import { arrowTarget } from "./arrow-target.ts";
import { HostDetail } from "./host-detail.tsx";
import type { Moment } from "./moments.ts";
import type { ReportModel } from "./report-model.ts";
import { shortNames } from "./short-names.ts";
import { stateClass, stateSymbol } from "./state-look.ts";
import { countText, shown } from "./words.ts";

const FEW = 12;
const SOME = 120;

interface HostGridProps {
  readonly model: ReportModel;
  readonly moment: Moment;
  readonly ms: number;
  readonly showLog: (host: string) => void;
}

/** Every host with its state at the moment, by group: cards for a few, chips for some, squares for many. */
export function HostGrid({ model, moment, ms, showLog }: HostGridProps) {
  const [selected, select] = useState<number>();
  const [focused, focus] = useState(0);
  const section = useRef<HTMLElement>(null);
  const groups = useMemo(() => hostsByGroup(model), [model]);
  const short = useMemo(() => shortNames(model.hosts.map(({ name }) => name)), [model]);
  const size = model.hosts.length <= FEW ? "few" : model.hosts.length <= SOME ? "some" : "many";
  const onKeyDown = (event: KeyboardEvent): void => {
    const cells = [...(section.current?.querySelectorAll<HTMLElement>(".host") ?? [])];
    const target = arrowTarget(event.key, cells, focused);
    if (target === undefined) return;
    event.preventDefault();
    focus(target);
    cells[target]?.focus();
  };
  const onClick = ({ target }: MouseEvent): void => {
    const cell = (target as Element).closest<HTMLElement>(".host");
    if (!cell) return;
    const number = Number(cell.dataset["number"]);
    focus(number);
    select(selected === number ? undefined : number);
  };
  return (
    <section ref={section} aria-labelledby="hosts" onKeyDown={onKeyDown} onClick={onClick}>
      <h2 id="hosts">Hosts</h2>
      {groups.map(([group, numbers]) => (
        <div key={group}>
          <h3>
            {shown(group)} <small>{countText(numbers.length, "host")}</small>
          </h3>
          <ul class={`grid ${size}`}>
            {numbers.map((number) => (
              <HostCell
                key={number}
                name={model.hosts[number]?.name ?? ""}
                shortName={short[number] ?? ""}
                state={moment.hosts[number] ?? 0}
                isSelected={selected === number}
                isReachable={focused === number}
                number={number}
              />
            ))}
          </ul>
        </div>
      ))}
      {selected !== undefined && <HostDetail model={model} host={selected} ms={ms} showLog={showLog} />}
    </section>
  );
}

interface HostCellProps {
  readonly number: number;
  readonly name: string;
  readonly shortName: string;
  readonly state: number;
  readonly isSelected: boolean;
  /** Whether the tab key stops here: at one cell of the grid, the arrow keys go to the others. */
  readonly isReachable: boolean;
}

// An element that stays the same is not compared again: while the scrubber moves most of 500 hosts do.
function HostCell({ isReachable, isSelected, name, number, shortName, state: place }: HostCellProps) {
  return useMemo(() => {
    const state = HOST_STATES[place] ?? "not started";
    const label = `${shown(name)}: ${state}`;
    return (
      <li>
        <button
          type="button"
          class={`host ${stateClass(state)}`}
          title={label}
          aria-label={label}
          aria-pressed={isSelected}
          tabIndex={isReachable ? 0 : -1}
          data-number={number}
        >
          <span class="symbol">{stateSymbol(state)}</span> <span class="name">{shown(shortName)}</span>{" "}
          <span class="word">{state}</span>
        </button>
      </li>
    );
  }, [isReachable, isSelected, name, number, place, shortName]);
}

function hostsByGroup({ hosts }: ReportModel): [string, number[]][] {
  const groups = new Map<string, number[]>();
  hosts.forEach(({ group }, number) => groups.set(group, [...(groups.get(group) ?? []), number]));
  return [...groups];
}
