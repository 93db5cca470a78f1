import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { KERNEL_CODE } from "../src/kernel/kernel-code.ts";
import { run } from "./run-cdb.ts";

test("the compiled kernel in the sources is what kernel/*.ts compiles to", async () => {
  const compiler = fileURLToPath(new URL("../kernel/compile.mjs", import.meta.url));
  const { code, stdout } = await run(process.execPath, [compiler], "");
  expect(code).toBe(0);
  const strings = stdout.match(/(?<=^ {2}")[\w+/=]+(?=")/gm) ?? [];
  expect(strings.join(""), "run: npm run kernel").toBe(KERNEL_CODE);
});
