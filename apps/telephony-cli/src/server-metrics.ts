import type { Metrics, MetricsText } from '@openclaw/telephony-server';
import type { MetricRegistry } from './metric-registry.ts';

/** The server's metrics in a registry of `prom-client`, and their text for `GET /metrics`. */
export interface ServerMetrics {
  readonly metrics: Metrics;
  readonly renderMetrics: () => Promise<MetricsText>;
  /** Forgets every gauge; those that are still measured come back with the next look. */
  forgetGauges(): void;
  /** Loads the registry. Until then everything is kept in mind, so call it soon after the server listens. */
  load(): Promise<void>;
}

/** Makes the metrics of a server. `prom-client` is loaded later: nobody who waits for the server waits for it. */
export function createServerMetrics(): ServerMetrics {
  const kept: ((metrics: Metrics) => void)[] = [];
  let registry: Promise<MetricRegistry> | undefined;
  let loaded: MetricRegistry | undefined;
  const load = (): Promise<MetricRegistry> => {
    registry ??= loadRegistry().then((made) => {
      for (const note of kept.splice(0)) note(made.metrics);
      loaded = made;
      return made;
    });
    return registry;
  };
  const note = (act: (metrics: Metrics) => void): void => {
    if (loaded === undefined) kept.push(act);
    else act(loaded.metrics);
  };
  return {
    metrics: {
      count: (...seen) => note((metrics) => metrics.count(...seen)),
      observe: (...seen) => note((metrics) => metrics.observe(...seen)),
      gauge: (...seen) => note((metrics) => metrics.gauge(...seen)),
    },
    renderMetrics: async () => (await load()).render(),
    forgetGauges: () => loaded?.forgetGauges(),
    load: async () => void (await load()),
  };
}

async function loadRegistry(): Promise<MetricRegistry> {
  const { createMetricRegistry } = await import('./metric-registry.ts');
  return createMetricRegistry();
}
