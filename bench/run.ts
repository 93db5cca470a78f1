/** `npm run bench -- NAME ...` runs benchmarks; without a name it lists them. They compare, they never pass or fail. */
import { readdirSync } from "node:fs";

const available = readdirSync(new URL(".", import.meta.url))
  .filter((name) => name.endsWith(".ts") && name !== "run.ts" && !name.includes("-"))
  .map((name) => name.slice(0, -".ts".length));
const wanted = process.argv.slice(2);
if (wanted.length === 0) console.log(`Usage: npm run bench -- NAME ...\nBenchmarks: ${available.join(", ")}`);
for (const name of wanted) {
  if (!available.includes(name)) {
    console.error(`There is no benchmark ${name}; there are ${available.join(", ")}`);
    process.exit(2);
  }
  const { run } = (await import(`./${name}.ts`)) as { run: () => Promise<void> };
  await run();
}
