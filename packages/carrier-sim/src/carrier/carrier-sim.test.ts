import { describe, expect, it } from 'vitest';
import { control, ours, startApplication, theirs, unreachableUrl } from './scene.testing.ts';
import { carrierNames, openStage } from './three-carriers.testing.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe.each(carrierNames)('on %s, an inbound text', (carrier) => {
  it('is posted, signed, with its text and the identifier of the delivery', async () => {
    const { sim, application, verify, understand } = await openStage(carrier);
    const text = 'Grüße & more = 100% ✅';
    const delivery = await sim.text({ from: theirs, to: ours, text });
    const [request] = application.requests;
    if (request === undefined) throw new Error('nothing came');
    expect(verify(request)).toBe(true);
    expect(understand(request)).toEqual({ id: delivery.id, text, status: undefined });
    expect(delivery).toMatchObject({ acknowledged: true, attempts: [{ status: 204 }] });
    expect(sim.carrier).toBe(carrier);
  });

  it('comes again with the same bytes and headers', async () => {
    const { sim, application } = await openStage(carrier);
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(await sim.redeliver(delivery)).toMatchObject({ status: 204 });
    const [first, second] = application.requests;
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers).toEqual(first?.headers);
  });

  it('can be written before it is sent, forged, and then be posted genuinely', async () => {
    const { sim, application, verify, understand } = await openStage(carrier);
    const draft = sim.draft({ from: theirs, to: ours, text: 'Not sent yet' });
    expect(application.requests).toEqual([]);
    await sim.post(sim.forge({ request: draft }));
    await sim.post(draft);
    expect(application.requests.map((request) => verify(request))).toEqual([false, true]);
    const [, genuine] = application.requests;
    if (genuine === undefined) throw new Error('nothing came');
    expect(understand(genuine).text).toBe('Not sent yet');
  });

  it('can be any fields that the account would sign', async () => {
    const { sim, application, verify } = await openStage(carrier);
    await sim.post(sim.sign(`${application.url}/sms`, { Unknown: 'field' }));
    expect(application.requests.map((request) => verify(request))).toEqual([true]);
  });

  it('with a picture and no words is one, and the picture can be downloaded without credentials', async () => {
    const { sim, application, understand } = await openStage(carrier);
    const bytes = new Uint8Array([1, 2, 255]);
    const media = [{ contentType: 'image/png', bytes }];
    await sim.text({ from: theirs, to: ours, media });
    const [request] = application.requests;
    if (request === undefined) throw new Error('nothing came');
    expect(understand(request)).toMatchObject({ text: '', status: undefined });
    if (carrier === 'twilio') return;
    const body = decodeURIComponent(Buffer.from(request.body).toString('utf8'));
    const url = /https?:\/\/127\.0\.0\.1:\d+\/[\da-f-]{36}\/[\da-f-]{36}/u.exec(body)?.[0] ?? '';
    const download = await fetch(url);
    expect(download.headers.get('content-type')).toBe('image/png');
    expect(new Uint8Array(await download.arrayBuffer())).toEqual(bytes);
    expect(sim.cdnRequests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('goes to the public URL that is served here, and nowhere else', async () => {
    const application = await startApplication();
    const { sim, verify } = await openStage(carrier, {
      origins: { 'https://hooks.example.com': application.url },
    });
    sim.setNumber(ours, { messageUrl: 'https://hooks.example.com/in' });
    expect((await sim.text({ from: theirs, to: ours, text: 'Hi' })).acknowledged).toBe(true);
    expect(
      application.requests.map((request) => verify(request, 'https://hooks.example.com/in')),
    ).toEqual([true]);
    sim.setNumber(ours, { messageUrl: 'https://elsewhere.example.com/in' });
    const lost = await sim.text({ from: theirs, to: ours, text: 'Hi' });
    expect(lost.attempts).toMatchObject([{ error: 'not-routed' }]);
  });

  it('needs one of our numbers, and text or media', async () => {
    const { sim } = await openStage(carrier);
    await expect(sim.text({ from: theirs, to: theirs, text: 'Hi' })).rejects.toThrow(RangeError);
    await expect(sim.text({ from: theirs, to: ours })).rejects.toThrow(RangeError);
    expect(() => sim.setNumber(theirs, { messageUrl: '' })).toThrow(RangeError);
  });

  it('goes nowhere when the webhook was taken away', async () => {
    const { sim, application } = await openStage(carrier);
    sim.setNumber(ours, { messageUrl: '' });
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hi' });
    expect(delivery).toMatchObject({ request: undefined, attempts: [], acknowledged: false });
    expect(() => sim.draft({ from: theirs, to: ours, text: 'Hi' })).toThrow(RangeError);
    await expect(sim.redeliver(delivery)).rejects.toThrow('no webhook');
    expect(application.requests).toEqual([]);
  });

  it('can be lost, doubled, or signed by somebody else', async () => {
    const { sim, application, verify } = await openStage(carrier);
    sim.faults.add({ on: 'inbound', kind: 'lost' });
    sim.faults.add({ on: 'inbound', kind: 'duplicate' });
    sim.faults.add({ on: 'inbound', kind: 'forged' });
    for (const text of ['one', 'two', 'three']) await sim.text({ from: theirs, to: ours, text });
    expect(application.requests.map((request) => verify(request))).toEqual([true, true, false]);
    const [first, second] = application.requests;
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers).toEqual(first?.headers);
  });
});

