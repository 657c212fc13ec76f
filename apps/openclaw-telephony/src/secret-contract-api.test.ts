import { describe, expect, it } from 'vitest';
import { collectRuntimeConfigAssignments } from './secret-contract-api.ts';

const reference = { source: 'env', provider: 'default', id: 'TOKEN' };
const twilio = { accountSid: 'AC1', authToken: reference };
const sales = { provider: 'twilio', fromNumber: '+15550100101' };

/** The places of the secrets that the gateway is asked to resolve. */
function resolved(telephony: object): readonly string[] {
  const config = { channels: { telephony: { fromNumber: '+15550100100', ...telephony } } };
  const context: Parameters<typeof collectRuntimeConfigAssignments>[0]['context'] = {
    sourceConfig: config,
    env: {},
    cache: {},
    warnings: [],
    warningKeys: new Set(),
    assignments: [],
  };
  collectRuntimeConfigAssignments({ config, context });
  return context.assignments.map(({ path }) => path.replace('channels.telephony.', ''));
}

describe('the secrets that the gateway resolves', () => {
  it('are those of the carrier that is used', () => {
    const other = { telnyx: { apiKey: reference }, tunnel: { ngrokAuthToken: reference } };
    const telephony = { enabled: true, provider: 'twilio', twilio, ...other };
    expect(resolved(telephony)).toEqual(['twilio.authToken']);
    expect(resolved({ ...telephony, enabled: false })).toEqual([]);
  });

  it('are also those that only a named account uses, which inherits them', () => {
    const telephony = { enabled: true, provider: 'mock', twilio };
    expect(resolved({ ...telephony, accounts: { sales } })).toEqual(['twilio.authToken']);
    expect(resolved({ ...telephony, accounts: { sales: { ...sales, twilio } } })).toEqual([
      'accounts.sales.twilio.authToken',
    ]);
    expect(resolved({ ...telephony, accounts: { sales: { ...sales, enabled: false } } })).toEqual(
      [],
    );
  });

  it('are those of a tunnel that is opened with them', () => {
    const tunnel = { provider: 'ngrok', ngrokAuthToken: reference };
    expect(resolved({ enabled: true, provider: 'mock', tunnel })).toEqual([
      'tunnel.ngrokAuthToken',
    ]);
  });
});
