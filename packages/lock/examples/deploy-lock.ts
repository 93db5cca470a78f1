import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acquireLock, LockHeldError } from "@scap/lock";

const directory = mkdtempSync(join(tmpdir(), "lock-example-"));
const lock = {
  path: join(directory, "scap.acme_web.lock"),
  globalLock: join(directory, "scap-global-lock"),
  name: "deploy",
};

const held = await acquireLock({ ...lock, reason: "fix the login page" });
console.log(readFileSync(held.path, "utf8"));

try {
  await acquireLock({ ...lock, reason: "me too", timeoutMs: 0 });
} catch (error) {
  if (!(error instanceof LockHeldError)) throw error;
  console.log("refused:", error.holders[0]?.note?.reason);
}

held.release();
console.log("after the release:", readFileSync(held.path, "utf8"));
