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
          testTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "test/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // More than the two cores of the machine that is the goal: most of them wait for processes, hosts and time-outs.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

export default config;
