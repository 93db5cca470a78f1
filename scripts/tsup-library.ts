import { defineConfig, type Options } from "tsup";

/**
 * The one build that every package uses: ES modules with declarations, for the Node this project supports.
 * `SCAP_BUILD=js` leaves the declarations out.
 */
export function library(
  entry: string[] = ["src/index.ts"],
  own: Partial<Options> = {},
): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry,
    format: "esm",
    target: "node20",
    platform: "node",
    // A command needs no declarations.
    dts:
      process.env["SCAP_BUILD"] === "js"
        ? false
        : {
            entry: entry.filter((file) => file !== "src/cli.ts"),
            // `npm run typecheck` checks everything at once; isolated declarations need no types of other files.
            compilerOptions: { noCheck: true },
          },
    clean: true,
    sourcemap: false,
    splitting: true,
    treeshake: true,
    ...own,
  });
}
