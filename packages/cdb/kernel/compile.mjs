// Compiles the kernel and prints it as the source text that `src/kernel/kernel-code.ts` has; with --write into it.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

/** 32 MB, which the system gives only as they are used. */
const PAGES = "512";
/** Where tables that are in the source go: a place that `layout.ts` leaves free. */
const MEMORY_BASE = "1536";
const folder = fileURLToPath(new URL(".", import.meta.url));

const files = new Map();
const { error } = await asc.main(
  [
    ...["index.ts", "--baseDir", folder, "--outFile", "kernel.wasm"],
    ...["-O3", "--enable", "simd", "--runtime", "stub", "--noAssert"],
    ...["--initialMemory", PAGES, "--maximumMemory", PAGES, "--memoryBase", MEMORY_BASE],
  ],
  { stderr: process.stderr, writeFile: (name, content) => void files.set(name, content) },
);
if (error !== null) throw error;

const lines = Buffer.from(files.get("kernel.wasm"))
  .toString("base64")
  .match(/.{1,100}/g);
const source = `// Made by kernel/compile.mjs from the files next to it: npm run kernel.

/** The kernel, compiled, in base64. */
export const KERNEL_CODE: string =
${lines.map((line) => `  "${line}"`).join(" +\n")};
`;
if (process.argv.includes("--write")) {
  writeFileSync(new URL("../src/kernel/kernel-code.ts", import.meta.url), source);
} else process.stdout.write(source);
