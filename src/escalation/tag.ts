/** Names of tags that the platform accepts: letters, digits, `.` and `_`, at most 100 characters. */
import { tagSchema } from "../events/event.ts";

const NAME = /^[\p{L}\p{N}._]+$/u;

export const isTagName = (tag: string): boolean => NAME.test(tag);

/** Turns a name that the platform refuses into one that it accepts. */
const suggested = (tag: string): string => tag.replace(/[^\p{L}\p{N}._]+/gu, "_").replace(/^_+|_+$/g, "");

/** A tag in a flow: the platform refuses any other name, and its routing rules would never see it. */
export const flowTagSchema = tagSchema.superRefine((tag, context) => {
  if (isTagName(tag)) return;
  const instead = suggested(tag);
  const hint = instead === "" ? "" : `; write '${instead}'`;
  context.addIssue({
    code: "custom",
    message: `'${tag}' is no tag: Infobip takes letters, digits, '.' and '_' only${hint}`,
  });
});
