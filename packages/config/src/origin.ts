/** Where a value comes from. */
export type ConfigOrigin =
  | {
      readonly kind: "file";
      readonly file: string;
      /** Counted from 1. */
      readonly line: number;
      /** Section name without brackets; `""` before the first section. */
      readonly section: string;
    }
  /** A `-D name:value` of the command line; `define` is its text. */
  | { readonly kind: "define"; readonly define: string }
  /** The overlay that a deployment sends to its targets. */
  | { readonly kind: "overlay" }
  /** The environment chosen with `-e`. */
  | { readonly kind: "environment" }
  | { readonly kind: "default" };

/** The origin of every option that nothing sets. */
export const DEFAULT_ORIGIN: ConfigOrigin = { kind: "default" };

/** The origin in a few words: `scap/scap.cfg:7`, `-D name:value`, `default`. */
export function describeOrigin(origin: ConfigOrigin): string {
  switch (origin.kind) {
    case "file":
      return `${origin.file}:${origin.line}`;
    case "define":
      return `-D ${origin.define}`;
    case "overlay":
      return "the deployment's overlay";
    case "environment":
      return "-e";
    case "default":
      return "default";
  }
}
