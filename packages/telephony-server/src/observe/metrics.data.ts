/** One metric: what a registry has to know before the first value comes. */
export interface MetricDefinition {
  readonly name: string;
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly help: string;
  /** Beside `account`, which every metric has. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in seconds. */
  readonly buckets?: readonly number[];
}

const fast = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const slow = [0.1, 0.5, 1, 5, 15, 30, 60, 300, 900, 1800];

/** Every metric of the server, for the registry that renders them. */
export const metricCatalogue: readonly MetricDefinition[] = [
  {
    name: 'telephony_webhooks_total',
    kind: 'counter',
    help: 'Webhooks answered: accepted, duplicate, nothing_to_do, rejected (4xx), limited (429), unavailable (503), failed (500), broken_off.',
    labels: ['answer'],
  },
  {
    name: 'telephony_webhook_seconds',
    kind: 'histogram',
    help: 'From the headers of a webhook to its answer.',
    labels: ['answer'],
    buckets: fast,
  },
  {
    name: 'telephony_texts_handled_total',
    kind: 'counter',
    help: 'Runs of inbound texts: handled, ignored, opted_out, paired, limited, retried, dead.',
    labels: ['result'],
  },
  {
    name: 'telephony_handler_seconds',
    kind: 'histogram',
    help: 'Runs of the application: done, failed, given_up.',
    labels: ['result'],
    buckets: slow,
  },
  {
    name: 'telephony_signals_handled_total',
    kind: 'counter',
    help: 'Receipts and words of consent that were handled.',
    labels: ['kind'],
  },
  {
    name: 'telephony_sends_total',
    kind: 'counter',
    help: 'Requests to the carrier for one message: accepted, failed, unknown, retried; and sends handed_over to another account.',
    labels: ['result'],
  },
  {
    name: 'telephony_segments_sent_total',
    kind: 'counter',
    help: 'Segments that the carrier accepted.',
    labels: [],
  },
  {
    name: 'telephony_send_seconds',
    kind: 'histogram',
    help: 'Requests to the carrier for one message.',
    labels: ['result'],
    buckets: fast,
  },
  {
    name: 'telephony_deliveries_total',
    kind: 'counter',
    help: 'Messages that reached an end, by the status they ended with.',
    labels: ['status'],
  },
  {
    name: 'telephony_queue_waiting',
    kind: 'gauge',
    help: 'Jobs that wait.',
    labels: ['queue'],
  },
  {
    name: 'telephony_queue_running',
    kind: 'gauge',
    help: 'Jobs under way.',
    labels: ['queue'],
  },
  {
    name: 'telephony_queue_dead',
    kind: 'gauge',
    help: 'Jobs that were given up and wait for a person.',
    labels: ['queue'],
  },
  {
    name: 'telephony_queue_oldest_waiting_seconds',
    kind: 'gauge',
    help: 'How long ago the oldest waiting job was added.',
    labels: ['queue'],
  },
  {
    name: 'telephony_scheduled',
    kind: 'gauge',
    help: 'Texts that are to leave later.',
    labels: [],
  },
];
