import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Flow, sharingProblems } from "../../escalation/flow.ts";
import { type FlowError, isFlowError } from "../../escalation/flow-problems.ts";
import { readTextFile } from "../../replay/read-text-file.ts";
import { lineInFlow } from "./line-in-flow.ts";
import { placeOfError } from "./place-of-error.ts";
import { Failure } from "./print.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** The folder of the project's flows. */
export const FLOWS = fileURLToPath(new URL("../../../flows/", import.meta.url));
const INDEX = fileURLToPath(new URL("../../../flows/index.ts", import.meta.url));

/** Errors of the language. Errors of ours name their flow and mistake themselves. */
const isOfLanguage = (error: unknown): error is Error =>
  error instanceof SyntaxError || error instanceof ReferenceError || error instanceof TypeError;

/** Node tells the place of some syntax errors only when a process ends by them. */
const placeByProcess = (): string | null => {
  const { stderr } = spawnSync(process.execPath, [INDEX], { encoding: "utf8" });
  return placeOfError(stderr, ROOT);
};

const FRAME_OF_FLOW = /^(?<file>.*):(?<line>\d+):(?<column>\d+)$/;

/** Says on which line of which file each mistake is. */
function describeMistakes({ message, stack = "", flow, problems }: FlowError, root: string): string {
  // The first frames are of `defineFlow`.
  const frames = stack.split("\n").filter((line) => !line.includes("/src/escalation/"));
  const { file, line, column } = FRAME_OF_FLOW.exec(placeOfError(frames.join("\n"), root) ?? "")?.groups ?? {};
  if (file === undefined) return message;
  const source = readTextFile(resolve(root, file));
  const before = source.split("\n").slice(0, Number(line) - 1);
  const from = before.reduce((sum, one) => sum + one.length + 1, Number(column) - 1);
  const lines = problems.map(({ path, text }) => `  ${file}:${lineInFlow(source, from, path)}: ${text}`);
  return [`Flow '${flow}' is not valid:`, ...lines].join("\n");
}

/** Turns an error of loading into words for the author of the flow. */
function failureOf(error: unknown, root = ROOT): Failure {
  if (isFlowError(error)) return new Failure(describeMistakes(error, root), 2);
  if (!isOfLanguage(error)) return new Failure(error instanceof Error ? error.message : String(error), 2);
  const place = placeOfError(error.stack ?? "", root) ?? placeByProcess();
  return new Failure(place === null ? error.message : `${place}: ${error.message}`, 2);
}

/** Loads the project's flows. Loading checks them, so a mistake in one shows here. */
export async function projectFlows(): Promise<readonly Flow[]> {
  try {
    const { flows } = await import("../../../flows/index.ts");
    const problems = sharingProblems(flows);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return flows;
  } catch (error) {
    throw failureOf(error);
  }
}

const isFlow = (value: unknown): value is Flow =>
  typeof value === "object" && value !== null && "rules" in value && "bots" in value && "conversation" in value;

/** Loads the one flow that a file exports, under any name. */
export async function flowOfFile(file: string): Promise<Flow> {
  const path = resolve(file);
  if (!existsSync(path)) throw new Failure(`${file} is not there.`, 2);
  const loaded: Record<string, unknown> = await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw failureOf(error, dirname(path));
  });
  const [flow, ...others] = new Set(Object.values(loaded).filter(isFlow));
  if (flow !== undefined && others.length === 0) return flow;
  throw new Failure(
    flow === undefined
      ? `${file} exports no flow: export const myFlow = defineFlow({ … }).`
      : `${file} exports several flows: it must export one.`,
    2,
  );
}
