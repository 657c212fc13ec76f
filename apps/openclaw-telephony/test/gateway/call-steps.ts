import type { SimCall } from '@openclaw/carrier-sim';
import { botNumber } from './carrier.ts';
import type { Reload } from './operations-steps.ts';
import { ada, type Scene } from './scene.ts';
import { check } from './stages.ts';

/** Calls: turned away and greeted, placed and bounded. */
export async function callSteps(scene: Scene, reload: Reload): Promise<void> {
  const { machine, stages, carrier } = scene;
  const { sim } = carrier;
  const stranger = '+15550100150';

  await stages.run('without voice, who calls is turned away, and nobody is called', async () => {
    const call = await sim.callIn({ from: ada, to: botNumber });
    check(call.answeredAt === undefined, `it was answered: ${told(call)}`);
    check(call.said.length === 0 && call.end?.reason === 'rejected', told(call));
    const refused = await machine.call('telephony.call', { to: stranger }, { mayFail: true });
    check(refused.all.includes('set voice.enabled'), refused.all.slice(-400));
    check(!sim.calls.some(({ to }) => to === stranger), 'a call was placed');
  });

  await stages.run(
    'with voice, who was let in is greeted, and others are turned away',
    async () => {
      await reload({ voice: { enabled: true, maxDurationSeconds: 120 } });
      const call = await sim.callIn({ from: ada, to: botNumber });
      check(call.said.join(' ').includes('This number reads texts'), told(call));
      check(call.end?.reason === 'completed', told(call));
      const other = await sim.callIn({ from: stranger, to: botNumber });
      check(other.said.length === 0 && other.end?.reason === 'rejected', told(other));
    },
  );

  await stages.run(
    'a call is placed by RPC, by the command and by the tool, and heard',
    async () => {
      const heard = async (to: string, message: string): Promise<SimCall> => {
        const call = await sim.nextCall({ direction: 'outbound', to, timeoutMs: 60_000 });
        check(call.said.join(' ').includes(message), `${message}: ${told(call)}`);
        check(call.end?.reason === 'completed', told(call));
        check(call.timeLimitSeconds === 120, `it may last ${call.timeLimitSeconds} s`);
        return call;
      };
      const placed = await machine.call('telephony.call', { to: stranger, message: 'This is RPC' });
      const call = await heard(stranger, 'This is RPC');
      check(placed.stdout.includes(idGivenFor(call)), placed.stdout.slice(-400));
      await machine.openclaw(['telephony', 'call', stranger, '--message', 'This is the command']);
      await heard(stranger, 'This is the command');
      const asked = { action: 'initiate_call', message: 'This is the tool' };
      const refused = await machine.invokeTool({ ...asked, to: stranger });
      check(refused.includes('not let in'), refused.slice(0, 400));
      await machine.invokeTool({ ...asked, to: ada });
      await heard(ada, 'This is the tool');
      await sim.settled();
      const calls = sim.calls.filter(({ direction }) => direction === 'outbound');
      check(calls.length === 3, `${calls.length} calls instead of 3`);
    },
  );
}

/** What the carrier answers to the request that places a call: with Plivo, the id of the request. */
function idGivenFor(call: SimCall): string {
  const request: unknown = Reflect.get(call, 'requestUuid');
  return typeof request === 'string' ? request : call.id;
}

const told = ({ status, said, end, problems }: SimCall): string =>
  JSON.stringify({ status, said, end, problems });
