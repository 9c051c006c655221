/** Sends at a steady pace whatever comes back, and measures from each planned send: a slow answer delays no other. */
export async function steadily(perSecond: number, seconds: number, send: (index: number) => Promise<unknown>) {
  const started = performance.now();
  const times: number[] = [];
  const all: Promise<void>[] = [];
  const count = perSecond * seconds;
  for (let index = 0; index < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - started) / 1_000) * perSecond) + 1);
    for (; index < due; index += 1) {
      const planned = started + (index / perSecond) * 1_000;
      all.push(
        send(index).then(() => {
          times.push(performance.now() - planned);
        }),
      );
    }
    await new Promise((done) => setTimeout(done, 1));
  }
  await Promise.all(all);
  return times;
}

/** Keeps `places` requests on their way until all are sent. Returns the number a second. */
export async function atOnce(
  places: number,
  count: number,
  send: (index: number) => Promise<unknown>,
): Promise<number> {
  const started = performance.now();
  let next = 0;
  const place = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await send(next - 1);
    }
  };
  await Promise.all(Array.from({ length: places }, place));
  return count / ((performance.now() - started) / 1_000);
}

/** Keeps `places` requests on their way for `ms`. Returns the number of answers, and the time until the last of them. */
export async function atOnceFor(places: number, ms: number, send: () => Promise<unknown>) {
  const started = performance.now();
  let done = 0;
  const place = async (): Promise<void> => {
    while (performance.now() - started < ms) {
      await send();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: places }, place));
  return { done, ms: performance.now() - started };
}
