import { z } from "zod";
import { phoneCountries } from "./phones/national-numbers.ts";

export const redactionKinds = ["card", "iban", "email", "phone", "secret"] as const;

export type RedactionKind = (typeof redactionKinds)[number];

/** A value of the flow's own: `#` is a digit, a dash or a space is either or none, any other character is itself. */
const ownPatternSchema = z.strictObject({
  like: z
    .string()
    .trim()
    .min(3)
    .max(60)
    .refine((like) => like.includes("#"), "must have a '#', which stands for a digit")
    .refine((like) => /^[\p{L}\p{M}\p{N}#]/u.test(like) && /[\p{L}\p{M}\p{N}#]$/u.test(like), {
      message: "must begin and end with a letter, a digit or '#'",
    }),
  as: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{M}][\p{L}\p{M} '-]{0,39}$/u, "must be a few words: letters, spaces, dashes"),
});

export const redactSchema = z.array(z.union([z.enum(redactionKinds), ownPatternSchema]));
export const phonesOfSchema = z.array(z.enum(phoneCountries));

/** Kinds of data that a flow removes from texts. */
export interface Redactions {
  readonly redact: Readonly<z.infer<typeof redactSchema>>;
  /** Countries whose numbers count as phones without `+`, a leading zero or a word. */
  readonly phonesOf?: Readonly<z.infer<typeof phonesOfSchema>>;
}

/** All kinds: the default of a flow. */
export const defaultRedactions: Redactions = { redact: redactionKinds };
