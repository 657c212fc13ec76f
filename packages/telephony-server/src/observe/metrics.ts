/** Names of labels and their values; no value ever holds a number, a text or an id. */
export type MetricLabels = { readonly [label: string]: string };

/**
 * Where the server counts and measures. Each metric that it names, with its kind, its labels and its buckets, is in
 * {@link metricCatalogue}, so that a registry such as `prom-client`'s can be filled before the first of them is used.
 *
 * @example
 * const metrics: Metrics = {
 *   count: (name, labels = {}, by = 1) => counters.get(name)?.inc(labels, by),
 *   observe: (name, value, labels = {}) => histograms.get(name)?.observe(labels, value),
 *   gauge: (name, value, labels = {}) => gauges.get(name)?.set(labels, value),
 * };
 */
export interface Metrics {
  /** Adds to a counter; `by` defaults to 1. */
  count(name: string, labels?: MetricLabels, by?: number): void;
  /** Adds a value to a histogram; durations are in seconds. */
  observe(name: string, value: number, labels?: MetricLabels): void;
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: MetricLabels): void;
}

/** The text that `GET /metrics` answers with. */
export interface MetricsText {
  readonly contentType: string;
  readonly body: string;
}

const nothing = (): void => undefined;
/** Counts nothing; the default. */
export const silentMetrics: Metrics = { count: nothing, observe: nothing, gauge: nothing };

/**
 * The same metrics, each with these labels too. What the registry throws is dropped: counting must not cost a text.
 *
 * @example
 * const metrics = labelled(registry, { account: 'berlin' });
 */
export function labelled(metrics: Metrics, fixed: MetricLabels): Metrics {
  if (metrics === silentMetrics) return silentMetrics;
  return {
    count: (name, labels, by) => quietly(() => metrics.count(name, { ...fixed, ...labels }, by)),
    observe: (name, value, labels) =>
      quietly(() => metrics.observe(name, value, { ...fixed, ...labels })),
    gauge: (name, value, labels) =>
      quietly(() => metrics.gauge(name, value, { ...fixed, ...labels })),
  };
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {}
}
