import { describe, expect, it } from 'vitest';
import { parseAccounts } from './accounts.ts';
import { carrierFolder } from './carrier-folder.ts';

const folderOf = (serve: object, accounts: object = {}): string =>
  carrierFolder(parseAccounts({ provider: 'twilio', fromNumber: '+15550100100', serve, accounts }));
const sales = { fromNumber: '+15550100101' };

describe('the folder that carriers call', () => {
  it.each([
    [{}, '/telephony'],
    [{ path: '/a/b/hook', statusPath: '/a/b/status', mediaPath: '/a/c/media' }, '/a'],
    [{ path: '/a/b/hook', statusPath: '/a/b/status', mediaPath: '/a/b/media' }, '/a/b'],
    [{ path: '/sms' }, '/'],
    [{ path: '/telephone/x' }, '/'],
  ])('is for %j %s, and nothing above', (serve, folder) => {
    expect(folderOf(serve)).toBe(folder);
  });
  it('holds what is called of every account', () => {
    expect(folderOf({}, { sales })).toBe('/telephony');
    expect(folderOf({}, { sales: { ...sales, serve: { path: '/sales' } } })).toBe('/');
  });
});
