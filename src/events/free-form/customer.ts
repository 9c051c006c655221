import type { Customer } from "../event.ts";
import { createNamedValues, type NamedValues, plainName } from "../reading/named-values.ts";
import { looksLikePhone, readRecord, readText, withoutUndefined } from "../reading/scalars.ts";
import type { Names } from "./names.ts";

/** From names at the top of the body, or from an object `customer` of our own schema. */
export function readCustomer(values: NamedValues, names: Names): Customer {
  const nested = createNamedValues(values.take(names.customer, readRecord) ?? {});
  const read = (field: keyof Customer) =>
    values.take(names[field], readText) ?? nested.take([plainName(field)], readText);
  const externalId = read("externalId");
  const phone = read("phone") ?? (externalId !== undefined && looksLikePhone(externalId) ? externalId : undefined);
  return withoutUndefined({ name: read("name"), phone, email: read("email"), externalId });
}
