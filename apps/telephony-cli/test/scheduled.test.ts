import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ada, jsonLines, openNumber } from './number.testing.ts';
import { telephonyHere } from './telephony.testing.ts';

describe('telephony send --at', { timeout: 30_000 }, () => {
  it('is sent by the running server when it is due, also after kill -9', async () => {
    const { sim, run, serve } = await openNumber();
    const killed = await serve();
    const { code, stdout } = await run('--json', 'send', '--at', '+2s', ada, 'Tea');
    expect(code).toBe(0);
    const [queued] = jsonLines(stdout);
    expect(queued).toEqual({
      id: expect.any(String),
      segmentCount: 1,
      scheduledFor: expect.stringMatching(/Z$/u),
    });
    expect(sim.messages).toEqual([]);
    await killed.stop('SIGKILL');
    await serve();
    expect((await sim.nextMessage({ to: ada })).body).toBe('Tea');
    expect((await run('scheduled', 'cancel', queued?.id ?? '')).code).toBe(1);
    await expect
      .poll(async () => (await run('messages', 'show', queued?.id ?? '')).stdout, {
        timeout: 10_000,
      })
      .toContain('message 1: accepted');
    expect(sim.messages).toHaveLength(1);
  });

  it('is listed and called off beside the running server, without credentials', async () => {
    const { sim, run, folder, serve } = await openNumber();
    await serve();
    const picture = join(folder, 'cat.png');
    await writeFile(picture, Buffer.from('\u0089PNG\r\n\u001A\n', 'latin1'));
    const sent = await run('send', '--at', '2099-01-01T09:00+01:00', ada, 'too far');
    expect(sent).toMatchObject({ code: 2 });
    expect(sent.stderr).toContain('sendAt is more than 366 days ahead');
    const said = await run('send', ada, 'Tea', '--at', '+20h', '--media', picture);
    expect(said.stdout).toMatch(
      /^✓ scheduled for .* UTC\)? to \+1555•••0123: 1 segment\n {2}[\w-]+\n$/u,
    );
    await run('send', ada, 'Tea \u001B[31m', '--at', '+1h');

    const here = (...words: readonly string[]) =>
      telephonyHere([...words, '--data', folder]).then(({ code, stdout }) => ({ code, stdout }));
    const listed = await here('scheduled', 'list', '--json');
    const [first, second] = jsonLines(listed.stdout);
    expect([first, second]).toMatchObject([
      { to: ada, text: 'Tea ', mediaCount: 0 },
      { to: ada, text: 'Tea', mediaCount: 1, purpose: 'operator' },
    ]);
    expect((await here('scheduled', 'list')).stdout).toContain('Tea [1 file]');
    const ids = [first?.id ?? '', second?.id ?? ''];
    expect(await here('scheduled', 'cancel', ...ids)).toEqual({
      code: 0,
      stdout: '✓ 2 texts called off\n',
    });
    const twice = await run('scheduled', 'cancel', ids[0] ?? '', '--json');
    expect(twice.code).toBe(1);
    expect(JSON.parse(twice.stdout)).toEqual({ id: ids[0], cancelled: false });
    expect(twice.stderr).toContain('`telephony status <id>` tells what became of it');
    expect((await run('status', ids[0] ?? '')).stdout).toBe('cancelled\n');
    expect(await here('scheduled', 'list')).toEqual({ code: 0, stdout: 'Nothing is scheduled.\n' });
    expect(sim.messages).toEqual([]);
  });

  it('says that nobody is there to send it, and refuses what is no moment ahead', async () => {
    const { run, sim } = await openNumber();
    const { stdout, code } = await run('send', ada, 'Tea', '--at', '+1h');
    expect(stdout).toContain('no `telephony serve` answers on this data');
    expect(code).toBe(0);
    for (const moment of ['yesterday', '2026-01-01T09:00', '+0s']) {
      expect(await run('send', ada, 'Tea', '--at', moment)).toMatchObject({ code: 2, stdout: '' });
    }
    expect((await run('status', '--json')).code).toBe(0);
    expect(sim.messages).toEqual([]);
  });

  it('is marked when it should have left, where the schedule and the number are looked at', async () => {
    const { run } = await openNumber();
    await run('send', ada, 'Tea', '--at', '+1h');
    await run('send', ada, 'Cake', '--at', '+5h');
    expect((await run('scheduled', 'list')).stdout).not.toContain('overdue');
    expect((await run('status')).stdout).toContain('scheduled: 2 texts\n');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    const listed = await run('scheduled', 'list');
    expect(listed.stdout).toMatch(/overdue.*Tea/u);
    expect(listed.stdout).not.toMatch(/overdue.*Cake/u);
    const lines = jsonLines((await run('scheduled', 'list', '--json')).stdout);
    expect(lines).toMatchObject([{ overdue: true }, { overdue: false }]);
    expect((await run('status')).stdout).toContain(
      'scheduled: 2 texts, 1 overdue: see `telephony scheduled list`\n',
    );
    const status: unknown = JSON.parse((await run('status', '--json')).stdout);
    expect(status).toMatchObject({ scheduled: { count: 2, overdueCount: 1 } });
    expect((await run('doctor')).stdout).toContain(
      '✗ scheduled texts: 1 of 2 overdue: no `telephony serve` answers on this data',
    );
  });

  it('is confirmed on the clocks of this machine too', async () => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { run } = await openNumber();
    const day = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10);
    const { stdout } = await run('send', ada, 'Tea', '--at', `${day}T21:00`);
    expect(stdout).toContain(
      `scheduled for ${day} 21:00:00 Asia/Tokyo (${day} 12:00:00 UTC) to +1555•••0123`,
    );
  });
});
