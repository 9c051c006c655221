/** Copies an answer of another object and disposes the original, so that the object can rest. */
export async function passOn<T>(answer: Promise<T>): Promise<T> {
  const given = (await answer) as (T & Partial<Disposable>) | null;
  try {
    return structuredClone(given as T);
  } finally {
    given?.[Symbol.dispose]?.();
  }
}
