/** The use case of a delivery: commits its events, starts the handoffs that they opened, and answers. */
import { TOO_MANY } from "../../escalation/at-most.ts";
import type { ParsedEvent } from "../../events/source.ts";
import type { Log } from "../../log.ts";
import type { Meter } from "../../metrics/meter.ts";
import type { SessionRecord } from "../../store/store.ts";
import type { DueHandoff } from "../../store/tables/handoffs/due-handoffs.ts";
import { type Begin, createFirstTurns } from "../run/begin-handoff.ts";
import { type Answer, answerTo, type Received } from "./event-answer.ts";
import type { Decided } from "./intake/conclude-intake.ts";
import { createIgnorePayload } from "./intake/ignore-payload.ts";
import { createTakeEvent, type TakeEventDeps } from "./intake/take-event.ts";

export interface ReceiveDeps extends TakeEventDeps {
  record: SessionRecord;
  /** Generates handoff ids. Ids sort by creation time. */
  newId: () => string;
  /** A durable handoff has something to do at a time. */
  start: (handoff: DueHandoff, at: number) => void;
  begin: Begin;
  /** A customer of this bot was told that there is no further handoff. */
  noteLimit: (bot: string) => void;
  meter: Meter;
  log: Log;
}

const LIMITED = "a session had its most handoffs: its customer asks again and gets no further one";

export function createReceive(deps: ReceiveDeps) {
  const { record, flows, now, newId, start, begin, noteLimit, meter, log } = deps;
  const takeEvent = createTakeEvent(deps);

  function countEvent(
    flow: string,
    bot: string,
    source: string,
    outcome: Received["outcome"],
    decided: Decided | null,
  ) {
    meter.count("events", { bot, source, outcome });
    if (outcome === "duplicate") meter.count("duplicates", { of: "event" });
    if (decided !== null) meter.count("decisions", { flow, ...decided });
  }

  /**
   * Records the events of one delivery in their order: all or none, so that a refused delivery comes again unchanged. Resolves
   * once they are durable. Starts the handoffs that they opened and does not wait for them.
   */
  async function receiveAll(bot: string, source: string, reported: readonly ParsedEvent[]): Promise<Received[]> {
    const flow = flows.get(bot);
    if (flow === undefined) throw new Error(`bot '${bot}' has no flow`);
    const { account } = flow;
    const firstTurns = createFirstTurns(begin, newId);
    const commit = () =>
      record.commit((tables) => {
        firstTurns.reset();
        const all = reported.map((one) => takeEvent(tables, { flow, bot, source }, one, firstTurns.newId));
        for (const { due } of all) if (due?.isFirst) firstTurns.write(tables, { id: due.id, bot, account });
        return all;
      });
    let isDurable = false;
    try {
      // An event is recorded whatever happens to its handoff.
      const taken = await commit().catch((error: unknown) => {
        if (!firstTurns.hasFailed()) throw error;
        return commit();
      });
      isDurable = true;
      return taken.map(({ due, decided, isLimited, ...received }, index) => {
        countEvent(flow.name, bot, source, received.outcome, decided);
        if (isLimited) {
          noteLimit(bot);
          const { handoffs: count } = flow.atMost;
          log.error({ alert: TOO_MANY, reason: TOO_MANY, bot, flow: flow.name, account, count }, LIMITED);
        }
        if (due !== null && !firstTurns.has(due.id)) start({ id: due.id, bot, account }, due.at);
        // A duplicate has the same body, and so the same fields are left out.
        const leftOut = reported[index]?.leftOut;
        return leftOut === undefined ? received : { leftOut, ...received };
      });
    } finally {
      firstTurns.end(isDurable);
    }
  }

  async function receive(bot: string, source: string, reported: ParsedEvent): Promise<Received> {
    const [received] = await receiveAll(bot, source, [reported]);
    if (received === undefined) throw new Error("an event that was taken has an answer");
    return received;
  }

  return {
    receive,
    receiveAll,
    ignore: createIgnorePayload({ record, now, meter }),
    /** Answers with the present state. */
    answer: (received: Received): Answer => record.read((tables) => answerTo(tables, received)),
  };
}
export type Receive = ReturnType<typeof createReceive>;
