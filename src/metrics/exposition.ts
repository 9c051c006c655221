/** Renders the metrics for Prometheus, with those of the process: event loop, garbage collection, memory, CPU. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { counters, type GaugeReadings, gauges, histograms } from "./catalogue.ts";
import type { Counted, Distribution } from "./meter.ts";

interface ExpositionDeps {
  meter: Counted;
  readGauges: () => GaugeReadings;
}

const namesOf = <T extends object>(all: T): (keyof T)[] => Object.keys(all) as (keyof T)[];

function registerCounter(registry: Registry, meter: Counted, name: keyof typeof counters): void {
  const { name: shown, help, labels } = counters[name];
  new Counter({
    ...{ name: shown, help, labelNames: labels, registers: [registry] },
    collect() {
      this.reset();
      for (const { labels: its, cell } of meter.counted(name)) this.inc(its, cell.value);
    },
  });
}

/** The samples of one label set: the buckets, each with all below it, then sum and count. */
function samplesOf(name: string, buckets: readonly number[], labels: object, { counts, sum }: Distribution) {
  let count = 0;
  const bucket = (le: number | "+Inf", index: number) => {
    count += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
  };
  return [
    ...[...buckets, "+Inf" as const].map(bucket),
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

/** The package has no way to set a histogram from counts: these two methods are how its registry reads any metric. */
function registerHistogram(registry: Registry, meter: Counted, name: keyof typeof histograms): void {
  const { name: shown, help, labels, buckets } = histograms[name];
  const metric = { name: shown, help, labelNames: labels, registers: [registry] };
  const read = async () => ({
    ...{ name: shown, help, type: "histogram", aggregator: "sum" },
    values: [...meter.observed(name)].flatMap(({ labels: its, cell }) => samplesOf(shown, buckets, its, cell)),
  });
  Object.assign(new Histogram(metric), { get: read, getForPromString: read });
}

function registerGauges(registry: Registry): (readings: GaugeReadings) => void {
  const shown = namesOf(gauges).map((name) => {
    const { name: known, help, labels } = gauges[name];
    return { name, gauge: new Gauge<string>({ name: known, help, labelNames: labels, registers: [registry] }) };
  });
  return (readings) => {
    for (const { name, gauge } of shown) {
      gauge.reset();
      for (const { labels, value } of readings[name]) gauge.set(labels, value);
    }
  };
}

/** Every call of the result is a scrape. */
export function createExposition({ meter, readGauges }: ExpositionDeps) {
  const registry = new Registry();
  for (const name of namesOf(counters)) registerCounter(registry, meter, name);
  for (const name of namesOf(histograms)) registerHistogram(registry, meter, name);
  const showGauges = registerGauges(registry);
  collectDefaultMetrics({ register: registry, prefix: "baton_" });
  return async (): Promise<{ type: string; text: string }> => {
    showGauges(readGauges());
    return { type: registry.contentType, text: await registry.metrics() };
  };
}
