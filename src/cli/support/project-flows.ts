import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Flow, sharingProblems } from "../../escalation/flow.ts";
import { placeOfError } from "./place-of-error.ts";
import { Failure } from "./print.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const INDEX = fileURLToPath(new URL("../../../flows/index.ts", import.meta.url));

/** Errors of the language. Errors of ours name their flow and mistake themselves. */
const isOfLanguage = (error: unknown): error is Error =>
  error instanceof SyntaxError || error instanceof ReferenceError || error instanceof TypeError;

/** Node tells the place of some syntax errors only when a process ends by them. */
const placeByProcess = (): string | null => {
  const { stderr } = spawnSync(process.execPath, [INDEX], { encoding: "utf8" });
  return placeOfError(stderr, ROOT);
};

/** Loads the project's flows. Loading checks them, so a mistake in one shows here. */
export async function projectFlows(): Promise<readonly Flow[]> {
  try {
    const { flows } = await import("../../../flows/index.ts");
    const problems = sharingProblems(flows);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return flows;
  } catch (error) {
    if (!isOfLanguage(error)) throw new Failure(error instanceof Error ? error.message : String(error), 2);
    const place = placeOfError(error.stack ?? "", ROOT) ?? placeByProcess();
    throw new Failure(place === null ? error.message : `${place}: ${error.message}`, 2);
  }
}
