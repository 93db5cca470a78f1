/** A PuppetDB query as data: arrays of operators, names and values. */
export type Ast = readonly (string | number | boolean | Ast)[];

/** A query as read. Resources are kept apart: one resource cannot be two, so each needs a question of its own. */
export type PuppetNode =
  | { readonly kind: "node"; readonly ast: Ast }
  | { readonly kind: "resource"; readonly ast: Ast }
  | { readonly kind: "not"; readonly operand: PuppetNode }
  | { readonly kind: "and" | "or"; readonly operands: readonly PuppetNode[] };

/** What to ask PuppetDB for. */
export interface PuppetRequest {
  readonly endpoint: "nodes" | "resources";
  readonly ast: Ast;
}

/** The one request that answers a query. */
export function requestOf(node: PuppetNode): PuppetRequest {
  if (node.kind === "resource") return { endpoint: "resources", ast: node.ast };
  return { endpoint: "nodes", ast: astOf(node) };
}

function astOf(node: PuppetNode): Ast {
  switch (node.kind) {
    case "node":
      return node.ast;
    case "resource":
      // "has such a resource" is a fact about the host, so that it can be negated and combined.
      return ["in", "certname", ["extract", "certname", ["select_resources", node.ast]]];
    case "not":
      return ["not", astOf(node.operand)];
    case "and":
    case "or":
      return [node.kind, ...node.operands.map(astOf)];
  }
}
