/** Files of tests that share a process: each leaves it as it found it, whatever became of its tests. */
import { afterAll, vi } from "vitest";

const env = { ...process.env };
const directory = process.cwd();
const umask = process.umask();

afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(directory);
  process.umask(umask);
});
