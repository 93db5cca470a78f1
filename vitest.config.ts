import { readdirSync } from "node:fs";
import { configDefaults, defineConfig, type ViteUserConfig } from "vitest/config";

// Tests run against the sources, so that an edit needs no build; the commands themselves are tested from dist.
const alias = readdirSync(new URL("packages", import.meta.url)).flatMap((name) =>
  ["options", "index"].map((entry) => ({
    find: entry === "index" ? `@scap/${name}` : `@scap/${name}/${entry}`,
    replacement: new URL(`packages/${name}/src/${entry}.ts`, import.meta.url).pathname,
  })),
);

// These measure, or replace, what belongs to a whole process: each has one of its own.
const ALONE = [
  "packages/deploy/test/target/killed-switch.test.ts",
  "packages/lab/test/embedded-lab.test.ts",
  "packages/ssh-job/test/bad-hosts.test.ts",
  "apps/scap/test/run-bad-hosts.test.ts",
  "test/many-deployments.test.ts",
];

// The others share a process, one after the other: to start one and to load everything anew takes two thirds of a second
// of processor time a file, which is more than most of them need.
const shared = { isolate: false, setupFiles: ["./test/support/shared-process.ts"] };

const integration = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // What a test waits for comes late on a busy machine; one second, the default, is no sign of a fault.
  expect: { poll: { timeout: 30_000 } },
  // They kill, cut and pause real processes under time limits of the product's own, which a machine that stands still for
  // seconds meets too. CI tries such a test once more and names it at its end, so that it is looked into.
  retry: process.env["CI"] === undefined ? 0 : 1,
  // Two at once: most of them wait for processes, hosts and time-outs, and the goal is a machine of two cores.
  maxWorkers: 2,
  sequence: { groupOrder: 1 },
};

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          ...shared,
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"],
          testTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        resolve: { alias },
        test: {
          ...shared,
          ...integration,
          // Projects begin in the order of their names: the longest files first, so that no processor idles at the end.
          name: "end-to-end",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...ALONE],
        },
      },
      {
        resolve: { alias },
        test: {
          ...shared,
          ...integration,
          name: "integration",
          include: ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...ALONE],
        },
      },
      { resolve: { alias }, test: { ...integration, name: "alone", include: ALONE } },
    ],
  },
});

export default config;
