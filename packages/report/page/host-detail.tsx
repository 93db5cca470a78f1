import { useMemo } from "preact/hooks";
import type { ReportModel } from "./report-model.ts";
import { clockAt, lengthText, shown } from "./words.ts";

interface HostDetailProps {
  readonly model: ReportModel;
  readonly host: number;
  readonly ms: number;
  readonly showLog: (host: string) => void;
}

/** What one host had done up to the moment, stage by stage. */
export function HostDetail({ host, model, ms, showLog }: HostDetailProps) {
  const all = useMemo(() => model.hostSpans.filter((span) => span.host === host), [model, host]);
  const spans = all.filter(({ toMs }) => toMs <= ms);
  const name = model.hosts[host]?.name ?? "";
  return (
    <aside class="detail" aria-label={`Stages of ${shown(name)}`}>
      <h3>{shown(name)}</h3>
      {spans.length === 0 ? (
        <p>No stage had ended on this host.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col">Started</th>
              <th scope="col">Took</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {spans.map(({ fromMs, stage, state, toMs }) => (
              <tr key={`${stage} ${toMs}`}>
                <td>{shown(stage)}</td>
                <td>{clockAt(model.startedAt, fromMs)}</td>
                <td>{lengthText(toMs - fromMs)}</td>
                <td>{state}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <button type="button" onClick={() => showLog(name)}>
        Show its log
      </button>
    </aside>
  );
}
