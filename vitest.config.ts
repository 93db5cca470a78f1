import { readdirSync } from "node:fs";
import { defineConfig, type ViteUserConfig } from "vitest/config";

// Tests run against the sources, so that an edit needs no build; the commands themselves are tested from dist.
const alias = readdirSync(new URL("packages", import.meta.url)).flatMap((name) =>
  ["options", "index"].map((entry) => ({
    find: entry === "index" ? `@scap/${name}` : `@scap/${name}/${entry}`,
    replacement: new URL(`packages/${name}/src/${entry}.ts`, import.meta.url).pathname,
  })),
);

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"],
          testTimeout: 120_000,
          // One process after the other for each file would take longer than all of these tests.
          isolate: false,
          setupFiles: ["./test/support/shared-process.ts"],
          maxWorkers: 2,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "test/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // What a test waits for comes late on a busy machine; one second, the default, is no sign of a fault.
          expect: { poll: { timeout: 30_000 } },
          // Two at once: most of them wait for processes, hosts and time-outs, and the goal is a machine of two cores.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

export default config;
