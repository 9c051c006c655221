/** Baton for tests of a flow: the real service in this process, with an emulator of the platform and a clock moved by hand. */
import type { z } from "zod";
import type { Flow } from "./escalation/flow.ts";
import { answerSchema } from "./handoff/use-cases/event-answer.ts";
import { createRehearsal, SECRET } from "./replay/in-memory/rehearsal.ts";

interface InMemoryBatonOptions {
  flow: Flow;
  /** RFC 3339; the time at which the clock starts. */
  at?: string;
}

/** An answer to an event or a request, or a problem in its place. */
const sentAnswerSchema = answerSchema.partial().loose();
type SentAnswer = z.infer<typeof sentAnswerSchema> & { status: number };

/** Passes before each act, so that no two acts have the same time. */
const ACT_MS = 1_000;

export async function createInMemoryBaton({ flow, at = "2026-11-23T10:00:00Z" }: InMemoryBatonOptions) {
  const rehearsal = createRehearsal({ flow, bots: flow.bots, at: Date.parse(at), pushes: "all" });
  const { clock, emulator, scene } = rehearsal;
  await rehearsal.begin();

  /** Moves the clock. What falls due is done at its time. */
  const advance = (ms: number): Promise<void> => clock.pass(ms, rehearsal.rested);

  async function post(path: string, body: object, bot = flow.bots[0] ?? ""): Promise<SentAnswer> {
    await advance(ACT_MS);
    const response = await rehearsal.request(`/v1/bots/${encodeURIComponent(bot)}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${SECRET}` },
      body: JSON.stringify(body),
    });
    const answer = sentAnswerSchema.parse(await response.json());
    await rehearsal.rested();
    return { ...answer, status: response.status };
  }

  /** Reads a conversation as its agent sees it, with names in place of ids. */
  function conversation(id: string) {
    const found = emulator.state.conversations.get(id);
    if (found === undefined) throw new Error(`There is no conversation '${id}'.`);
    const { status, topic, priority, tags, queueId, agentId, notes } = found;
    return {
      status,
      topic,
      priority,
      tags: [...tags].sort(),
      queue: queueId == null ? null : (emulator.state.queues.get(queueId)?.name ?? queueId),
      agent: agentId == null ? null : (emulator.state.agents.get(agentId)?.displayName ?? agentId),
      notes: notes.map(({ content }) => String(content)),
    };
  }

  /** An agent of the emulator, by name. */
  function agent(name: string) {
    const act = async (does: "take" | "solve" | "close", id: string): Promise<void> => {
      await advance(ACT_MS);
      const done = await scene.act({ kind: "desk", agent: name, does }, id);
      if ("refused" in done) throw new Error(`${name} cannot ${does} conversation '${id}': ${done.refused}`);
      await rehearsal.rested();
    };
    return {
      take: (id: string) => act("take", id),
      solve: (id: string) => act("solve", id),
      close: (id: string) => act("close", id),
    };
  }

  return {
    /** Sends an event of a bot: the flow's first one, unless another is named. */
    send: (event: object, bot?: string) => post("events", event, bot),
    /** Asks for a handoff. */
    requestHandoff: (request: object, bot?: string) => post("handoffs", request, bot),
    advance,
    conversation,
    agent,
    /** Callbacks that the bot got so far, in order. */
    callbacks: rehearsal.callbacks,
    /** Calls to the platform so far, in order. */
    calls: () => rehearsal.calls(),
    stop: rehearsal.stop,
  };
}
