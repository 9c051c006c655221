import { newTagSchema, type Tag as TagBody, tagNameSchema } from "../../../infobip/schema.ts";
import { ok } from "../../../result.ts";
import { toDate } from "../../state/dates.ts";
import { badBody, refuse, success } from "../../state/errors.ts";
import type { Tag } from "../../state/state.ts";
import type { Handlers } from "../handler.ts";
import { pageOf } from "../page.ts";
import { findOpen, type Platform } from "../platform.ts";
import { admitsPart } from "../query.ts";

const CHARACTERS = { strict: /^[\p{L}\p{N}._]+$/u, spaces: /^[\p{L}\p{N}._ ]+$/u, any: /^/ };

export function tagHandlers({ store, settings }: Platform) {
  const { state, now } = store;
  const exists = refuse({ reason: "bad-request", text: "Tag already exists." });
  const show = ({ id, name, createdAt, updatedAt }: Tag): TagBody => ({
    name,
    id,
    createdAt: toDate(createdAt, settings),
    updatedAt: toDate(updatedAt, settings),
  });

  return {
    addTag({ param, body }) {
      const given = tagNameSchema.safeParse(body);
      if (!given.success) return badBody;
      const found = findOpen(state, param("id"));
      if (!found.ok) return found;
      const { tagName: tag } = given.data;
      if (!state.tags.has(tag)) return refuse({ reason: "unknown-tag", tag });
      const isThere = found.value.tags.includes(tag);
      if (isThere && settings.duplicateTag === "error") return exists;
      if (!isThere) store.addTag(found.value, tag);
      return success("Tag added to conversation successfully.");
    },
    removeTag({ param }) {
      const found = findOpen(state, param("id"));
      if (!found.ok) return found;
      const tag = param("tagName");
      if (!found.value.tags.includes(tag)) return refuse({ reason: "unknown-tag", tag });
      store.removeTag(found.value, tag);
      return success("Tag removed successfully.");
    },
    listTags({ query }) {
      const conversationId = query.get("conversationId");
      const attached = conversationId === null ? null : (state.conversations.get(conversationId)?.tags ?? []);
      const items = [...state.tags.values()].filter(
        ({ name }) => (attached === null || attached.includes(name)) && admitsPart(query, "name", name),
      );
      return pageOf(query, { key: "tags", items, orders: ["id", "name", "createdAt", "updatedAt"], show }, settings);
    },
    createTag({ body }) {
      const given = newTagSchema.safeParse(body);
      if (!given.success || !CHARACTERS[settings.tagCharacters].test(given.data.name)) return badBody;
      const { name } = given.data;
      if (state.tags.has(name)) return exists;
      const tag = store.put("tags", name, { id: store.newId(), name, createdAt: now(), updatedAt: now() });
      return ok({ name, createdAt: show(tag).createdAt });
    },
    deleteTag({ param }) {
      const tag = param("tagName");
      if (!state.tags.has(tag)) return refuse({ reason: "unknown-tag", tag });
      for (const conversation of state.conversations.values()) {
        if (conversation.tags.includes(tag)) store.removeTag(conversation, tag);
      }
      store.remove("tags", tag);
      return success("Tag deleted successfully.");
    },
  } satisfies Partial<Handlers>;
}
