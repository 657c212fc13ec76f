import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountSid, ours, send, startApplication, startScene, theirs } from './scene.testing.ts';
import type { ReceiptOrder } from '../carrier/options.ts';

async function startWithReceipts(receipts: ReceiptOrder, extra = {}) {
  const { sim, application } = await startScene({ receipts, ...extra });
  const statusUrl = `${application.url}/status`;
  const statuses = (): (string | null)[] =>
    application.forms().map((form) => form.get('MessageStatus'));
  const sendOne = (To = theirs): ReturnType<typeof send> =>
    send(sim, { To, StatusCallback: statusUrl });
  return { sim, application, statuses, sendOne };
}

const alphabetically = (one: string, other: string): number => one.localeCompare(other);

describe('the receipts of a message', () => {
  it('say queued, sent and delivered, one after the other', async () => {
    const { sim, application, statuses, sendOne } = await startWithReceipts('in-order');
    const { body } = await sendOne();
    await sim.settled();
    expect(statuses()).toEqual(['queued', 'sent', 'delivered']);
    expect(Object.fromEntries(application.forms()[2] ?? [])).toEqual({
      RawDlrDoneDate: expect.stringMatching(/^\d{10}$/u),
      SmsSid: body['sid'],
      SmsStatus: 'delivered',
      MessageStatus: 'delivered',
      To: theirs,
      MessageSid: body['sid'],
      AccountSid: accountSid,
      From: ours,
      ApiVersion: '2010-04-01',
    });
    const [message] = sim.messages;
    expect(message?.receipts.map(({ acknowledged }) => acknowledged)).toEqual([true, true, true]);
    expect(message?.statusHistory.map(({ status }) => status)).toEqual([
      'queued',
      'sending',
      'sent',
      'delivered',
    ]);
  });

  it('are not sent to nobody, and the message is delivered all the same', async () => {
    const { sim, application } = await startScene();
    await send(sim);
    await sim.settled();
    expect(application.requests).toEqual([]);
    expect(sim.messages[0]).toMatchObject({ status: 'delivered', receipts: [] });
  });

  it('arrive the other way round when reversed', async () => {
    const { sim, statuses, sendOne } = await startWithReceipts('reversed');
    await sendOne();
    await sim.settled();
    expect(statuses()).toEqual(['delivered', 'sent', 'queued']);
    expect(sim.messages[0]?.status).toBe('delivered');
  });

  it('arrive all at once when concurrent', async () => {
    const { sim, statuses, sendOne } = await startWithReceipts('concurrent');
    await sendOne();
    await sim.settled();
    expect(statuses().map(String).toSorted(alphabetically)).toEqual([
      'delivered',
      'queued',
      'sent',
    ]);
  });

  it('arrive before the answer when they are told to', async () => {
    const { statuses, sendOne } = await startWithReceipts('before-response');
    await sendOne();
    expect(statuses()).toEqual(['queued', 'sent', 'delivered']);
  });

  it('in any shuffled order are the same three, and leave the message at its end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
        async (stream) => {
          const random = (): number => Number(stream.next().value);
          const { sim, statuses, sendOne } = await startWithReceipts('shuffled', { random });
          await sendOne();
          await sim.settled();
          expect(statuses().map(String).toSorted(alphabetically)).toEqual([
            'delivered',
            'queued',
            'sent',
          ]);
          expect(sim.messages[0]?.status).toBe('delivered');
        },
      ),
      { numRuns: 10 },
    );
  });

  it('are sent by hand only when manual', async () => {
    const { sim, statuses, sendOne } = await startWithReceipts('manual');
    const { body } = await sendOne();
    await sim.settled();
    expect(sim.messages[0]?.status).toBe('queued');
    const receipt = await sim.receipt(String(body['sid']), 'undelivered', { errorCode: 30_005 });
    expect(receipt).toMatchObject({ status: 'undelivered', acknowledged: true });
    expect(statuses()).toEqual(['undelivered']);
    expect(sim.messages[0]).toMatchObject({ status: 'undelivered', errorCode: 30_005 });
    await expect(sim.receipt('SMx', 'sent')).rejects.toThrow(RangeError);
  });

  it('name the number that the Messaging Service chose, also by hand', async () => {
    const service = `MG${'1'.repeat(32)}`;
    const { sim, application } = await startScene({
      receipts: 'manual',
      numbers: [{ number: ours, messagingServiceSid: service }],
    });
    const StatusCallback = `${application.url}/status`;
    const input = { From: 'absent', MessagingServiceSid: service, StatusCallback };
    const { body } = await send(sim, input);
    await sim.receipt(String(body['sid']), 'sent');
    expect(application.forms()[0]?.get('From')).toBe(ours);
    expect(application.forms()[0]?.get('MessagingServiceSid')).toBe(service);
  });

  it.each([
    ['+15005551003', 'undelivered', '30003', ['queued', 'sent', 'undelivered']],
    ['+15005552007', 'failed', '30007', ['queued', 'failed']],
    ['+15005553000', 'sent', null, ['queued', 'sent']],
  ])('to %s end as %s', async (to, status, errorCode, told) => {
    const { sim, application, statuses, sendOne } = await startWithReceipts('in-order');
    await sendOne(to);
    await sim.settled();
    expect(statuses()).toEqual(told);
    expect(application.forms().at(-1)?.get('ErrorCode')).toBe(errorCode);
    expect(sim.messages[0]?.status).toBe(status);
  });

  it('end as the test decides', async () => {
    const { sim, statuses, sendOne } = await startWithReceipts('in-order', {
      outcome: () => ({ status: 'failed', errorCode: 30_034 }),
    });
    await sendOne();
    await sim.settled();
    expect(statuses()).toEqual(['queued', 'failed']);
    expect(sim.messages[0]?.errorCode).toBe(30_034);
  });

  it('are tried again as the URL says', async () => {
    const { sim, application } = await startScene({ receipts: 'manual' });
    application.answer = () => Promise.resolve({ status: 500 });
    const StatusCallback = `${application.url}/status#rc=2&rp=all`;
    const { body } = await send(sim, { StatusCallback });
    const receipt = await sim.receipt(String(body['sid']), 'sent');
    expect(receipt?.attempts.map(({ status }) => status)).toEqual([500, 500, 500]);
    expect(receipt?.acknowledged).toBe(false);
    expect(sim.alerts).toMatchObject([{ code: 11_200 }]);
  });
});

