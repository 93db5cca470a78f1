export { ReportError } from "./errors.ts";
export type { ReportErrorOptions } from "./errors.ts";
export { renderReport } from "./render-report.ts";
export { plainRecord } from "./plain-record.ts";
export type { PlainRecord, PlainValue } from "./plain-record.ts";
