import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Node's form of a syntax error: the file and the line, the line itself, and a caret under the place. */
const SHOWN = /^(?<file>\S.*):(?<line>\d+)\r?\n(?<code>(?:.*\r?\n)*?)(?<indent>[ \t]*)\^+\s*$/m;
const FRAME = /\(?(?<file>(?:file:\/\/)?\/[^\s()]*|[A-Za-z]:\\[^\s()]*):(?<line>\d+):(?<column>\d+)\)?$/;

/** Finds `file:line:column` of an error in its stack as Node writes it; null: it names no file of ours. */
export function placeOfError(stack: string, root: string): string | null {
  const ours = (file: string): string | null => {
    const path = relative(root, file.startsWith("file:") ? fileURLToPath(file) : file);
    return path.startsWith("..") || path.includes("node_modules") ? null : path;
  };
  const shown = SHOWN.exec(stack)?.groups;
  if (shown !== undefined) {
    const file = ours(shown.file ?? "");
    if (file !== null) return `${file}:${shown.line}:${(shown.indent ?? "").length + 1}`;
  }
  for (const line of stack.split("\n").filter((it) => /^\s+at /.test(it))) {
    const { file, line: number, column } = FRAME.exec(line.trim())?.groups ?? {};
    const path = file === undefined ? null : ours(file);
    if (path !== null) return `${path}:${number}:${column}`;
  }
  return null;
}
