import { type Note as NoteBody, newNoteSchema } from "../../../infobip/schema.ts";
import { ok } from "../../../result.ts";
import type { EmulatorSettings } from "../../settings/settings.ts";
import { toDate } from "../../state/dates.ts";
import { badBody, unknownId } from "../../state/errors.ts";
import type { Note } from "../../state/state.ts";
import { withAbsent } from "../absent.ts";
import type { Handlers } from "../handler.ts";
import { pageOf } from "../page.ts";
import { findConversation, findWritable, type Platform } from "../platform.ts";

const ORDERS = ["id", "agentId", "type", "createdAt", "updatedAt"] as const;

export const toNote = (note: Note, conversationId: string, settings: EmulatorSettings): NoteBody =>
  withAbsent(
    {
      ...note,
      conversationId,
      createdAt: toDate(note.createdAt, settings),
      updatedAt: toDate(note.updatedAt, settings),
    },
    settings,
  );

export function noteHandlers({ store, settings }: Platform) {
  const { state } = store;
  return {
    listNotes({ param, query }) {
      const found = findConversation(state, param("id"));
      if (!found.ok) return found;
      const { id, notes: items } = found.value;
      return pageOf(
        query,
        { key: "notes", items, orders: ORDERS, show: (note) => toNote(note, id, settings) },
        settings,
      );
    },
    createNote({ param, body }) {
      const given = newNoteSchema.safeParse(body);
      if (!given.success) return badBody;
      const { content, type = "INTERNAL", agentId = null } = given.data;
      if ((typeof content === "string") !== (type === "INTERNAL")) return badBody;
      const found = findWritable(state, param("id"), settings);
      if (!found.ok) return found;
      return ok(toNote(store.addNote(found.value, { content, type, agentId }), found.value.id, settings));
    },
    getNote({ param }) {
      const found = findConversation(state, param("id"));
      if (!found.ok) return found;
      const note = found.value.notes.find(({ id }) => id === param("noteId"));
      return note === undefined ? unknownId(param("noteId")) : ok(toNote(note, found.value.id, settings));
    },
  } satisfies Partial<Handlers>;
}
