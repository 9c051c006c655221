import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Flow, sharingProblems } from "../../escalation/flow.ts";
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

/** Turns an error of loading into one line for the author of the flow. */
function failureOf(error: unknown): Failure {
  if (!isOfLanguage(error)) return new Failure(error instanceof Error ? error.message : String(error), 2);
  const place = placeOfError(error.stack ?? "", ROOT) ?? placeByProcess();
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
    throw failureOf(error);
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
