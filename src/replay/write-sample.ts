/** Writes a sample file: an object or an array that fits into a line stays on it. */
const LINE_WIDTH = 120;

const isTree = (value: unknown): value is object => typeof value === "object" && value !== null;

function oneLine(value: unknown): string {
  if (!isTree(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  const fields = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${oneLine(part)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** `used`: characters on the line before the value and after it. */
function format(value: unknown, indent: string, used: number): string {
  const line = oneLine(value);
  if (!isTree(value) || indent.length + used + line.length <= LINE_WIDTH) return line;
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Array.isArray(value)
    ? value.map((part) => format(part, deeper, 1))
    : Object.entries(value).map(([name, part]) => {
        const key = `${JSON.stringify(name)}: `;
        return key + format(part, deeper, key.length + 1);
      });
  return `${open}\n${parts.map((part) => deeper + part).join(",\n")}\n${indent}${close}`;
}

/** The parts of a sample stand on lines of their own, and so do calls and the lines of a note. */
export function formatSample(sample: Record<string, unknown>): string {
  const parts = Object.entries(sample).map(([name, part]) => {
    const key = `${JSON.stringify(name)}: `;
    return `  ${key}${format(part, "  ", key.length + 1)}`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}
