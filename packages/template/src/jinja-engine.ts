import {
  Environment,
  JinjaError,
  PyUndefined,
  TemplateRuntimeError,
  type SyntaxOptions,
  type Value,
} from "@scap/jinja";
import type { CompiledTemplate, TemplateSource } from "./compiled-template.ts";
import { TemplateError, type TemplateErrorCode } from "./errors.ts";
import { fromJinjaValue, toJinjaVariables } from "./jinja-values.ts";
import { isLooseYaml, type OutputFormat } from "./output-format.ts";
import type { TemplateVariables } from "./variables.ts";
import { writeJson } from "./write-json.ts";
import { writeYamlInline } from "./write-yaml-inline.ts";

const ERB_SYNTAX: SyntaxOptions = {
  blockStart: "<%",
  blockEnd: "%>",
  variableStart: "<%=",
  variableEnd: "%>",
  commentStart: "<%#",
  commentEnd: "%>",
};

/** Parses a Jinja template with the settings of Python Scap. */
export function compileJinja(source: TemplateSource): CompiledTemplate {
  const { name, text } = source;
  if (source.onWarning) warnAboutOldNames(source, source.onWarning);
  const environment = environmentFor(source);
  const template = located(name, "TEMPLATE_SYNTAX", () => environment.compile(text, name));
  return {
    render: (variables: TemplateVariables) =>
      located(name, "TEMPLATE_RENDER", () => template.render(toJinjaVariables(variables))),
  };
}

/** By their settings. They keep nothing of a template, and making one compiles its patterns. */
const ENVIRONMENTS = new Map<string, Environment>();

function environmentFor({
  erbSyntax = false,
  outputFormat = null,
  strict = true,
}: TemplateSource): Environment {
  const key = `${erbSyntax} ${outputFormat} ${strict}`;
  const known = ENVIRONMENTS.get(key);
  if (known !== undefined) return known;
  const finalize = finalizer(outputFormat);
  const environment = new Environment({
    ...(erbSyntax ? ERB_SYNTAX : {}),
    ...(finalize ? { finalize } : {}),
    undefined: strict ? "testable" : "default",
  });
  ENVIRONMENTS.set(key, environment);
  return environment;
}

// Python 2's name still stands in old templates; Python 3 refuses it, we take it for items().
function warnAboutOldNames({ name, text }: TemplateSource, warn: (message: string) => void): void {
  const before = /^[^]*?\.iteritems\s*\(/.exec(text)?.[0];
  if (before === undefined) return;
  warn(`${name}:${before.split("\n").length}: iteritems() is deprecated; write items()`);
}

// Only the direct value of an output expression changes its form: `{{ [none] }}` stays `[None]`.
function finalizer(format: OutputFormat | null): ((value: Value) => Value) | undefined {
  if (format === null) return undefined;
  if (isLooseYaml(format))
    return (value) => (value === null ? "null" : typeof value === "boolean" ? String(value) : value);
  const write = format === "json" ? writeJson : writeYamlInline;
  return (value) => {
    if (value instanceof PyUndefined) return value;
    const data = fromJinjaValue(value);
    if (data === undefined)
      throw new TemplateRuntimeError("TypeError", `this value has no form in ${format}`);
    return write(data);
  };
}

function located<Result>(name: string, code: TemplateErrorCode, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    if (!(cause instanceof JinjaError)) throw cause;
    throw new TemplateError(cause.detail, {
      code,
      file: cause.location?.templateName ?? name,
      line: cause.location?.line,
      hint: cause.hint ?? (cause.code === "undefined" ? UNDEFINED_HINT : undefined),
      excerpt: cause.location?.excerpt,
      cause,
    });
  }
}

const UNDEFINED_HINT = "Define it, give it a default, or set strict_templates: false to print nothing.";
