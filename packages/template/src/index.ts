export { TemplateError, type TemplateErrorCode, type TemplateErrorOptions } from "./errors.ts";
export { plainYamlValues } from "./plain-yaml-values.ts";
export { readYaml, readYamlDocument, type ReadYamlOptions, type YamlDocument } from "./read-yaml.ts";
export type { YamlDateTime, YamlValues } from "./yaml-scalars.ts";
