import { library } from "../../scripts/tsup-library.ts";

export default [
  library(),
  // The command is one file, whose parts are run as they are needed: each file more takes about a millisecond.
  library(["src/cli.ts"], {
    format: "cjs",
    splitting: false,
    // It would load all system modules at the start; without it, too, nothing unused is in the file.
    treeshake: false,
    dts: false,
    clean: false,
    define: { "import.meta.url": "commandUrl" },
    banner: { js: '"use strict"; const commandUrl = require("node:url").pathToFileURL(__filename).href;' },
  }),
  // Stands alone, so that a command which bundles this package can lie next to it.
  library([], {
    entry: { "l10n-worker": "src/l10n/worker.ts" },
    dts: false,
    clean: false,
    splitting: false,
  }),
];
