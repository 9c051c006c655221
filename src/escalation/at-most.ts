/** Most handoffs of one session within some hours. It ends a ping-pong between a bot and its agents. Pure. */
import { z } from "zod";
import { HANDOFFS_KNOWN_HOURS, MOST_HANDOFFS_KNOWN } from "../events/facts.ts";
import { ANY_LANGUAGE, messageSchema } from "./text/text-schema.ts";

/** Rule and reason of a wish for a handoff beyond the limit. */
export const TOO_MANY = "too-many-handoffs";

const message = {
  [ANY_LANGUAGE]:
    "I have passed you to colleagues several times already and cannot do it again now. Please try again later.",
  de: "Ich habe Sie schon mehrmals weitergegeben und kann es gerade nicht noch einmal. Bitte versuchen Sie es später wieder.",
  hr: "Već sam vas više puta preusmjerio kolegama i trenutačno to ne mogu ponoviti. Pokušajte ponovno kasnije.",
};

/** The default is far more than a customer needs. */
export const atMostSchema = z
  .strictObject({
    handoffs: z.number().int().min(1).max(MOST_HANDOFFS_KNOWN),
    withinHours: z
      .number({ error: "must be given, in hours: { handoffs: 5, withinHours: 24 }" })
      .positive()
      .max(HANDOFFS_KNOWN_HOURS),
    message: messageSchema.default(Object.fromEntries(Object.entries(message).map(([key, text]) => [key, [text]]))),
  })
  .prefault({ handoffs: 20, withinHours: 24 });
export type AtMost = z.infer<typeof atMostSchema>;
