import { metricCatalogue, type Metrics, type MetricsText } from '@openclaw/telephony-server';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A registry of `prom-client` behind the server's port. */
export interface MetricRegistry {
  readonly metrics: Metrics;
  /** Forgets the gauges of every account. */
  readonly forgetGauges: () => void;
  readonly render: () => Promise<MetricsText>;
}

/** Makes a registry that knows every metric of the server from the start, so that none is missing while it is 0. */
export function createMetricRegistry(): MetricRegistry {
  const registry = new Registry();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const { name, kind, help, labels, buckets = [] } of metricCatalogue) {
    const definition = { name, help, labelNames: ['account', ...labels], registers: [registry] };
    if (kind === 'counter') counters.set(name, new Counter(definition));
    else if (kind === 'gauge') gauges.set(name, new Gauge(definition));
    else histograms.set(name, new Histogram({ ...definition, buckets: [...buckets] }));
  }
  return {
    metrics: {
      count: (name, labels = {}, by = 1) => counters.get(name)?.inc(labels, by),
      observe: (name, value, labels = {}) => histograms.get(name)?.observe(labels, value),
      gauge: (name, value, labels = {}) => gauges.get(name)?.set(labels, value),
    },
    forgetGauges() {
      for (const gauge of gauges.values()) gauge.reset();
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
