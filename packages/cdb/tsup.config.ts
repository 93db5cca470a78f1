import { library } from "../../scripts/tsup-library.ts";

export default [
  library(),
  // Apart from the library, so that the command loads few files: each takes about a millisecond.
  library(["src/cli.ts"], { dts: false, clean: false }),
  // Stands alone, so that a command which bundles this package can lie next to it.
  library([], {
    entry: { "l10n-worker": "src/l10n/worker.ts" },
    dts: false,
    clean: false,
    splitting: false,
  }),
];
