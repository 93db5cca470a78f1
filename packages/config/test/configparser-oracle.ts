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

/** True where the system's Python is installed. */
export function hasPython(): boolean {
  return spawnSync(PYTHON, ["-c", "import configparser"]).status === 0;
}

/** Lets one Python process read many texts with its ConfigParser. */
export async function askConfigParser(texts: readonly string[]): Promise<ConfigParserAnswer[]> {
  const child = spawn(PYTHON, ["-c", PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(texts.map((text) => `${JSON.stringify(text)}\n`).join(""));
  const answers: ConfigParserAnswer[] = [];
  for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line));
  return answers;
}
