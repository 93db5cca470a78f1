import { render } from "preact";
import { unpackRecords } from "../src/pack-records.ts";
import { App } from "./app.tsx";
import { reportModel } from "./report-model.ts";

const [root, records] = ["app", "records"].map((id) => document.getElementById(id));
if (root && records) {
  const model = reportModel(unpackRecords(JSON.parse(records.textContent ?? "")));
  root.replaceChildren();
  render(<App model={model} />, root);
}
