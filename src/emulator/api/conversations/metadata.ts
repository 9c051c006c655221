import type { Metadata } from "../../../infobip/schema.ts";
import { ok, type Result } from "../../../result.ts";
import type { EmulatorSettings } from "../../settings/settings.ts";
import { badBody, type Refusal, success } from "../../state/errors.ts";
import type { Handlers } from "../handler.ts";
import { findConversation, findWritable, type Platform } from "../platform.ts";

const isObject = (value: unknown): value is Metadata =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readMetadata(body: unknown, { nestedMetadata, maxMetadataLength }: EmulatorSettings) {
  if (!isObject(body) || Object.keys(body).length === 0) return badBody;
  const isNested = Object.values(body).some((value) => typeof value === "object" && value !== null);
  if (isNested && nestedMetadata === "refuse") return badBody;
  if (maxMetadataLength !== null && JSON.stringify(body).length > maxMetadataLength) return badBody;
  return ok(body);
}

export function metadataHandlers({ store, settings }: Platform) {
  const { state } = store;

  function write(id: string, body: unknown, combine: (old: Metadata, given: Metadata) => Metadata) {
    const given: Result<Metadata, Refusal> = readMetadata(body, settings);
    if (!given.ok) return given;
    const found = findWritable(state, id, settings);
    return found.ok ? ok(store.setMetadata(found.value, combine(found.value.metadata ?? {}, given.value))) : found;
  }

  return {
    getMetadata({ param }) {
      const found = findConversation(state, param("id"));
      return found.ok ? ok(found.value.metadata ?? {}) : found;
    },
    putMetadata({ param, body }) {
      const written = write(param("id"), body, (_old, given) => given);
      return written.ok ? success("Metadata added to conversation successfully.") : written;
    },
    patchMetadata({ param, body }) {
      const written = write(param("id"), body, (old, given) => ({ ...old, ...given }));
      return written.ok ? success("Metadata patch to conversation successfully.") : written;
    },
    deleteMetadata({ param }) {
      const found = findWritable(state, param("id"), settings);
      if (!found.ok) return found;
      if (found.value.metadata !== null) store.setMetadata(found.value, null);
      return success("Metadata deleted successfully.");
    },
  } satisfies Partial<Handlers>;
}
