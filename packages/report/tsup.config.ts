import { library } from "../../scripts/tsup-library.ts";
import { buildPage } from "./build-page.ts";

export default library(["src/index.ts"], {
  external: ["#page"],
  onSuccess: () => buildPage("dist/page.js"),
});
