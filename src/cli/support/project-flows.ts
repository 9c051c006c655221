import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Flow, sharingProblems } from "../../escalation/flow.ts";
import { placeOfError } from "./place-of-error.ts";
import { Failure } from "./print.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const INDEX = fileURLToPath(new URL("../../../flows/index.ts", import.meta.url));

/** An error of the language, not one of ours, which says itself what is wrong with which flow. */
const isOfLanguage = (error: unknown): error is Error =>
  error instanceof SyntaxError || error instanceof ReferenceError || error instanceof TypeError;

/** Only a process that ends by a syntax error tells the place of some of them. */
const placeByProcess = (): string | null => {
  const { stderr } = spawnSync(process.execPath, [INDEX], { encoding: "utf8" });
  return placeOfError(stderr, ROOT);
};

/** The project's flows. Loading them checks them, so this is where a mistake in one shows. */
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
