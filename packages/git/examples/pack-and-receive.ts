import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { checkoutRevision, initRepository, openRepository, storePack } from "@scap/git";

const directory = mkdtempSync(join(tmpdir(), "scap-git-example-"));
try {
  // A repository to send from.
  const source = join(directory, "source");
  execFileSync("git", ["init", "--quiet", source]);
  writeFileSync(join(source, "hello.txt"), "Hello from another repository\n");
  const identity = ["-c", "user.name=Example", "-c", "user.email=example@example.org"];
  execFileSync("git", [...identity, "add", "."], { cwd: source });
  execFileSync("git", [...identity, "commit", "--quiet", "-m", "first"], { cwd: source });

  const repository = await openRepository(source);
  const commit = await repository.resolve("HEAD");
  const pack = await repository.pack({ commit });
  console.log(`${pack.packBytes} bytes of pack, ${pack.indexBytes} of index`);

  // A repository that receives it, without a git process until the checkout.
  const target = join(directory, "target");
  await initRepository(target, { head: commit });
  const { indexBytes, payloadBytes, sha256 } = pack;
  await storePack(join(target, ".git"), { payload: pack.open(), payloadBytes, indexBytes, sha256 });
  await checkoutRevision(target, commit);
  console.log(readFileSync(join(target, "hello.txt"), "utf8").trim());
  await pack.remove();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