describe.each(carrierNames)('on %s, a message', (carrier) => {
  it('is accepted, travels to its end, and tells of it in signed webhooks', async () => {
    const { sim, application, send, verify, understand } = await openStage(carrier);
    const statusUrl = `${application.url}/status`;
    expect((await send({ text: 'Hello', statusUrl })).status).toBeLessThan(300);
    await sim.settled();
    const [message] = sim.messages;
    expect(message).toMatchObject({ to: theirs, from: ours, body: 'Hello', status: 'delivered' });
    expect(application.requests.every((request) => verify(request))).toBe(true);
    const told = application.requests.map((request) => understand(request));
    expect(told.at(-1)).toMatchObject({ id: message?.id, status: 'delivered' });
    expect(told.map(({ status }) => status)).toContain('sent');
    expect(message?.receipts.map(({ status }) => status)).toEqual(told.map(({ status }) => status));
  });

  it('is handed out once, and can be read through the API', async () => {
    const { sim, send, read } = await openStage(carrier);
    await send({ text: 'one' });
    const waiting = sim.nextMessage({ matching: /tw./u, to: theirs });
    await send({ text: 'two' });
    const message = await waiting;
    expect(message.body).toBe('two');
    expect((await read(message.id)).status).toBe(200);
    expect((await read('00000000-0000-0000-0000-000000000000')).status).toBe(404);
    expect((await sim.nextMessage()).body).toBe('one');
  });

  it.each(['reversed', 'shuffled', 'concurrent', 'before-response'] as const)(
    'ends the same when receipts come %s',
    async (receipts) => {
      const { sim, application, send } = await openStage(carrier, { receipts });
      await send({ statusUrl: `${application.url}/status` });
      await sim.settled();
      const [message] = sim.messages;
      expect(message?.status).toBe('delivered');
      expect(message?.receipts.every(({ acknowledged }) => acknowledged)).toBe(true);
    },
  );

  it('waits for receipts by hand, and takes no status that the carrier does not have', async () => {
    const { sim, application, send, understand } = await openStage(carrier, {
      receipts: 'manual',
    });
    await send({ statusUrl: `${application.url}/status` });
    const { id } = await sim.nextMessage();
    await sim.receipt(id, 'sent');
    const last = sim.statuses.at(-1) ?? '';
    expect(await sim.receipt(id, last, { errorCode: 30 })).toMatchObject({ acknowledged: true });
    expect(application.requests.map((request) => understand(request).status)).toEqual([
      'sent',
      last,
    ]);
    await expect(sim.receipt(id, 'vanished')).rejects.toThrow(RangeError);
    await expect(sim.receipt('unknown', 'sent')).rejects.toThrow(RangeError);
  });

  it('without a status URL tells nobody', async () => {
    const { sim, application, send } = await openStage(carrier);
    await send();
    await sim.settled();
    expect(sim.messages[0]).toMatchObject({ status: 'delivered', receipts: [] });
    expect(application.requests).toEqual([]);
    expect(await sim.receipt(sim.messages[0]?.id ?? '', 'sent')).toBeUndefined();
  });

  it('to a magic number ends as it says', async () => {
    const { sim, send } = await openStage(carrier);
    const { unreachable, filtered, silent } = sim.magicNumbers;
    for (const to of [unreachable.number, filtered.number, silent]) await send({ to });
    await sim.settled();
    expect(sim.messages.map(({ status, errorCode }) => [status, errorCode])).toEqual([
      [unreachable.status, unreachable.errorCode],
      [filtered.status, filtered.errorCode],
      ['sent', undefined],
    ]);
  });

  it('to somebody who has opted out, or to no number, does not arrive', async () => {
    const { sim, send } = await openStage(carrier);
    const { optedOut, invalid } = sim.magicNumbers;
    const answers = [await send({ to: optedOut }), await send({ to: invalid })];
    await sim.settled();
    const isLate = carrier === 'plivo';
    expect(answers.map(({ status }) => status)).toEqual(isLate ? [202, 202] : [400, 400]);
    expect(sim.messages.map(({ status }) => status)).toEqual(isLate ? ['failed'] : []);
  });

  it('ends as the test decides', async () => {
    const { sim, send } = await openStage(carrier, {
      outcome: ({ body }) => (body === 'no' ? { status: 'sent', errorCode: 1 } : undefined),
    });
    await send({ text: 'no' });
    await send({ text: 'yes' });
    await sim.settled();
    expect(sim.messages).toMatchObject([{ status: 'sent', errorCode: 1 }, { status: 'delivered' }]);
  });

  it('with a picture downloads it, and fails without', async () => {
    const { sim, application, send } = await openStage(carrier);
    application.answer = ({ path }) => Promise.resolve({ status: path === '/cat' ? 200 : 404 });
    await send({ text: '', mediaUrls: [`${application.url}/cat`] });
    await send({ text: '', mediaUrls: [`${application.url}/dog`] });
    await sim.settled();
    expect(sim.messages.map(({ mediaDownloads }) => mediaDownloads[0]?.status)).toEqual([200, 404]);
    expect(sim.messages[0]?.status).toBe('delivered');
    expect(sim.messages[1]?.status).toMatch(/failed$/u);
  });

  it('whose receipt gets lost, doubled or forged is delivered all the same', async () => {
    const { sim, application, send, verify } = await openStage(carrier);
    sim.faults.add({ on: 'receipt', kind: 'duplicate', match: { status: 'sent' } });
    sim.faults.add({ on: 'receipt', kind: 'forged', match: { status: 'delivered' } });
    await send({ statusUrl: `${application.url}/status` });
    await sim.settled();
    sim.faults.add({ on: 'receipt', kind: 'lost', match: { status: 'delivered' } });
    await send({ statusUrl: `${application.url}/lost` });
    await sim.settled();
    expect(sim.messages.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    const verdicts = application.requests
      .filter(({ path }) => path === '/status')
      .map((request) => verify(request));
    expect(verdicts.slice(-3)).toEqual([true, true, false]);
    expect(sim.messages[1]?.receipts.at(-1)).toMatchObject({ status: 'delivered', attempts: [] });
  });
});

describe.each(carrierNames)('on %s, a fault of the API', (carrier) => {
  it.each([
    ['status-500', 500],
    ['html', 502],
    ['status-429', 429],
  ] as const)('answers %s, and sends nothing', async (kind, status) => {
    const { sim, send } = await openStage(carrier);
    sim.faults.add({ on: 'send', kind });
    expect((await send()).status).toBe(status);
    expect(sim.messages).toEqual([]);
    expect((await send()).status).toBeLessThan(300);
  });

  it('may come after the message was accepted', async () => {
    const { sim, send } = await openStage(carrier);
    sim.faults.add({ on: 'send', kind: 'status-500', afterAccept: true });
    sim.faults.add({ on: 'send', kind: 'drop-after-accept' });
    expect((await send()).status).toBe(500);
    await expect(send()).rejects.toThrow('fetch failed');
    await sim.settled();
    expect(sim.messages.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  it('may drop the connection before, cut the answer off, and say when to come back', async () => {
    const { sim, send } = await openStage(carrier);
    sim.faults.add({ on: 'send', kind: 'drop-before-accept', match: { to: theirs, from: ours } });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(sim.messages).toEqual([]);
    sim.faults.add({ on: 'send', kind: 'status-429', retryAfterSeconds: 7 });
    expect((await send()).headers.get('retry-after')).toBe('7');
    sim.faults.add({ on: 'send', kind: 'cut-off-json', match: { containing: 'Hel' } });
    await expect(send()).rejects.toThrow(SyntaxError);
    expect(sim.messages).toHaveLength(1);
  });

  it('may meet any other request', async () => {
    const { sim, read, send } = await openStage(carrier);
    await send();
    sim.faults.add({ on: 'api', kind: 'html' });
    const { id } = await sim.nextMessage();
    expect((await read(id)).status).toBe(502);
    expect((await read(id)).status).toBe(200);
  });
});

describe.each(carrierNames)('on %s, the simulator', (carrier) => {
  it('forgets everything on reset, but for its numbers', async () => {
    const { sim, application, send } = await openStage(carrier);
    application.answer = never;
    sim.faults.add({ on: 'api', kind: 'html' });
    const text = sim.text({ from: theirs, to: ours, text: 'STOP' });
    await send({ to: '+15550100124', statusUrl: `${application.url}/status` });
    await sim.reset();
    expect((await text).attempts).toMatchObject([{ error: 'aborted' }]);
    expect([sim.messages, sim.optOuts, sim.faults.pending, sim.autoReplies]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(sim.numbers[0]?.messageUrl).toBe(`${application.url}/sms`);
    expect((await send()).status).toBeLessThan(300);
  });

  it('starts nothing more when it is closed, and tells who waits', async () => {
    const { sim, application, send } = await openStage(carrier, { timing: { closeGraceMs: 1 } });
    application.answer = never;
    const text = sim.text({ from: theirs, to: ours, text: 'Hello' });
    const refused = sim.nextMessage().catch((error: unknown) => String(error));
    await sim.close();
    expect(await refused).toContain('the simulator was closed');
    expect((await text).attempts).toMatchObject([{ error: 'aborted' }]);
    await expect(send()).rejects.toThrow('fetch failed');
  });

  it('is steered over HTTP', async () => {
    const { sim, application, send } = await openStage(carrier, { receipts: 'manual' });
    const { body } = await control(sim, 'POST', 'texts', { from: theirs, to: ours, text: 'Hi' });
    expect(body).toMatchObject({ acknowledged: true, request: { method: 'POST' } });
    await send({ text: 'two', statusUrl: `${application.url}/status` });
    const next = await control(sim, 'GET', 'messages/next?containing=two');
    expect(next.body).toMatchObject({ body: 'two', to: theirs });
    const receipt = { id: next.body['id'], status: 'sent' };
    expect((await control(sim, 'POST', 'receipts', receipt)).body).toEqual({
      sent: true,
      acknowledged: true,
    });
    const bad = { id: next.body['id'], status: 'vanished' };
    expect((await control(sim, 'POST', 'receipts', bad)).status).toBe(400);
    const messageUrl = `${application.url}/other`;
    await control(sim, 'POST', 'numbers', { number: ours, messageUrl });
    await control(sim, 'POST', 'faults', { on: 'send', kind: 'html' });
    expect((await control(sim, 'GET', 'state')).body).toMatchObject({
      carrier,
      url: sim.url,
      numbers: [{ number: ours, messageUrl }],
      faults: [{ kind: 'html' }],
      messageCount: 1,
    });
    expect((await control(sim, 'GET', 'messages')).body['messages']).toHaveLength(1);
    expect((await control(sim, 'POST', 'reset')).status).toBe(204);
    expect(sim.messages).toEqual([]);
  });

  it('does not give up on a URL where nothing listens after the first try', async () => {
    const { sim } = await openStage(carrier);
    sim.setNumber(ours, { messageUrl: await unreachableUrl() });
    const { attempts, acknowledged } = await sim.text({ from: theirs, to: ours, text: 'Hi' });
    const triesOf = { twilio: 2, telnyx: 3, plivo: 4 };
    expect(attempts.map(({ error }) => error)).toEqual(
      Array(triesOf[carrier]).fill('connect-failed'),
    );
    expect(acknowledged).toBe(false);
  });
});
