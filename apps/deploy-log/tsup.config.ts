import { command } from "../../scripts/tsup-command.ts";

export default command();
