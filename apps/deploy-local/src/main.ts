import process from "node:process";

// What a deployment starts most often must not wait for the parts that only people need.
if (process.argv[2] === "worker") {
  const { worker } = await import("./worker.ts");
  await worker();
} else {
  process.stderr.write("deploy-local: only the worker exists yet\n");
  process.exitCode = 2;
}
