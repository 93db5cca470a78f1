import { expect, it } from "vitest";
import { takeRunLock } from "../../src/target/run-lock.ts";

it("says in words of ours why a lock cannot be taken", async () => {
  // Nobody can make files here, not even root.
  const error = await takeRunLock("/sys/scap-lock", 0).catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    code: expect.stringMatching(/^(?:PERMISSION_DENIED|READ_ONLY)$/),
    message: expect.stringMatching(
      /^Cannot lock \/sys\/scap-lock: (?:permission denied|the file system is read-only)$/,
    ),
    hint: expect.any(String),
  });
});
