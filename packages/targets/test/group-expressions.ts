import { ExpressionGenerator } from "./expression-generator.ts";

/** Groups of hosts for both tools. */
export const GROUPS: Readonly<Record<string, string>> = {
  web: "web[1-6]",
  canary: "web[5-8],db-1",
  db: "db-[1-4]",
  "web-old": "web[01-03],db",
  lone: "apple,lone.x",
};
/** Groups that are made of groups: aliases here. */
export const NESTED: Readonly<Record<string, readonly [theirs: string, ours: string]>> = {
  both: ["@web,@db", "@web,@db"],
  outer: ["@both!@canary,lone.x", "A:both!@canary,lone.x"],
};

/** One to six operands of a kind that both tools know, as ClusterShell writes them and as we do. */
export function groupExpression(generator: ExpressionGenerator): { theirs: string; ours: string } {
  let [theirs, ours] = operand(generator);
  for (let more = generator.below(6); more > 0; more -= 1) {
    const blank = generator.below(8) === 0 ? " " : "";
    const operator = blank + pick(generator, [",", ",", "!", "&", "^"]) + blank;
    const [next, nextOurs] = operand(generator);
    theirs += operator + next;
    ours += operator + nextOurs;
  }
  return { theirs, ours };
}

function operand(generator: ExpressionGenerator): readonly [string, string] {
  const same = (text: string): readonly [string, string] => [text, text];
  switch (generator.below(5)) {
    case 0:
    case 1:
      return same(`@${pick(generator, [...Object.keys(GROUPS), "*"])}`);
    case 2: {
      const name = pick(generator, Object.keys(NESTED));
      return [`@${name}`, `A:${name}`];
    }
    case 3:
      return same(pick(generator, ["web*", "web?", "*", "*1", "db-?", "web0?", "w?b*", "*p*", "nothing*"]));
    default:
      return same(pick(generator, ["web[2-7]", "web1", "db-[2-9]", "web[01-02]", "apple", "other3"]));
  }
}

function pick(generator: ExpressionGenerator, choices: readonly string[]): string {
  return choices[generator.below(choices.length)] ?? "";
}
