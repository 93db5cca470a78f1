// The inner loops of the package, for AssemblyScript. Each function takes what is usual as far as it goes and leaves the
// rest, and all that may be wrong, to the code in `src`, which it saves time and nothing else.
export { cdbmakeOfRecords, recordsOfCdbmake } from "./cdbmake";
export { recordsOfJson } from "./json-decode";
export { jsonOfRecords } from "./json-encode";
export { md5OfFour } from "./md5";
export { tablesOfRecords } from "./tables";
