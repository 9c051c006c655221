/** Recognises a push that the platform repeats. */
import type { Pushed } from "../../../events/sources/conversations.ts";
import type { Tables } from "../../../store/store.ts";
import type { StoredEvent } from "../../../store/tables/events.ts";
import { hashOf } from "./dedupe-key.ts";

/** Source of the platform's own reports, in their keys and in the record. */
export const PUSHED = "conversations";

export const pushKey = (account: string, id: string): Uint8Array => hashOf(account, PUSHED, id);

/** The record of the same push; null: it is new. `contentId`: the key of a message in older records. */
export const findPush = ({ events }: Tables, account: string, { id, contentId }: Pushed): StoredEvent | null =>
  events.byKey(pushKey(account, id), null) ??
  (contentId === undefined ? null : events.byKey(pushKey(account, contentId), null));
