import { openTunnel, TunnelError } from './index.ts';

/** Says when the native module of ngrok is loaded. Its server is a port of this machine that nobody listens on. */
const PATH = process.argv[2] ?? '';

function isLoaded(): boolean {
  const report: { sharedObjects?: unknown } = process.report.getReport();
  const files: unknown = report.sharedObjects;
  return Array.isArray(files) && files.some((file) => String(file).endsWith('.node'));
}

const afterImport = isLoaded();
const tunnel = await openTunnel({ provider: 'cloudflared', port: 3335, environment: { PATH } });
await tunnel.close();
const afterCloudflared = isLoaded();
const refused: unknown = await openTunnel({
  provider: 'ngrok',
  port: 3335,
  ngrok: { authToken: 'not-a-token', serverAddress: '127.0.0.1:1' },
}).catch((error: unknown) => error);
console.log(
  JSON.stringify({
    afterImport,
    afterCloudflared,
    ngrokAnswers: TunnelError.isInstance(refused) ? refused.code : 'something else',
    afterNgrok: isLoaded(),
  }),
);
