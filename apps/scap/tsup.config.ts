import { copyFile } from "node:fs/promises";
import { command } from "../../scripts/tsup-command.ts";

export default command({
  onSuccess: async () => {
    await copyFile("../deploy-local/dist/main.js", "dist/deploy-local.mjs");
    // The worker threads of cdb-rebuild look for their file beside the code that starts them.
    await copyFile("../../packages/cdb/dist/l10n-worker.js", "dist/l10n-worker.js");
  },
});
