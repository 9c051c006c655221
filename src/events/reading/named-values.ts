import { isAbsent, isScalar, type Scalar } from "./scalars.ts";

/** `session_id`, `SessionId` and `sessionId` are one name. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, "");

type Read<T> = (value: unknown) => T | undefined;

/** The values of a body by leniently matched names. Names given here are plain ones. */
export interface NamedValues {
  /** The first of these names whose value can be read. */
  find<T>(names: readonly string[], read: Read<T>): T | undefined;
  /** As `find`; all values of these names are then spoken for, unless none could be read. */
  take<T>(names: readonly string[], read: Read<T>): T | undefined;
  /** The scalars nobody took, under the names they were sent with. */
  rest(): [string, Scalar][];
}

export function createNamedValues(body: Record<string, unknown>): NamedValues {
  const sent = Object.entries(body).filter(([, value]) => !isAbsent(value));
  const values = new Map<string, unknown>();
  for (const [name, value] of sent) if (!values.has(plainName(name))) values.set(plainName(name), value);
  const taken = new Set<string>();

  function find<T>(names: readonly string[], read: Read<T>): T | undefined {
    for (const name of names) {
      const found = values.has(name) ? read(values.get(name)) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  return {
    find,
    take(names, read) {
      const found = find(names, read);
      if (found !== undefined) for (const name of names) taken.add(name);
      return found;
    },
    rest: () =>
      sent.flatMap(([name, value]) => (isScalar(value) && !taken.has(plainName(name)) ? [[name, value]] : [])),
  };
}
