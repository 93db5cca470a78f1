import { readdirSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { command } from "../../scripts/tsup-command.ts";

/** What a command loads when it runs, as the declarations name it. */
const HANDLER = /import\("\.\.\/run\/([^"]+)\.ts"\)/g;

const handlers = readdirSync("src/commands").flatMap((file) =>
  [...readFileSync(`src/commands/${file}`, "utf8").matchAll(HANDLER)].map(([, name = ""]) => name),
);

export default [
  // The frame is one file: each further one costs as much time as reading this one.
  command({
    splitting: false,
    // Half the text to read at every start; names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    esbuildPlugins: [
      {
        name: "handlers-apart",
        setup: (build) =>
          build.onResolve({ filter: /^\.\.\/run\// }, ({ kind, path }) =>
            kind === "dynamic-import"
              ? { external: true, path: path.replace(/^\.\.\/run\/(.*)\.ts$/, "./run-$1.js") }
              : undefined,
          ),
      },
    ],
  }),
  command({
    clean: false,
    entry: Object.fromEntries(handlers.map((name) => [`run-${name}`, `src/run/${name}.ts`])),
    onSuccess: async () => {
      await copyFile("../deploy-local/dist/main.js", "dist/deploy-local.mjs");
      // The worker threads of cdb-rebuild look for their file beside the code that starts them.
      await copyFile("../../packages/cdb/dist/l10n-worker.js", "dist/l10n-worker.js");
    },
  }),
];
