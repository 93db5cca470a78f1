export { findTemplate, readConfigFiles, type ConfigFileEntry, type ConfigFileList } from "./config-files.ts";
export { isConfigName } from "./config-name.ts";
export type { CompiledTemplate, TemplateSource } from "./compiled-template.ts";
export { chooseEngine, type EngineName } from "./engine.ts";
export { TemplateError, type TemplateErrorCode, type TemplateErrorOptions } from "./errors.ts";
export { guessOutputFormat, parseOutputFormat, type OutputFormat } from "./output-format.ts";
export { plainYamlValues } from "./plain-yaml-values.ts";
export { readJson } from "./read-json.ts";
export { readYaml, readYamlDocument, type ReadYamlOptions, type YamlDocument } from "./read-yaml.ts";
export {
  checkTemplate,
  compileTemplate,
  renderTemplate,
  type RenderTemplateOptions,
} from "./render-template.ts";
export {
  loadVariables,
  mergeVariables,
  mergeVariablesDeep,
  parseVariables,
  readText,
  readVariables,
  type LoadVariablesOptions,
  type ResolvedVariable,
  type TemplateVariables,
  type VariableFile,
  type VariableOrigin,
} from "./variables.ts";
export { sortMappings } from "./sort-entries.ts";
export { writeYaml, type WriteYamlOptions } from "./write-yaml.ts";
export { writeYamlInline } from "./write-yaml-inline.ts";
export type { YamlDateTime, YamlValues } from "./yaml-scalars.ts";
export {
  PythonOrderedDict,
  toPlainValue,
  typedYamlValues,
  YamlDate,
  YamlFloat,
  YamlPair,
  YamlTime,
} from "./yaml-values.ts";
