import { createFreeFormSource } from "../free-form/create-free-form-source.ts";
import { commonNames } from "../free-form/names.ts";

/**
 * Payload of a Call API element of an Infobip Flow; the body is free, and no field of it is documented.
 * A flow has participants rather than sessions: without a session's name the participant's phone number, identifier or
 * e-mail address is the session.
 */
export const flow = createFreeFormSource({
  name: "flow",
  names: {
    ...commonNames,
    session: ["session", "sessionId", "participantId"],
    phone: [...commonNames.phone, "msisdn"],
    externalId: ["identifier", ...commonNames.externalId],
    lastWords: [...commonNames.lastWords, "message"],
    text: [...commonNames.text, "message"],
  },
  sessionOf: ["phone", "externalId", "email"],
});
