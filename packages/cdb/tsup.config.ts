import { library } from "../../scripts/tsup-library.ts";

export default library(["src/index.ts", "src/cli.ts", "src/l10n/worker.ts"]);
