/** Settings that hold a secret, each with its file `…File` beside it. */
export const secretPaths = [
  'twilio.authToken',
  'twilio.apiKeySecret',
  'telnyx.apiKey',
  'plivo.authToken',
  'mock.webhookSecret',
  'tunnel.ngrokAuthToken',
] as const;

/** Settings that may stand in a file of their own: every secret, and what a secret is handed out together with. */
export const filePaths = [...secretPaths, 'telnyx.publicKey', 'twilio.accountSid'] as const;
