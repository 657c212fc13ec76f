// What `telephony serve` costs, against peers in the same run. node bench/serve.bench.ts [ingress|acknowledgement|start]
import { measureAcknowledgement } from './acknowledgement.ts';
import { judge } from './gate.ts';
import { measureIngress } from './ingress.ts';
import { measureStart } from './start.ts';

const parts = {
  ingress: measureIngress,
  acknowledgement: measureAcknowledgement,
  start: measureStart,
};
const [wanted] = process.argv.slice(2);
for (const [name, measure] of Object.entries(parts)) {
  if (wanted === undefined || wanted === name) judge(await measure());
}
