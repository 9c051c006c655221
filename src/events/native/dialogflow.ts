/** Readers that both editions of Dialogflow share. */
import type { EventAnswer, PayloadProblem } from "../source.ts";
import { type Members, recordOf, recordsIn, textOf } from "./members.ts";

/** The id at the end of a session's resource name, or a name that is no resource's. */
export const sessionIn = (resource: unknown): string | undefined => {
  const name = textOf(resource);
  return name === undefined ? undefined : (/\/sessions\/([^/]+)$/.exec(name)?.[1] ?? name);
};

export const noSession = (field: string): PayloadProblem => ({
  issues: [{ field, message: "must be the name of the session, as Dialogflow sends it" }],
});

const HANDOFF = /^(?:baton|human)?hand(?:off|over)$|^liveagent|^(?:handoff|handover|talk|escalate)tohuman$/;
/** Tells whether an author's tag or action asks for a person: `handoff`, `baton.handoff`, `Live-Agent-Handoff`. */
export const isHandoffName = (name: unknown): boolean =>
  typeof name === "string" && HANDOFF.test(name.toLowerCase().replace(/[^a-z]/g, ""));

/** Words of the agent's messages, in their order. */
export const textsIn = (messages: unknown): string[] =>
  recordsIn(messages).flatMap(({ text }) => {
    const variants = recordOf(text).text;
    const said = textOf(Array.isArray(variants) ? variants[0] : variants);
    return said === undefined ? [] : [said];
  });

/** The customer's words and what the agent is about to say to them. */
export const turnOf = (words: string | undefined, agent: readonly string[]): Members[] => [
  ...(words === undefined ? [] : [{ author: "customer", text: words }]),
  ...agent.map((text) => ({ author: "bot", text })),
];

const ON_ITS_WAY: readonly (string | null)[] = ["pending", "routed", "assigned"];
export const isOnItsWay = ({ handoffId, handoffState }: EventAnswer): boolean =>
  handoffId !== null && ON_ITS_WAY.includes(handoffState);

export const sayText = (message: string) => ({ text: { text: [message] } });
