import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import { createSampleTarget, deployInfo, WorkerHandle, type SampleTarget } from "./sample-target.ts";

let target: SampleTarget;
let source: SampleRepository;
const own = process.umask();
beforeEach(() => {
  process.umask(own);
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
});
afterEach(() => {
  process.umask(own);
  target.remove();
});

/** Everything below a directory but git's objects, with its permissions: `drwxrwxr-x` is `d775`. */
function modes(directory: string): Map<string, string> {
  const entries = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const paths = entries
    .map((entry) => join(directory, entry))
    .filter((path) => !path.includes("/objects/") && realpathSync(path) === path);
  const stats = paths.map((path) => [relative(directory, path), lstatSync(path)] as const);
  return new Map(
    stats.map(([path, stat]) => [
      path,
      `${stat.isDirectory() ? "d" : "-"}${(stat.mode & 0o777).toString(8)}`,
    ]),
  );
}

it.each([
  ["000", "002", "d775", "-664"],
  ["077", "002", "d775", "-664"],
  ["000", "027", "d750", "-640"],
])("a login with umask %s leaves what umask: %s allows", async (login, wanted, directoryMode, fileMode) => {
  const umask = Number.parseInt(wanted, 8);
  const commit = source.commit({ a: "one\n", "sub/b": "one\n" });
  const files = [{ name: "app.conf", template: "x\n", output_format: null, erb_syntax: false }];
  const config = { config_deploy: true, config_files: { files, override_vars: {} } };
  process.umask(login);
  const worker = new WorkerHandle();
  const hello = await worker.hello(target, "20310405T060708-1", true, umask);
  await worker.publish(deployInfo(commit, { umask, ...config }));
  await worker.sendRevision(source.directory, commit, hello);
  for (const stage of ["fetch", "config_deploy", "promote", "finalize"] as const)
    expect(await worker.stage(stage)).toMatchObject({ ok: true });
  const found = modes(target.gitDeployDir);
  expect(found.get(`acme/web-cache/revs/${commit}/app.conf`)).toBe(fileMode);
  const others = [...found].filter(([, mode]) => mode !== directoryMode && mode !== fileMode);
  expect(others).toEqual([
    // The lock is for those who may deploy; sums may tell of secrets.
    ["acme/web-cache/.scap/lock", "-660"],
    [`acme/web-cache/revs/${commit}/.git/scap-config-sums`, "-600"],
  ]);
  await worker.close();
});
