/** Plants each fault of `mutants.ts` in a copy of the product and has schedules find it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Mutant, mutants } from "./mutants.ts";
import { simulate } from "./simulate.ts";
import { runSchedules, type Told } from "./workers.ts";

const PROJECT = resolve(import.meta.dirname, "../..");
/** A fault that is not found by then counts as not found. */
const MAX_SEEDS = 2_000;
const SILENT_MS = 40_000;

interface Found {
  seed: number;
  what: string;
}

/** The file with its fault. Throws where the text to change is not there exactly once. */
function changed({ name, file, from, to }: Mutant): string {
  const text = readFileSync(join(PROJECT, file), "utf8");
  const times = text.split(from).length - 1;
  if (times !== 1) throw new Error(`mutant '${name}': its text is ${times} times in ${file}, not once`);
  return text.replace(from, () => to);
}

/** A copy of the product with one fault; null: with none. */
function plant(mutant: Mutant | null): string {
  const text = mutant === null ? "" : changed(mutant);
  const directory = mkdtempSync(join(tmpdir(), "baton-mutant-"));
  for (const part of ["src", "flows", "test/simulation", "test/support/hold-rows.ts", "package.json"]) {
    cpSync(join(PROJECT, part), join(directory, part), { recursive: true });
  }
  symlinkSync(join(PROJECT, "node_modules"), join(directory, "node_modules"), "dir");
  if (mutant !== null) writeFileSync(join(directory, mutant.file), text);
  return directory;
}

async function find(mutant: Mutant | null, processes: number): Promise<Found | null> {
  const directory = plant(mutant);
  let found: Found | null = null;
  let seeds = 0;
  try {
    await runSchedules({
      directory: join(directory, "test/simulation"),
      profile: "hostile",
      first: 1,
      last: mutant === null ? 1 : MAX_SEEDS,
      processes,
      silentMs: SILENT_MS,
      onSchedule({ seed, violations: [first] }: Told) {
        seeds += 1;
        if (first === undefined) return false;
        found = { seed, what: `invariant ${first.invariant}: ${first.what.split("\n")[0]}` };
        return true;
      },
    });
    return found;
  } catch (error) {
    // It runs in circles, or dies: seen, too.
    return { seed: seeds + 1, what: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

interface Options {
  processes: number;
  /** A part of a name: only those. */
  only: string | undefined;
  tell: (line: string) => void;
}

/** True: every fault was found. */
export async function findMutants({ processes, only, tell }: Options): Promise<boolean> {
  const chosen = mutants.filter(({ name }) => only === undefined || name.includes(only));
  for (const mutant of chosen) changed(mutant);
  // A copy that cannot run would "find" every fault.
  const broken = await find(null, processes);
  if (broken !== null) throw new Error(`a copy without a fault does not hold: ${broken.what}`);
  let survivors = 0;
  for (const mutant of chosen) {
    const found = await find(mutant, processes);
    if (found === null) survivors += 1;
    // A schedule that breaks the product as it is finds no planted fault.
    else if ((await simulate(found.seed)).violations.length > 0)
      throw new Error(`seed ${found.seed} breaks an invariant without the fault '${mutant.name}': mend that first`);
    tell(
      `${mutant.name.padEnd(64)}  ${found === null ? `SURVIVED ${MAX_SEEDS} seeds` : `seed ${found.seed}: ${found.what}`}`,
    );
  }
  tell(`\n${chosen.length - survivors} of ${chosen.length} planted faults found`);
  return survivors === 0;
}
