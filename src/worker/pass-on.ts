/** An answer of another object as our own: what came with it is let go, so that the object can rest. */
export async function passOn<T>(answer: Promise<T>): Promise<T> {
  const given = (await answer) as (T & Partial<Disposable>) | null;
  try {
    return structuredClone(given as T);
  } finally {
    given?.[Symbol.dispose]?.();
  }
}
