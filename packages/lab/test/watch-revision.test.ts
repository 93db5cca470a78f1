import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lab, type LabHost, startEmbeddedLab, watchRevision } from "../src/index.ts";

let lab: Lab;
let host: LabHost;
beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: 1 });
  host = lab.host("web1");
});
afterAll(() => lab.close());

it("sees every revision and no gap when a link is renamed into place", async () => {
  const watch = await watchRevision(host, { link: `${host.deployDir}/app`, files: ["a", "b"] });
  await sh(
    `${MAKE_REVISIONS}; ln -s one app; sleep 0.3; ln -s two new; mv -T new app; sleep 0.3; ln -s one new; mv -T new app; sleep 0.3`,
  );
  const result = await watch.stop();
  expect(result).toMatchObject({ seen: ["one", "two", "one"], violations: [] });
  expect(result.reads).toBeGreaterThan(1000);
  expect(await host.processes()).toEqual([]);
});

it("notices a moment without a revision, and one with a mixture", async () => {
  await sh(`${MAKE_REVISIONS}; ln -sfn one app`);
  const watch = await watchRevision(host, { link: `${host.deployDir}/app`, files: ["a", "b"] });
  await sh(
    "sleep 0.3; rm app; sleep 0.1; ln -s two app; sleep 0.1; echo mixed >two/b; sleep 0.1; rm two/b; sleep 0.1",
  );
  const { violations } = await watch.stop();
  expect(new Set(violations)).toContain("no revision: No such file or directory");
  expect(violations).toHaveLength(100);
});

const MAKE_REVISIONS = "for r in one two; do mkdir -p $r; echo $r >$r/a; echo $r >$r/b; done";

async function sh(script: string): Promise<void> {
  const result = await host.exec(["sh", "-ec", `cd "$1"; ${script}`, "sh", host.deployDir]);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
}
