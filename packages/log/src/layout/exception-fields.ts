/** A frame of a stack, as far as its text tells. */
interface Frame {
  readonly file?: string;
  readonly line?: number;
  readonly function?: string;
  readonly text?: string;
}

/** An exception as the older central layout has it. */
export interface ExceptionFields {
  readonly class: string;
  readonly message: string;
  readonly stacktrace: readonly Frame[];
}

/** Takes the text of an exception apart, Python's traceback or JavaScript's stack. What is no frame stays as text. */
export function exceptionFields(text: string): ExceptionFields {
  const lines = text.replace(/\n$/, "").split("\n");
  // Python puts the class at the end of its text, JavaScript at the beginning.
  const head = (text.startsWith("Traceback") ? lines.at(-1) : lines[0]) ?? "";
  const [, name = "Error", message = head] = /^([\w.]+)(?:: (.*))?$/.exec(head) ?? [];
  return {
    class: name,
    message,
    stacktrace: framesOf(lines.filter((line) => line !== head && !line.startsWith("Traceback ("))),
  };
}

const PYTHON = /^  File "(.*)", line (\d+)(?:, in (.*))?$/;
const JAVASCRIPT = /^\s+at (?:(.*) \()?(.*?):(\d+):\d+\)?$/;

function framesOf(lines: readonly string[]): Frame[] {
  const frames: Frame[] = [];
  for (const line of lines) {
    const [, file, at, name] = PYTHON.exec(line) ?? [];
    const last = frames.at(-1);
    if (file !== undefined) frames.push(frame(file, at, name));
    // The source line stands below its frame.
    else if (line.startsWith("    ") && last?.file !== undefined && last.text === undefined)
      frames[frames.length - 1] = { ...last, text: line.trim() };
    else frames.push(scriptFrame(line));
  }
  return frames;
}

function scriptFrame(line: string): Frame {
  const [, name, file, at] = JAVASCRIPT.exec(line) ?? [];
  return file === undefined ? { text: line } : { ...frame(file, at, name), text: line.trim() };
}

function frame(file: string, line: string | undefined, name: string | undefined): Frame {
  return { file, line: Number(line), ...(name !== undefined && { function: name }) };
}
