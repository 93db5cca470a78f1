import { library } from "../../scripts/tsup-library.ts";

export default [
  library(["src/index.ts", "src/cli.ts"]),
  // The file of the worker threads stands alone, so that a command which bundles this package can lie next to it.
  {
    entry: { "l10n-worker": "src/l10n/worker.ts" },
    format: "esm",
    target: "node20",
    platform: "node",
    splitting: false,
    treeshake: true,
  },
];
