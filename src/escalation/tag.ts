/** Names of tags that the platform takes: letters, digits, `.` and `_`, at most 100 characters. */
import { tagSchema } from "../events/event.ts";

const NAME = /^[\p{L}\p{N}._]+$/u;

export const isTagName = (tag: string): boolean => NAME.test(tag);

/** A name that the platform takes, made of one that it refuses. */
const suggested = (tag: string): string => tag.replace(/[^\p{L}\p{N}._]+/gu, "_").replace(/^_+|_+$/g, "");

/** A tag as a flow names it: the platform refuses any other, and the rules that route by it would never see it. */
export const flowTagSchema = tagSchema.superRefine((tag, context) => {
  if (isTagName(tag)) return;
  const instead = suggested(tag);
  const hint = instead === "" ? "" : `; write '${instead}'`;
  context.addIssue({
    code: "custom",
    message: `'${tag}' is no tag: Infobip takes letters, digits, '.' and '_' only${hint}`,
  });
});
