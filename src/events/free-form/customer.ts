import type { Customer } from "../event.ts";
import { isAbsentLabel } from "../reading/absent.ts";
import { cutText } from "../reading/cut-text.ts";
import type { LostFields, Reader } from "../reading/fields.ts";
import { readLabel, readName } from "../reading/labels.ts";
import { createNamedValues, type NamedValues } from "../reading/named-values.ts";
import { looksLikePhone, readRecord, withoutUndefined } from "../reading/scalars.ts";
import type { Names } from "./names.ts";

const NAME_MAX = 500;
const readers = { phone: readLabel(100), email: readLabel(320), externalId: readLabel(500) };
const readFullName = readName(NAME_MAX);

const readGiven: Reader<Record<string, unknown>> = (value) => (isAbsentLabel(value) ? null : readRecord(value));

/**
 * Reads names at the top of the body, or in an object `customer`. `isPhone` tells whether an external id is a phone number:
 * on Infobip's channels it may be, elsewhere numbers are ids.
 */
export function readCustomer(
  values: NamedValues,
  names: Names,
  lost: LostFields,
  isPhone: (externalId: string) => boolean = looksLikePhone,
): Customer {
  const given = values.take(names.customer, readGiven);
  const nested = given && createNamedValues(given, lost, "customer.");
  const read = (field: keyof typeof readers) =>
    values.take(names[field], readers[field]) ?? nested?.take(names[field], readers[field]);
  const externalId = read("externalId");
  const phone = read("phone") ?? (externalId !== undefined && isPhone(externalId) ? externalId : undefined);
  const name = nameIn(values, names) ?? (nested && nameIn(nested, names));
  const email = read("email");
  for (const [field] of nested?.rest() ?? []) lost.add(`customer.${field}`);
  return withoutUndefined({ name, phone, email, externalId });
}

function nameIn(values: NamedValues, names: Names): string | undefined {
  const whole = values.take(names.name, readFullName);
  const first = values.take(names.firstName, readFullName);
  const last = values.take(names.lastName, readFullName);
  if (whole !== undefined) return whole;
  const joined = first === undefined || last === undefined ? (first ?? last) : `${first} ${last}`;
  return joined && cutText(joined, NAME_MAX);
}
