import { writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import * as esbuild from "esbuild";

/** Builds the page's script and style, and writes a module that holds them as texts. */
export async function buildPage(outfile: string): Promise<void> {
  const [script, style] = await Promise.all([bundle("page/main.tsx"), bundle("page/style.css")]);
  // An end tag inside the script would end its element.
  const safe = script.replaceAll(/<\/(script)|<!--/gi, (tag) => tag.replace("<", "\\x3c"));
  const lines = Object.entries({ PAGE_SCRIPT: safe, PAGE_STYLE: style }).map(
    ([name, text]) => `export const ${name} = ${JSON.stringify(text)};\n`,
  );
  await writeFile(outfile, lines.join(""));
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    // Constants of @scap/log that the page has no use for.
    pure: ["Buffer.from", "promisify"],
    plugins: [withoutNode],
  });
  return outputFiles[0]?.text.trim() ?? "";
}

/** The page uses parts of @scap/log that need no Node.js; the imports of the other parts lead to nothing. */
const withoutNode: esbuild.Plugin = {
  name: "without-node",
  setup: (build) => {
    build.onResolve({ filter: /^[a-z:/_]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: "none", sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "module.exports = {};" }));
  },
};
