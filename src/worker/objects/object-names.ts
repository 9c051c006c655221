/** Names of objects. They are hashed, since nobody needs to see the name of a session or customer there. */
import { keyedEventId } from "../../handoff/use-cases/repeats/dedupe-key.ts";
import { sha256 } from "../../sha256.ts";

const named = (...parts: string[]): string => sha256(JSON.stringify(parts)).toString("base64url");

export const sessionName = (bot: string, session: string): string => named("session", bot, session);
export const conversationName = (account: string, id: string): string => named("conversation", account, id);
/** Named by the id of its event, which a session has even if it never had the key. */
export const keyNameOfEvent = (bot: string, eventId: string): string => named("key", bot, eventId);
export const keyName = (bot: string, key: string): string => keyNameOfEvent(bot, keyedEventId(key));
