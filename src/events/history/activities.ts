/** Activities of the Bot Framework and its successors as lines of a transcript. */
import { isRecord } from "../reading/scalars.ts";
import { wordsOf } from "../reading/words.ts";
import { roleOf } from "./roles.ts";

type Activity = Record<string, unknown> & { from: Record<string, unknown> & { id: string } };
export type RolesById = ReadonlyMap<string, "customer" | "bot">;

const accountOf = (value: unknown) =>
  isRecord(value) && typeof value.id === "string" ? { id: value.id, role: roleOf(value.role) } : undefined;

export const isActivity = (line: unknown): line is Activity =>
  isRecord(line) &&
  typeof line.type === "string" &&
  (typeof line.channelId === "string" || isRecord(line.recipient) || isRecord(line.conversation)) &&
  isRecord(line.from) &&
  typeof line.from.id === "string";

/** Names who an account is, by what some activity says of it. Teams begins the id of a bot with `28:`, of a person with `29:`. */
function roleIn(activity: Activity, known: RolesById): "customer" | "bot" | undefined {
  const { from } = activity;
  const to = accountOf(activity.recipient);
  const own = roleOf(from.role);
  if (own === "customer" || own === "bot") return own;
  const said = known.get(from.id);
  if (said !== undefined) return said;
  const toRole = to?.role ?? known.get(to?.id ?? "");
  if (toRole === "customer") return "bot";
  if (toRole === "bot") return "customer";
  if (/^2[89]:/.test(from.id)) return from.id.startsWith("28:") ? "bot" : "customer";
  return undefined;
}

/** Microsoft's renderings of a card in words, the best first. */
function cardWords(attachment: unknown): string | undefined {
  if (!isRecord(attachment) || !isRecord(attachment.content)) return undefined;
  const { speak, title, text, body } = attachment.content;
  const block = Array.isArray(body) ? body.find((it) => isRecord(it) && typeof it.text === "string") : undefined;
  return [speak, title, text, isRecord(block) ? block.text : undefined].map((it) => wordsOf(it)).find(Boolean);
}

/** Words of an activity; those of a card where it has none of its own. */
export function activityWords({ text, speak, summary, attachments }: Record<string, unknown>): string | undefined {
  const written = typeof text === "string" ? text.replace(/<at>[^<]*<\/at>/g, "").trim() : "";
  const words = written || wordsOf(speak) || wordsOf(summary);
  if (words) return words;
  for (const attachment of Array.isArray(attachments) ? attachments : []) {
    const shown = cardWords(attachment);
    if (shown) return shown;
  }
  return undefined;
}

/** Type of the file that an activity brings. */
export function activityMedia({ attachments }: Record<string, unknown>): string | undefined {
  for (const attachment of Array.isArray(attachments) ? attachments : []) {
    const type = isRecord(attachment) ? attachment.contentType : undefined;
    if (typeof type === "string" && /^(image|audio|video)\//.test(type)) return type;
  }
  return undefined;
}

/** Every message of a list, with its author; all else that happened is nobody's words. */
export function toActivityLines(list: readonly unknown[], known: RolesById = new Map()): Record<string, unknown>[] {
  const roles = new Map(known);
  const note = (account: ReturnType<typeof accountOf>): void => {
    if (account?.role === "customer" || account?.role === "bot") roles.set(account.id, account.role);
  };
  for (const activity of list) {
    if (!isActivity(activity)) continue;
    note(accountOf(activity.from));
    note(accountOf(activity.recipient));
  }
  return list.flatMap((activity) => {
    if (!isActivity(activity)) return isRecord(activity) ? [activity] : [];
    if (activity.type !== "message") return [];
    const text = activityWords(activity);
    const media = text === undefined ? activityMedia(activity) : undefined;
    if (text === undefined && media === undefined) return [];
    const content = text ?? [{ type: media }];
    return [{ author: roleIn(activity, roles), content, at: activity.timestamp }];
  });
}
