/** Reads the metrics of a service, as Prometheus does. */
import type { createWorld } from "../support/world.ts";
import { OPERATOR_TOKEN } from "../support/world.ts";

export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const LINE = /^(\w+)(?:\{(.*)\})? (\S+)$/;

function samplesOf(text: string): Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", labels = "", value] = LINE.exec(line) ?? [];
      if (name === "") throw new Error(`no sample: ${line}`);
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = "", its = ""]) => [label, its]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** The names of all metrics, with samples or not, and their types. */
export const typesOf = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", type = ""]) => [name, type]));

export async function scrape({ request }: Pick<ReturnType<typeof createWorld>, "request">) {
  const answer = await request("/metrics", { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
  const text = await answer.text();
  const samples = samplesOf(text);
  return {
    answer,
    text,
    samples,
    /** The value of the one sample with these labels; undefined: there is none. */
    value: (name: string, labels: Record<string, string> = {}): number | undefined =>
      samples.find((it) => it.name === name && Object.entries(labels).every(([label, its]) => it.labels[label] === its))
        ?.value,
  };
}
