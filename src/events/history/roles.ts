/** Authors of a transcript's lines, in the words of help desks, frameworks and SDKs of language models. */
import type { Utterance } from "../event.ts";

/** `machinery`: prompts, tools and what they answer, which is nobody's words. */
type Role = Utterance["author"] | "machinery";

const WORDS: Record<Role, string> = {
  customer:
    "customer user human client visitor enduser contact guest caller consumer shopper lead sender inbound incoming customermessage me",
  bot: "bot assistant ai model chatbot virtualagent automatedagent virtualassistant aiagent aiassistant botagent llm machine outbound outgoing voicebot skill",
  agent:
    "agent humanagent liveagent operator representative rep supportagent support staff admin adviser advisor employee colleague teammate csr humanoperator helpdesk",
  machinery:
    "system tool function developer data toolresult toolcall toolmessage functioncall functioncalloutput functionmessage functionresponse reasoning thinking remove",
};

const ROLES: ReadonlyMap<string, Role> = new Map(
  (Object.keys(WORDS) as Role[]).flatMap((role) => WORDS[role].split(" ").map((word) => [word, role] as const)),
);

/** `End-User`, `END_USER`, `HumanMessage` and `AIMessageChunk` are known by their letters. */
export function roleOf(word: unknown): Role | undefined {
  if (typeof word !== "string" || word.length > 40) return undefined;
  const known = ROLES.get(word);
  if (known !== undefined) return known;
  const letters = word.toLowerCase().replace(/[^a-z]/g, "");
  return ROLES.get(letters) ?? ROLES.get(letters.replace(/message(?:chunk)?$/, ""));
}
