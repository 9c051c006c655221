import { lookup } from "node:dns/promises";
import type { Check, Verdict } from "../../doctor/check.ts";
import { examine, type Live } from "../../doctor/examine.ts";
import { count } from "../../doctor/figures.ts";
import { err, ok, type Result } from "../../result.ts";
import { bad, doubtful, Failure, faint, good, printJson } from "../support/print.ts";
import { projectFlows } from "../support/project-flows.ts";
import { readSecretsFile } from "../support/secrets-file.ts";
import { serviceUrl } from "../support/service-url.ts";
import { accountConnection } from "./account.ts";
import { checkFlow } from "./flows.ts";

const MARKS: Record<Verdict, string> = {
  ok: good("✓ ok     "),
  warning: doubtful("! warning"),
  failure: bad("✗ failure"),
  skipped: faint("– skipped"),
};

/** Turns a failure with a message for people into an error. */
async function attempt<T>(work: () => Promise<T>): Promise<Result<T, string>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Failure) return err(error.message);
    throw error;
  }
}

/** Prints one line a check, under the heading of its area. */
export function createPrinter() {
  let area = "";
  return (checks: readonly Check[]): void => {
    for (const check of checks) {
      if (check.area !== area) console.log(`${area === "" ? "" : "\n"}${check.area}`);
      area = check.area;
      console.log(`  ${MARKS[check.verdict]}  ${check.name}: ${check.says}`);
    }
  };
}

/** Ends the command with 1 if a check fails. */
export function conclude(checks: readonly Check[], json: boolean): void {
  const counted = (verdict: Verdict): number => checks.filter((check) => check.verdict === verdict).length;
  const [failures, warnings] = [counted("failure"), counted("warning")];
  if (json) printJson({ verdict: failures > 0 ? "failure" : warnings > 0 ? "warning" : "ok", checks });
  else {
    const sums = [`${counted("ok")} ok`, count(warnings, "warning"), count(failures, "failure")];
    console.log(`\n${[...sums, `${counted("skipped")} skipped`].join(", ")}`);
  }
  if (failures > 0) process.exitCode = 1;
}

const network: Live = {
  connect: (account) => attempt(() => accountConnection(account, serviceUrl())),
  fetch: (request) => fetch(request),
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
};

/** Checks everything that a service needs, and changes nothing. */
export async function doctorCommand({ live = false, json = false }: { live?: boolean; json?: boolean }): Promise<void> {
  const flows = await attempt(projectFlows);
  const print = json ? () => undefined : createPrinter();
  const checks: Check[] = [];
  await examine(
    {
      env: process.env,
      secretsFile: readSecretsFile(process.env),
      flows,
      samples: flows.ok ? flows.value.map(checkFlow) : [],
      nodeVersion: process.versions.node,
      now: Date.now,
      live: live ? network : null,
    },
    (found) => {
      checks.push(...found);
      print(found);
    },
  );
  conclude(checks, json);
}
