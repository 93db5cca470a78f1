// For runs from the sources, as in the tests: Node 20 cannot load them without help. The build puts the compiled worker
// next to the code under the same name.
import { tsImport } from "tsx/esm/api";

await tsImport("./worker.ts", import.meta.url);
