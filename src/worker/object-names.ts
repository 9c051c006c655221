/** By which name an object is found. Hashed: a session's or a customer's name is nobody's business but its own. */
import { createHash } from "node:crypto";

const named = (...parts: string[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("base64url");

export const sessionName = (bot: string, session: string): string => named("session", bot, session);
export const conversationName = (account: string, id: string): string => named("conversation", account, id);
export const keyName = (bot: string, key: string): string => named("key", bot, key);
