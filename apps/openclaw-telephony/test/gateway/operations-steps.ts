import { createServer } from 'node:net';
import { botNumber, gatewayOrigin, publicOrigin, webhookPath } from './carrier.ts';
import { callSteps } from './call-steps.ts';
import { ada, type Scene } from './scene.ts';
import { secondTextSteps } from './second-text-steps.ts';
import { setupSteps } from './setup-steps.ts';
import { check, pause, until } from './stages.ts';

/** Changes the configuration as an editor does, and waits until the gateway has taken it. */
export type Reload = (change: object) => Promise<void>;

/** What an owner looks at, and what happens when things end: reloads, kills, restarts. */
export async function operationsSteps(scene: Scene): Promise<void> {
  const { machine, stages } = scene;

  await stages.run('channels status --probe says that all is well', async () => {
    const status = await machine.openclaw(['channels', 'status', '--probe', '--json']);
    const account = accountIn(status.json());
    check(account['running'] === true && account['connected'] === true, JSON.stringify(account));
    check(JSON.stringify(account['probe']).includes('texts come to us'), JSON.stringify(account));
    return { lifecycle: account['lifecycle'] };
  });

  await stages.run('channels capabilities, plugins inspect, doctor, security audit', async () => {
    const [capabilities, inspected, doctor, audit] = await Promise.all([
      machine.openclaw(['channels', 'capabilities', '--channel', 'telephony']),
      machine.openclaw(['plugins', 'inspect', 'telephony', '--runtime', '--json']),
      machine.openclaw(['plugins', 'doctor'], { mayFail: true }),
      machine.openclaw(['security', 'audit', '--deep', '--json'], { mayFail: true }),
    ]);
    check(capabilities.stdout.includes('chatTypes=direct media'), capabilities.all.slice(-400));
    check(inspected.stdout.includes('telephony.send_mms'), 'the methods are not registered');
    const found = findingsIn(audit.json()).filter(
      ({ checkId }) => checkId.includes('telephony') || checkId.includes('code_safety'),
    );
    const unexplained = found.filter(
      ({ severity, detail }) => severity === 'critical' && !isAboutTunnels(detail),
    );
    check(
      unexplained.length === 0,
      `critical findings: ${JSON.stringify(unexplained).slice(0, 1500)}`,
    );
    check(!audit.all.includes('dm.session_collision'), 'everybody shares one session');
    return {
      doctor: doctor.code,
      findings: found.map(({ severity, checkId }) => `${severity} ${checkId}`),
    };
  });

  const reload: Reload = async (change) => {
    const mark = machine.gateway.log().length;
    const since = (): string => machine.gateway.log().slice(mark);
    await machine.change('channels.telephony', change);
    await until(
      'the reload',
      () => since().includes('hot reload applied (channels.telephony'),
      60_000,
    );
    await until(
      'the webhook server',
      () => /telephony\[default\]: \w+ webhooks come in on/u.test(since()),
      60_000,
    );
  };

  await setupSteps(scene, reload);
  await callSteps(scene, reload);

  await stages.run('a hot reload in between: texts go on being answered', async () => {
    await reload({ sms: { maxSegmentsPerReply: 25 } });
    await scene.text(ada, 'please SAY:reloaded');
    await scene.answer(ada, 'Answer: reloaded', 60_000);
  });

  await stages.run(
    'in the quiet hours an answer leaves, and what an agent thinks of waits',
    async () => {
      await reload({ outbound: { quietHours: hoursAround(0) } });
      await scene.text(ada, 'please SAY:quiet');
      await scene.answer(ada, 'Answer: quiet', 60_000);
      const invoked = await machine.invokeTool({
        action: 'send_sms',
        to: ada,
        message: 'in the night',
      });
      check(invoked.includes('it waits for the end of the quiet hours'), invoked.slice(0, 300));
      check(!scene.sentTo(ada).some(({ body }) => body.includes('in the night')), 'it was sent');
      await reload({ outbound: { quietHours: hoursAround(12) } });
    },
  );

  await stages.run('an open policy is called critical', async () => {
    await reload({ inboundPolicy: 'open', allowFrom: ['*'] });
    const audit = await machine.openclaw(['security', 'audit', '--json'], { mayFail: true });
    const found = findingsIn(audit.json()).map(({ severity, checkId }) => `${severity} ${checkId}`);
    await reload({ inboundPolicy: 'pairing', allowFrom: [] });
    check(
      found.some((one) => one.includes('critical channels.telephony.dm.open')),
      found.join(', '),
    );
  });

  await stages.run(
    'kill -9 right after the acknowledgement: one answer after the restart',
    async () => {
      await machine.gateway.settled();
      await scene.text(ada, 'please SAY:survived');
      await machine.gateway.kill();
      const before = scene.answersWith('survived');
      const boot = await machine.gateway.start();
      const start = performance.now();
      if (before === 0) await scene.answer(ada, 'Answer: survived', 90_000);
      const replyMs = Math.round(performance.now() - start);
      scene.once.add('survived');
      return { ...boot, replyMs, answeredBefore: before };
    },
  );

  await secondTextSteps(scene);

  await stages.run('a second account, with a carrier and a path of its own', async () => {
    const second = {
      provider: 'mock',
      fromNumber: '+15550100101',
      mock: { webhookSecret: 'word' },
    };
    await reload({ accounts: { second } });
    await until('the second account', () =>
      machine.gateway.log().includes('telephony[second]: mock webhooks come in on'),
    );
    const played = await machine.openclaw([
      'telephony',
      'simulate',
      'Hello',
      '--from',
      '+15550100140',
    ]);
    check(played.stdout.includes('openclaw pairing approve telephony'), played.stdout.slice(-400));
    await scene.text(ada, 'please SAY:both');
    await scene.answer(ada, 'Answer: both', 60_000);
  });

  await stages.run('the same on the port of the gateway', async () => {
    scene.carrier.sim.setNumber(botNumber, { messageUrl: `${gatewayOrigin}${webhookPath}` });
    await reload({ serve: { mode: 'gateway' }, publicUrl: gatewayOrigin });
    await scene.text(ada, 'please SAY:gateway');
    await scene.answer(ada, 'Answer: gateway', 60_000);
    await scene.carrier.sim.settled();
    const last = scene.sentTo(ada).at(-1);
    check(
      last?.receipts.some(({ acknowledged }) => acknowledged) === true,
      `no receipt came back: ${JSON.stringify(last?.receipts)}`,
    );
    scene.carrier.sim.setNumber(botNumber, { messageUrl: `${publicOrigin}${webhookPath}` });
    await reload({ serve: { mode: 'own' }, publicUrl: publicOrigin });
  });

  await stages.run('nothing in the whole run was answered twice', async () => {
    // What the last stages may still send.
    await pause(2000);
    const counts = [...scene.once].map((word) => ({ word, count: scene.answersWith(word) }));
    const wrong = counts.filter(({ count }) => count !== 1);
    check(wrong.length === 0, JSON.stringify(wrong));
    return { answers: counts.length };
  });

  await stages.run('the gateway ends when told to, and frees the port', async () => {
    const start = performance.now();
    await machine.gateway.stop();
    const endMs = Math.round(performance.now() - start);
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(machine.webhookPort, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    check(isFree, 'the webhook port is still taken');
    return { endMs };
  });
}

/** Two hours, in the middle of which it is so many hours from now. */
function hoursAround(hours: number): object {
  const at = (from: number): string =>
    new Date(Date.now() + (hours + from) * 3_600_000).toISOString().slice(11, 16);
  return { from: at(-1), to: at(1), timeZone: 'UTC' };
}

function accountIn(status: unknown): { readonly [key: string]: unknown } {
  const accounts = property(property(status, 'channelAccounts'), 'telephony');
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof first !== 'object' || first === null) throw new Error('telephony is not listed');
  return { ...first };
}

interface Finding {
  readonly severity: string;
  readonly checkId: string;
  readonly detail: string;
}

/** A tunnel is a program that is started; the README says so. Nothing else may be found. */
function isAboutTunnels(detail: string): boolean {
  const places = detail.match(/\(dist\/[^)]+\)/gu) ?? [];
  return places.length > 0 && places.every((place) => place.includes('tunnel-programs'));
}

function findingsIn(audit: unknown): Finding[] {
  const findings = property(audit, 'findings');
  if (!Array.isArray(findings)) throw new Error('no findings in the audit');
  return findings.map((one) => ({
    severity: String(one.severity),
    checkId: String(one.checkId),
    detail: String(one.detail),
  }));
}

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
