import { decodeLooseRecord } from "@scap/log";
import { expect, it } from "vitest";
import { sampleLog } from "../test/sample-log.ts";
import { packRecords, unpackRecords } from "./pack-records.ts";
import { plainRecord } from "./plain-record.ts";
import { renderReport } from "./render-report.ts";

const started = sampleLog({ hosts: 1 })[0] ?? {};

it("keeps text of the log from becoming markup", () => {
  const hostile = `</script><script>alert(1)</script><!--<script>"'&`;
  const page = renderReport(sampleLog({ hosts: 3, records: 20, hostile }));
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page).not.toContain("<!--");
  const titled = renderReport([{ ...started, repo: "</title><b>" }]);
  expect(titled).toContain("<title>Deployment of &lt;/title&gt;&lt;b&gt; 0123456</title>");
});

it("shows the last deployment of a log", () => {
  const two = [...sampleLog({ hosts: 1 }), { ...started, repo: "shop/second" }];
  const page = renderReport(two);
  expect(page).toContain("Deployment of shop/second");
  expect(page).not.toContain("shop/web");
});

it("says when a log holds no deployment", () => {
  expect(() => renderReport([{ msg: "of the original", levelno: 20 }])).toThrow(
    expect.objectContaining({ name: "ReportError", code: "NO_DEPLOYMENT" }),
  );
  expect(() => renderReport([{ event: "deploy.started", groups: "all" }])).toThrow("no deployment");
});

it("takes records with every field missing, of a wrong type, huge or deep", () => {
  const deep = decodeLooseRecord(`{"msg": "deep", "more": ${"[".repeat(10_000)}${"]".repeat(10_000)}}`) ?? {};
  const odd = [
    {},
    { event: null, created: "noon", levelno: {}, name: 3, msg: null },
    deep,
    { event: "stage.host.finished", host: ["web1"], outcome: "fine" },
    { event: "group.verdict", group: null },
    { msg: "x".repeat(200_000), created: Number.NaN, host: 12n },
  ];
  const page = renderReport([started, ...odd]);
  expect(page.length).toBeLessThan(300_000);
  expect(page).toContain("134464 more characters are in the log");
});

it("packs records and gets them back", () => {
  const records = sampleLog({ hosts: 9, records: 100 }).map((record) => plainRecord(record, 0));
  const packed = packRecords([...records, { created: 1, levelno: 2, name: "", text: "", odd: [1, null] }]);
  expect(unpackRecords(JSON.parse(JSON.stringify(packed)))).toEqual([
    ...records,
    { created: 1, levelno: 2, name: "", text: "", odd: [1, null] },
  ]);
});
