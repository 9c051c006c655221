/** Plays a sample on the real service in this process. */
import type { Flow } from "../escalation/flow.ts";
import { createConversationsClient } from "../infobip/client.ts";
import type { RecordedEvent } from "../store/tables/events.ts";
import { describePush } from "./describe-push.ts";
import { ALL, createRehearsal, type PlatformCall, SECRET, type SentCallback } from "./in-memory/rehearsal.ts";
import { runSample } from "./run-sample.ts";
import type { Sample } from "./sample.ts";

const CALLBACKS_URL = "https://bot.invalid/callbacks";
const FROM_PLATFORM = "conversations";

/** Expected outcome of a sample. Answers, sessions and handoffs can be read from any service. */
export interface SampleOutcome {
  answers: unknown[];
  calls: PlatformCall[];
  /** Pushes and looks at the platform, one a line. */
  pushes: string[];
  /** Callbacks to the bot. */
  callbacks: SentCallback[];
  /** Events of the bot. */
  events: RecordedEvent[];
  sessions: unknown[];
  handoffs: unknown[];
}

const withCallbacks = (flow: Flow, { callbacks: events }: Sample["given"]): Flow =>
  events === undefined ? flow : { ...flow, callbacks: { url: CALLBACKS_URL, events } };

export async function runInMemory(sample: Sample, given: Flow): Promise<SampleOutcome> {
  const rehearsal = createRehearsal({
    flow: withCallbacks(given, sample.given),
    bots: [sample.bot],
    at: Date.parse(sample.at),
    pushes: sample.given.pushes,
  });
  const { clock, connection, record, scene, request, rested } = rehearsal;
  try {
    const { answers, sessions, handoffs, named } = await runSample(sample, {
      request,
      secret: SECRET,
      client: createConversationsClient({ ...connection, now: clock.now }),
      async begin() {
        await rehearsal.begin(() => {
          const refused = scene.set(sample.given.agents);
          if (refused !== null) throw new Error(`the sample's agents are not there: ${refused.refused}`);
        });
        rehearsal.addFaults(...sample.given.faults);
      },
      act: scene.act,
      pause: (seconds) => clock.pass(seconds * 1_000, rested),
      settled: rested,
      suffix: "",
    });
    const recorded = record.read((tables) => tables.events.list(ALL));
    const isPush = ({ source }: RecordedEvent): boolean => source === FROM_PLATFORM;
    return {
      answers,
      calls: named(rehearsal.calls()) as PlatformCall[],
      pushes: named(recorded.filter(isPush).map(describePush)) as string[],
      callbacks: named(rehearsal.callbacks) as SentCallback[],
      events: recorded.filter((event) => !isPush(event)),
      sessions,
      handoffs,
    };
  } finally {
    await rehearsal.stop();
  }
}
