import { defineConfig, type Options } from "tsup";

/**
 * The build of a command: everything bundled, so that it starts fast and an installed tarball needs nothing else;
 * parts that are imported on demand stay files of their own.
 */
export function command(own: Partial<Options> = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: ["src/main.ts"],
    format: "esm",
    target: "node20",
    platform: "node",
    clean: true,
    splitting: true,
    treeshake: true,
    minify: false,
    noExternal: [/^(?!koffi$|cpu-features$|@opentelemetry\/|.*\.node$)/],
    // Native parts: koffi is loaded from its own package; ssh2's are optional and not used. OpenTelemetry is for those
    // who install it.
    external: ["koffi", "cpu-features", /^@opentelemetry\//, /\.node$/],
    // CommonJS dependencies inside the bundle ask for Node's modules with require.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;',
    },
    ...own,
  });
}