describe('what goes wrong with receipts', () => {
  it('may be that one is lost', async () => {
    const { sim, statuses, sendOne } = await startWithReceipts('in-order');
    sim.faults.add({ on: 'receipt', kind: 'lost', match: { status: 'sent' } });
    await sendOne();
    await sim.settled();
    expect(statuses()).toEqual(['queued', 'delivered']);
    expect(sim.messages[0]?.receipts[1]).toMatchObject({ status: 'sent', attempts: [] });
  });

  it('may be that one comes twice, byte for byte', async () => {
    const { sim, application, statuses, sendOne } = await startWithReceipts('in-order');
    sim.faults.add({
      on: 'receipt',
      kind: 'duplicate',
      match: { status: 'delivered', to: theirs },
    });
    await sendOne();
    await sim.settled();
    expect(statuses()).toEqual(['queued', 'sent', 'delivered', 'delivered']);
    const [, , one, other] = application.requests;
    expect(other?.headers).toEqual(one?.headers);
    expect(other?.body).toEqual(one?.body);
  });

  it('may be a signature of somebody else', async () => {
    const { sim, application, sendOne } = await startWithReceipts('in-order');
    sim.faults.add({ on: 'receipt', kind: 'forged', times: 3 });
    await sendOne();
    await sim.settled();
    const [receipt] = sim.messages[0]?.receipts ?? [];
    const forged = application.requests[0]?.headers['x-twilio-signature'];
    expect(forged).toMatch(/^[\w+/]{27}=$/u);
    const genuine = sim.sign(
      String(receipt?.request.url),
      Object.fromEntries(application.forms()[0] ?? []),
    );
    expect(Object.fromEntries(genuine.headers)['X-Twilio-Signature']).not.toBe(forged);
  });

  it('may be that the carrier hangs up, or is slow', async () => {
    const { sim, application, sendOne } = await startWithReceipts('in-order');
    sim.faults.add({ on: 'receipt', kind: 'hang-up' });
    sim.faults.add({ on: 'receipt', kind: 'slow', delayMs: 1 });
    await sendOne();
    await sim.settled();
    expect(sim.messages[0]?.receipts).toMatchObject([
      { attempts: [{ error: 'hung-up' }], acknowledged: false },
      { acknowledged: true },
      { acknowledged: true },
    ]);
    expect(application.requests.length).toBeGreaterThanOrEqual(2);
    expect(sim.alerts).toEqual([]);
  });
});

describe('media that the application sends', () => {
  it('are downloaded before the message leaves', async () => {
    const { sim } = await startScene();
    const host = await startApplication();
    const body = new Uint8Array([1, 2, 255]);
    host.answer = () =>
      Promise.resolve({ status: 200, headers: { 'Content-Type': 'image/png' }, body });
    const url = `${host.url}/cat.png?token=1`;
    await send(sim, { MediaUrl: url });
    await sim.settled();
    expect(sim.messages[0]).toMatchObject({ status: 'delivered' });
    const [download] = sim.messages[0]?.mediaDownloads ?? [];
    expect(download).toMatchObject({ url, status: 200, contentType: 'image/png' });
    expect([...(download?.bytes ?? [])]).toEqual([1, 2, 255]);
    expect(host.requests).toMatchObject([{ method: 'GET', target: '/cat.png?token=1' }]);
  });

  it('that cannot be had let the message fail with 63019', async () => {
    const { sim } = await startScene();
    const host = await startApplication();
    host.answer = () => Promise.resolve({ status: 404 });
    await send(sim, { MediaUrl: `${host.url}/cat.png` });
    await sim.settled();
    expect(sim.messages[0]).toMatchObject({ status: 'failed', errorCode: 63_019 });
  });
});
