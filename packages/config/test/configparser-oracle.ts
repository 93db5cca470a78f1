import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

/** Options of each section as Python reads them, or null where it refuses the text. */
export type ConfigParserAnswer = Readonly<Record<string, Readonly<Record<string, string>>>> | null;

const PYTHON = "/usr/bin/python3";

const PROGRAM = `
import configparser, io, json, sys
for line in sys.stdin:
    text = json.loads(line)
    parser = configparser.ConfigParser()
    try:
        parser.read_file(io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    except configparser.Error:
        print("null")
        continue
    sections = {name: dict(parser._sections[name]) for name in parser.sections()}
    print(json.dumps(dict(sections, DEFAULT=dict(parser.defaults()))))
`;

const MERGE = `
import configparser, json, sys
for line in sys.stdin:
    texts, sections = json.loads(line)
    parser, merged = configparser.ConfigParser(), {}
    for text in texts:
        parser.read_string(text)
    for section in sections:
        if parser.has_section(section):
            merged.update(parser.items(section, raw=True))
    print(json.dumps(merged))
`;

const NUMBERS = `
import json, sys
def read(type, text):
    try:
        return repr(type(text))
    except ValueError:
        return None
for line in sys.stdin:
    text = json.loads(line)
    print(json.dumps([read(int, text), read(float, text)]))
`;

/** True where the system's Python is installed. */
export function hasPython(): boolean {
  return spawnSync(PYTHON, ["-c", "import configparser"]).status === 0;
}

/** Lets one Python process read many texts with its ConfigParser. */
export async function askConfigParser(texts: readonly string[]): Promise<ConfigParserAnswer[]> {
  return (await askPython(PROGRAM, texts)) as ConfigParserAnswer[];
}

/** Lets Python read several files one after the other and lay the sections over each other in the given order. */
export async function askForMerge(
  questions: readonly (readonly [files: readonly string[], sections: readonly string[]])[],
): Promise<Readonly<Record<string, string>>[]> {
  return (await askPython(MERGE, questions)) as Readonly<Record<string, string>>[];
}

/** Lets Python read texts as an integer and as a float: what it prints of them, or null where it refuses one. */
export async function askForNumbers(
  texts: readonly string[],
): Promise<(readonly [int: string | null, float: string | null])[]> {
  return (await askPython(NUMBERS, texts)) as (readonly [string | null, string | null])[];
}

async function askPython(program: string, questions: readonly unknown[]): Promise<unknown[]> {
  const child = spawn(PYTHON, ["-c", program], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(""));
  const answers: unknown[] = [];
  for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line));
  return answers;
}
