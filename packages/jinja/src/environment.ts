import type { CompiledTemplate } from "./compile/compiled-template.ts";
import { compileTemplate } from "./compile/template-compiler.ts";
import { TemplateNotFoundError, TemplateSyntaxError, type TemplateLocation } from "./errors.ts";
import { BUILTIN_FILTERS } from "./filters/builtin-filters.ts";
import { BUILTIN_TESTS } from "./filters/builtin-tests.ts";
import { resolveLimits, type Limits } from "./limits.ts";
import { METHOD_TABLES } from "./methods/method-tables.ts";
import { BUILTIN_GLOBALS } from "./runtime/builtin-globals.ts";
import type { FilterFunction } from "./runtime/functions.ts";
import type { RuntimeServices } from "./runtime/runtime-services.ts";
import { locate } from "./source-excerpt.ts";
import { buildRules, type LexerRules } from "./syntax/lexer-rules.ts";
import { normalizeSource, tokenize } from "./syntax/lexer.ts";
import { parseTemplate, type TemplateExtension } from "./syntax/parser.ts";
import { resolveSyntax, type SyntaxOptions, type SyntaxSettings } from "./syntax/settings.ts";
import { SyntaxErrorAt } from "./syntax/token-stream.ts";
import { Template } from "./template.ts";
import { toValue, type TemplateFunction } from "./values/from-javascript.ts";
import type { UndefinedKind } from "./values/undefined.ts";
import type { Value } from "./values/value.ts";

/** Gives the source of a template by name; `undefined` when there is none. */
export type TemplateLoader = (name: string) => string | undefined;

/** Settings of an {@link Environment}. */
export interface EnvironmentOptions extends SyntaxOptions {
  /** What undefined values may be used for. @defaultValue `"default"` */
  readonly undefined?: UndefinedKind;
  /** Extra tags: `do`, and `break` and `continue`. @defaultValue none */
  readonly extensions?: readonly TemplateExtension[];
  /** Whether output is escaped for HTML, also by name of the template. @defaultValue false */
  readonly autoescape?: boolean | ((templateName: string) => boolean);
  /** More filters, or other ones; the piped value is the first argument. */
  readonly filters?: Readonly<Record<string, TemplateFunction>>;
  /** More tests, or other ones; the value is the first argument. */
  readonly tests?: Readonly<Record<string, TemplateFunction>>;
  /** Variables and functions that all templates see. */
  readonly globals?: Readonly<Record<string, unknown>>;
  /** What one rendering may use; see {@link Limits} for the defaults. */
  readonly limits?: Partial<Limits>;
  /** Where `include`, `import` and `extends` find templates. @defaultValue nowhere */
  readonly loader?: TemplateLoader;
  /** Changes each value of an output expression before it is printed. */
  readonly finalize?: (value: Value) => Value;
  /** Hears of what works, but should not be used: `iteritems()`. @defaultValue nobody */
  readonly onWarning?: (message: string, location: TemplateLocation) => void;
  /** Source of randomness for `random` and `lipsum`. @defaultValue `Math.random` */
  readonly random?: () => number;
}

/**
 * Settings and the compiled templates that share them. Independent of any other environment.
 *
 * @example
 * const environment = new Environment({ trimBlocks: true });
 * environment.compile("port: {{ port }}", "app.conf.j2").render({ port: 80 });
 */
export class Environment {
  readonly #syntax: SyntaxSettings;
  readonly #rules: LexerRules;
  readonly #extensions: readonly TemplateExtension[];
  readonly #limits: Limits;
  readonly #loader: TemplateLoader;
  readonly #services: RuntimeServices;
  readonly #loaded = new Map<string, { readonly source: string; readonly template: CompiledTemplate }>();

  constructor(options: EnvironmentOptions = {}) {
    this.#syntax = resolveSyntax(options);
    this.#rules = buildRules(this.#syntax);
    this.#extensions = options.extensions ?? [];
    this.#limits = resolveLimits(options.limits);
    this.#loader = options.loader ?? (() => undefined);
    this.#services = this.#createServices(options);
  }

  #createServices(options: EnvironmentOptions): RuntimeServices {
    const { autoescape = false } = options;
    return {
      undefinedKind: options.undefined ?? "default",
      filters: withCustom(BUILTIN_FILTERS, options.filters),
      tests: withCustom(BUILTIN_TESTS, options.tests),
      methods: METHOD_TABLES,
      newlineSequence: this.#syntax.newlineSequence,
      finalize: options.finalize,
      autoescapes: (name) => (typeof autoescape === "function" ? autoescape(name) : autoescape),
      load: (name) => this.#load(name),
      globals: withGlobals(options.globals),
      warn: (message, location) => options.onWarning?.(message, location),
      random: options.random ?? Math.random,
    };
  }

  /**
   * Compiles a template. The result can be rendered any number of times.
   *
   * @param name - for messages and `{{ self }}`.
   * @throws TemplateSyntaxError
   */
  compile(source: string, name = "template"): Template {
    return new Template(this.#compile(source, name), this.#services, this.#limits);
  }

  /**
   * Compiles the template that the loader has under this name; again only when its source has changed.
   *
   * @throws TemplateNotFoundError
   * @throws TemplateSyntaxError
   */
  getTemplate(name: string): Template {
    return new Template(this.#load(name), this.#services, this.#limits);
  }

  #load(name: string): CompiledTemplate {
    const source = this.#loader(name);
    if (source === undefined) throw new TemplateNotFoundError([name]);
    const known = this.#loaded.get(name);
    if (known?.source === source) return known.template;
    const template = this.#compile(source, name);
    this.#loaded.set(name, { source, template });
    return template;
  }

  #compile(text: string, name: string): CompiledTemplate {
    const source = normalizeSource(text, this.#syntax);
    try {
      const body = parseTemplate(tokenize(source, this.#syntax, this.#rules), this.#extensions);
      const { filters, tests, methods, finalize } = this.#services;
      const autoescape = this.#services.autoescapes(name);
      return compileTemplate(body, {
        name,
        source,
        filters,
        tests,
        methods,
        autoescape,
        finalize: finalize !== undefined,
      });
    } catch (error) {
      if (error instanceof SyntaxErrorAt)
        throw error.error.locate(locate(name, source, error.line, error.offset));
      if (error instanceof RangeError)
        throw new TemplateSyntaxError(`${name}: the template is nested too deeply`);
      throw error;
    }
  }
}

function withGlobals(custom: EnvironmentOptions["globals"]): ReadonlyMap<string, Value> {
  if (custom === undefined) return BUILTIN_GLOBALS;
  const all = new Map(BUILTIN_GLOBALS);
  for (const [name, value] of Object.entries(custom)) all.set(name, toValue(value));
  return all;
}

function withCustom(
  builtins: ReadonlyMap<string, FilterFunction>,
  custom: Readonly<Record<string, TemplateFunction>> | undefined,
): ReadonlyMap<string, FilterFunction> {
  if (custom === undefined) return builtins;
  const all = new Map(builtins);
  for (const [name, apply] of Object.entries(custom)) {
    all.set(name, (_runtime, args, kwargs) => toValue(apply(args, kwargs) ?? null));
  }
  return all;
}
