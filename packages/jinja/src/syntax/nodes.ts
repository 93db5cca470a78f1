import type { Value } from "../values/value.ts";

interface NodeBase {
  /** Line that errors are reported at. */
  readonly line: number;
  /** Offset in the source, for the caret. */
  readonly offset: number;
}

/** A node of kind `K`. */
type Node<K extends string, Fields = unknown> = NodeBase & { readonly kind: K } & Readonly<Fields>;

export type Const = Node<"Const", { value: Value }>;
export type Name = Node<"Name", { name: string }>;
export type NamespaceRef = Node<"NamespaceRef", { name: string; attribute: string }>;
export type TupleNode = Node<"Tuple", { items: readonly Expression[] }>;
export type ListNode = Node<"List", { items: readonly Expression[] }>;
export type DictNode = Node<"Dict", { items: readonly { key: Expression; value: Expression }[] }>;
export type Conditional = Node<
  "Conditional",
  { test: Expression; value: Expression; otherwise: Expression | undefined }
>;
export type Logical = Node<"And" | "Or", { left: Expression; right: Expression }>;
export type Not = Node<"Not", { operand: Expression }>;
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";
export type Compare = Node<
  "Compare",
  { first: Expression; operations: readonly { operator: CompareOperator; operand: Expression }[] }
>;
export type Binary = Node<
  "Binary",
  { operator: "+" | "-" | "*" | "/" | "//" | "%" | "**"; left: Expression; right: Expression }
>;
export type Unary = Node<"Unary", { operator: "+" | "-"; operand: Expression }>;
export type Concat = Node<"Concat", { items: readonly Expression[] }>;
export type GetAttribute = Node<"GetAttribute", { object: Expression; name: string }>;
export type GetItem = Node<"GetItem", { object: Expression; key: Expression }>;
export type GetSlice = Node<"GetSlice", { object: Expression; slice: SliceNode }>;
export type SliceNode = Node<
  "Slice",
  { start: Expression | undefined; stop: Expression | undefined; step: Expression | undefined }
>;

/** The arguments of a call, a filter or a test. */
export interface CallArguments {
  readonly args: readonly Expression[];
  readonly kwargs: readonly { readonly name: string; readonly value: Expression }[];
  readonly starArgs: Expression | undefined;
  readonly starKwargs: Expression | undefined;
}
export type Call = Node<"Call", { callee: Expression; call: CallArguments }>;
export type Filter = Node<"Filter", { target: Expression | undefined; name: string; call: CallArguments }>;
export type Test = Node<"Test", { target: Expression; name: string; call: CallArguments }>;

/** Anything that has a value. */
export type Expression =
  | Const
  | Name
  | TupleNode
  | ListNode
  | DictNode
  | Conditional
  | Logical
  | Not
  | Compare
  | Binary
  | Unary
  | Concat
  | GetAttribute
  | GetItem
  | GetSlice
  | SliceNode
  | Call
  | Filter
  | Test;

/** Anything that can be assigned to. */
export type Target = Name | NamespaceRef | Node<"TargetTuple", { items: readonly Target[] }>;

export type Data = Node<"Data", { text: string }>;
export type Output = Node<"Output", { items: readonly (Data | Expression)[] }>;
export type For = Node<
  "For",
  {
    target: Target;
    iterable: Expression;
    body: readonly Statement[];
    otherwise: readonly Statement[];
    test: Expression | undefined;
    isRecursive: boolean;
  }
>;
export type If = Node<
  "If",
  {
    test: Expression;
    body: readonly Statement[];
    alternatives: readonly { test: Expression; body: readonly Statement[]; line: number; offset: number }[];
    otherwise: readonly Statement[];
  }
>;

/** Parameters of a macro or call block; the last ones have the defaults. */
export interface Parameters {
  readonly names: readonly string[];
  readonly defaults: readonly Expression[];
}
export type MacroNode = Node<"Macro", { name: string; parameters: Parameters; body: readonly Statement[] }>;
export type CallBlock = Node<"CallBlock", { parameters: Parameters; call: Call; body: readonly Statement[] }>;
export type FilterBlock = Node<"FilterBlock", { filter: Filter; body: readonly Statement[] }>;
export type With = Node<
  "With",
  { targets: readonly Target[]; values: readonly Expression[]; body: readonly Statement[] }
>;
export type Assign = Node<"Assign", { target: Target; value: Expression }>;
export type AssignBlock = Node<
  "AssignBlock",
  { target: Target; filter: Filter | undefined; body: readonly Statement[] }
>;
export type Autoescape = Node<"Autoescape", { value: Expression; body: readonly Statement[] }>;
export type Block = Node<
  "Block",
  { name: string; isScoped: boolean; isRequired: boolean; body: readonly Statement[] }
>;
export type Extends = Node<"Extends", { template: Expression }>;
export type Include = Node<"Include", { template: Expression; ignoreMissing: boolean; withContext: boolean }>;
export type Import = Node<"Import", { template: Expression; target: string; withContext: boolean }>;
export type FromImport = Node<
  "FromImport",
  { template: Expression; names: readonly { name: string; alias: string }[]; withContext: boolean }
>;
export type ExpressionStatement = Node<"ExpressionStatement", { expression: Expression }>;
export type LoopControl = Node<"Break" | "Continue">;

/** Anything that does something. */
export type Statement =
  | Output
  | For
  | If
  | MacroNode
  | CallBlock
  | FilterBlock
  | With
  | Assign
  | AssignBlock
  | Autoescape
  | Block
  | Extends
  | Include
  | Import
  | FromImport
  | ExpressionStatement
  | LoopControl;
