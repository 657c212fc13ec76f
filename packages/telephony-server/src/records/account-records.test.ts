import { createMemoryStore } from '@openclaw/telephony-store';
import { expect, it } from 'vitest';
import { accountRecords } from './account-records.ts';

it('keeps the records of accounts apart, under their own keys', async () => {
  const { keyValue } = createMemoryStore();
  const one = accountRecords(keyValue, 'one');
  const two = accountRecords(keyValue, 'two');
  await one.set('a', '1');
  await one.set('b', '2');
  await two.set('a', '3');
  expect(await one.get('a')).toMatchObject({ key: 'a', value: '1' });
  expect(await two.get('b')).toBeUndefined();
  const listed: string[] = [];
  for await (const { key, value } of one.list('', { after: 'a' })) listed.push(`${key}=${value}`);
  expect(listed).toEqual(['b=2']);
  expect(await two.delete('b')).toBe(false);
  expect(await one.delete('b')).toBe(true);
});
