/** Plays people, the platform and its agents of a sample on an emulator. */
import type { Emulator } from "../../emulator/app.ts";
import type { Action, Availability } from "../sample-step.ts";

type Desk = Emulator["desk"];
type Refused = { refused: string };

export interface ActorsDeps {
  emulator: Emulator;
  /** Posts an event as the platform does. */
  push: (event: unknown) => Promise<Response>;
}

const shown = (done: ReturnType<Desk["show"]>): Refused | null => (done.ok ? null : { refused: done.error.reason });

export function createActors({ emulator, push }: ActorsDeps) {
  const { desk, state } = emulator;
  const idOf = (name: string): string =>
    [...state.agents.values()].find(({ displayName }) => displayName === name)?.id ?? name;

  function work({ agent, does, text = "" }: Extract<Action, { kind: "desk" }>, id: string): ReturnType<Desk["show"]> {
    const agentId = idOf(agent);
    switch (does) {
      case "take":
        return desk.take(id, agentId);
      case "reply":
        return desk.reply(id, agentId, text);
      case "solve":
        return desk.setStatus(id, agentId, "SOLVED");
      case "close":
        return desk.setStatus(id, agentId, "CLOSED");
      case "reopen":
        return desk.setStatus(id, agentId, "OPEN");
      case "give-to-bot":
        return desk.assign(id, agentId, [...state.bots.keys()][0] ?? "");
    }
  }

  function set(availability: Availability): Refused | null {
    for (const [name, status] of Object.entries(availability)) {
      const ids = name === "everybody" ? [...state.agents.keys()] : [idOf(name)];
      for (const id of ids) {
        const done = desk.setAvailability(id, status);
        if (!done.ok) return { refused: done.error.reason };
      }
    }
    return null;
  }

  return {
    set,
    /** Returns the result to show: why the action failed, or the answer to a push. */
    async act(deed: Action, conversation: string): Promise<object> {
      switch (deed.kind) {
        case "desk":
          return shown(work(deed, conversation)) ?? {};
        case "written":
          return shown(desk.write(conversation, { text: deed.customerWrites })) ?? {};
        case "agents":
          return set(deed.agents) ?? {};
        case "push": {
          const answer = await push(deed.push);
          const body = (await answer.json()) as Record<string, unknown>;
          delete body.requestId;
          return { status: answer.status, body };
        }
      }
    },
  };
}
