import { useMemo } from "preact/hooks";
import type { ReportModel } from "./report-model.ts";
import { clockAt, lengthText, shown } from "./words.ts";

interface HostDetailProps {
  readonly model: ReportModel;
  readonly host: number;
  readonly showLog: (host: string) => void;
}

/** What one host did, stage by stage. */
export function HostDetail({ host, model, showLog }: HostDetailProps) {
  const spans = useMemo(() => model.hostSpans.filter((span) => span.host === host), [model, host]);
  const name = model.hosts[host]?.name ?? "";
  return (
    <aside class="detail" aria-label={`Stages of ${shown(name)}`}>
      <h3>{shown(name)}</h3>
      {spans.length === 0 ? (
        <p>Nothing was started on this host.</p>
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
