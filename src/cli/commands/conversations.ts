import { createDirectory } from "../../handoff/account/directory.ts";
import type { ConversationsClient } from "../../infobip/client.ts";
import type { Conversation, ConversationFields, ConversationFilter } from "../../infobip/schema.ts";
import { conversationFieldsSchema, statusSchema } from "../../infobip/schema.ts";
import { Failure, printFields, printJson, printTable } from "../support/print.ts";
import { accountClient, expectOk } from "./account.ts";

interface Common {
  account: string;
  json?: boolean;
}
interface ListOptions extends Common {
  status?: string[];
  queue?: string;
  tag?: string[];
  createdAfter?: string;
  limit: string;
}
interface FieldOptions extends Common {
  topic?: string;
  summary?: string;
  priority?: string;
  status?: string;
  queue?: string;
}

const given = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

async function queueId(client: ConversationsClient, queue: string | undefined): Promise<string | undefined> {
  if (queue === undefined) return undefined;
  const id = await expectOk(createDirectory(client, Date.now).queueId(queue));
  if (id === null) throw new Failure(`The account has no queue '${queue}'.`);
  return id;
}

async function fieldsOf(client: ConversationsClient, options: FieldOptions): Promise<ConversationFields> {
  const { topic, summary, queue } = options;
  const [priority, status] = [options.priority, options.status].map((word) => word?.toUpperCase());
  const fields = { topic, summary, priority, status, queueId: await queueId(client, queue) };
  const parsed = conversationFieldsSchema.safeParse(given(fields));
  if (parsed.success) return parsed.data;
  throw new Failure(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"), 2);
}

function fieldsShown(conversation: Conversation): Record<string, string | null | undefined> {
  const { id, topic, summary, status, priority, queueId: queue, agentId: assignee } = conversation;
  const { createdAt: created, updatedAt: updated } = conversation;
  return { id, topic, summary, status, priority, queue, assignee, created, updated };
}

function print(conversation: Conversation, { json = false }: Common): void {
  if (json) printJson(conversation);
  else printFields(fieldsShown(conversation));
}

export async function listConversations({ account, json = false, ...options }: ListOptions): Promise<void> {
  const client = await accountClient(account);
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Failure("--limit must be 1 to 100.", 2);
  const status = statusSchema
    .array()
    .optional()
    .safeParse(options.status?.map((it) => it.toUpperCase()));
  if (!status.success) throw new Failure(`--status must be one of ${statusSchema.options.join(", ")}.`, 2);
  const createdAfterMs = options.createdAfter === undefined ? undefined : Date.parse(options.createdAfter);
  if (Number.isNaN(createdAfterMs)) throw new Failure("--created-after must be a date, as 2026-11-23T10:00:00Z.", 2);
  const queue = await queueId(client, options.queue);
  const filter = given({
    status: status.data,
    tagNames: options.tag,
    createdAfterMs,
    queueIds: queue === undefined ? undefined : [queue],
  });
  const conversations = await expectOk(client.newest(filter as ConversationFilter, limit));
  if (json) return printJson(conversations);
  if (conversations.length === 0) return console.log("No conversation.");
  const rows = conversations.map((it) => [it.id, it.status, it.priority, it.createdAt, it.agentId, it.topic]);
  printTable(["id", "status", "priority", "created", "assignee", "topic"], rows);
}

export async function showConversation(id: string, options: Common): Promise<void> {
  const client = await accountClient(options.account);
  const [conversation, tags, notes, metadata] = await Promise.all([
    expectOk(client.get(id)),
    expectOk(client.tagsOf(id)),
    expectOk(client.notesOf(id)),
    expectOk(client.metadataOf(id)),
  ]);
  if (options.json) return printJson({ ...conversation, tags: tags.map(({ name }) => name), notes, metadata });
  printFields({
    ...fieldsShown(conversation),
    tags: tags.map(({ name }) => name).join(", "),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)])),
  });
  for (const { content } of notes) {
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
    console.log(`\n${text.replace(/^/gm, "  | ")}`);
  }
}

export async function createConversation(options: FieldOptions): Promise<void> {
  const client = await accountClient(options.account);
  print(await expectOk(client.create(await fieldsOf(client, options))), options);
}

export async function updateConversation(id: string, options: FieldOptions): Promise<void> {
  const client = await accountClient(options.account);
  const fields = await fieldsOf(client, options);
  if (Object.keys(fields).length === 0) throw new Failure("Say what to change, as --priority HIGH.", 2);
  print(await expectOk(client.update(id, fields)), options);
}

/** A route removes the assignee, so this leaves a conversation with a person alone unless it is forced. */
export async function routeConversation(id: string, options: Common & { force?: boolean }): Promise<void> {
  const client = await accountClient(options.account);
  const { agentId } = await expectOk(client.get(id));
  const hasPerson = agentId ? !(await expectOk(createDirectory(client, Date.now).isBot(agentId))) : false;
  if (hasPerson && !options.force) {
    throw new Failure(`Agent ${agentId} has this conversation; a route would take it away. --force does it.`);
  }
  await expectOk(client.route(id));
  print(await expectOk(client.get(id)), options);
}

async function printTags(client: ConversationsClient, id: string, { json = false }: Common): Promise<void> {
  const tags = (await expectOk(client.tagsOf(id))).map(({ name }) => name);
  if (json) printJson(tags);
  else console.log(tags.length === 0 ? "No tag." : tags.join("\n"));
}

export async function tagConversation(id: string, tags: string[], options: Common): Promise<void> {
  const client = await accountClient(options.account);
  await Promise.all(tags.map((tag) => expectOk(client.addTag(id, tag))));
  await printTags(client, id, options);
}

export async function untagConversation(id: string, tags: string[], options: Common): Promise<void> {
  const client = await accountClient(options.account);
  await Promise.all(tags.map((tag) => expectOk(client.removeTag(id, tag))));
  await printTags(client, id, options);
}
