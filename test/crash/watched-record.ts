import type { StepArguments } from "../../src/model/handoff.ts";
import type { SessionRecord, Tables } from "../../src/store/store.ts";
import type { KillPoint, Moment, Target } from "./kill-points.ts";

const STEPS: ReadonlySet<string> = new Set<Target>(["tag", "note", "metadata", "route"]);
const isStepTarget = (kind: string): kind is Target => STEPS.has(kind);

function targetOf(args: StepArguments): Target | null {
  if (args.kind === "conversation") return args.adopt === null ? "conversation" : "adoption";
  return isStepTarget(args.kind) ? args.kind : null;
}

/** Reports each event, intent and result of the record: when it is written, and again when it is committed. */
export function watchedRecord(record: SessionRecord, reach: (point: KillPoint) => void): SessionRecord {
  const reachAll = (points: readonly KillPoint[], when: "before" | "after"): void => {
    for (const { target, moment } of points) reach({ target, moment: moment.replace("before", when) as Moment });
  };
  return {
    ...record,
    commit: async (work) => {
      let written: KillPoint[] = [];
      const result = await record.commit((tables) => {
        written = [];
        const done = work(watchedTables(tables, written));
        reachAll(written, "before");
        return done;
      });
      reachAll(written, "after");
      return result;
    },
  };
}

function watchedTables(tables: Tables, written: KillPoint[]): Tables {
  const note = (handoffId: string, position: number, moment: Moment): void => {
    const step = tables.handoffs.ledger(handoffId)?.steps.find((it) => it.position === position);
    const target = step === undefined ? null : targetOf(step.arguments);
    if (target !== null) written.push({ target, moment });
  };
  return {
    ...tables,
    events: {
      ...tables.events,
      add: (event) => {
        tables.events.add(event);
        written.push({ target: "delivery", moment: "before-record" });
      },
    },
    handoffs: {
      ...tables.handoffs,
      addStep: (handoffId, step) => {
        tables.handoffs.addStep(handoffId, step);
        if (step.state === "sent") note(handoffId, step.position, "before-intent");
      },
      saveStep: (handoffId, step) => {
        tables.handoffs.saveStep(handoffId, step);
        if (step.state === "sent") note(handoffId, step.position, "before-intent");
      },
      endAttempt: (handoffId, attempt) => {
        tables.handoffs.endAttempt(handoffId, attempt);
        note(handoffId, attempt.position, "before-record");
      },
    },
  };
}
