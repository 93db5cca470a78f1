import { copyFile } from "node:fs/promises";
import { command } from "../../scripts/tsup-command.ts";

export default command({
  onSuccess: () => copyFile("../deploy-local/dist/main.js", "dist/deploy-local.mjs"),
});
