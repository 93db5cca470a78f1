import { readdirSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import type { Options } from "tsup";
import { command } from "../../scripts/tsup-command.ts";

/** What a command loads when it runs, as the declarations name it. */
const HANDLER = /import\("\.\.\/run\/([^"]+)\.ts"\)/g;

const handlers = readdirSync("src/commands").flatMap((file) =>
  [...readFileSync(`src/commands/${file}`, "utf8").matchAll(HANDLER)].map(([, name = ""]) => name),
);

/** What the frame loads where something is configured, by the name of its file. */
const PARTS: Readonly<Record<string, string>> = {
  session: "src/session.ts",
  "plugin-commands": "src/plugins/plugin-commands.ts",
};

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** Handlers are ES modules of their own. */
const handlersApart: Plugin = {
  name: "handlers-apart",
  setup: (build) =>
    build.onResolve({ filter: /^\.\.\/run\// }, ({ kind, path }) =>
      kind === "dynamic-import"
        ? { external: true, path: path.replace(/^\.\.\/run\/(.*)\.ts$/, "./run-$1.js") }
        : undefined,
    ),
};

/** Parts of the frame are loaded as it is itself: with `require`, although the source says `import()`. */
const partsApart: Plugin = {
  name: "parts-apart",
  setup: (build) => {
    build.onResolve({ filter: /\/(?:session|plugin-commands)\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import"
        ? { namespace: "part", path: path.replace(/^.*\/(.*)\.ts$/, "./$1.cjs") }
        : undefined,
    );
    build.onLoad({ filter: /./, namespace: "part" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
    build.onResolve({ filter: /./, namespace: "part" }, ({ path }) => ({ external: true, path }));
  },
};

// The loader of ES modules would take longer to start than all of these, and each further file as long as reading one.
const frame: Partial<Options> = {
  format: "cjs",
  splitting: false,
  // It would make one file of the parts, and load all system modules at the start.
  treeshake: false,
  banner: {},
  // Half the text to read at every start; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
};

export default [
  command({ ...frame, esbuildPlugins: [handlersApart, partsApart] }),
  command({ ...frame, clean: false, entry: PARTS }),
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
