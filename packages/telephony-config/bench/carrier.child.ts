import { createServer } from 'node:http';

/** What the three carriers answer to a message that they take. Synthetic. */
const answers: readonly (readonly [part: string, status: number, body: string])[] = [
  [
    '/Messages.json',
    201,
    JSON.stringify({
      account_sid: `AC${'0'.repeat(32)}`,
      api_version: '2010-04-01',
      body: 'Your table is ready.',
      date_created: 'Fri, 20 Nov 2026 12:00:00 +0000',
      date_sent: null,
      date_updated: 'Fri, 20 Nov 2026 12:00:00 +0000',
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      from: '+15550100100',
      messaging_service_sid: null,
      num_media: '0',
      num_segments: '1',
      price: null,
      price_unit: 'USD',
      sid: `SM${'0'.repeat(32)}`,
      status: 'queued',
      subresource_uris: {
        media: `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages/SM/Media.json`,
      },
      to: '+15550100123',
      uri: `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages/SM${'0'.repeat(32)}.json`,
    }),
  ],
  [
    '/v2/messages',
    200,
    JSON.stringify({
      data: {
        record_type: 'message',
        direction: 'outbound',
        id: '40385f64-5717-4562-b3fc-2c963f66afa6',
        type: 'SMS',
        organization_id: 'b448f9cc-a842-4784-98e9-03c1a5872950',
        messaging_profile_id: '4000eba1-a0c0-4563-9925-b25e842a7cb6',
        from: { phone_number: '+15550100100', carrier: 'Telnyx', line_type: 'Wireless' },
        to: [
          { phone_number: '+15550100123', status: 'queued', carrier: 'TMO', line_type: 'Wireless' },
        ],
        text: 'Your table is ready.',
        media: [],
        webhook_url: null,
        encoding: 'GSM-7',
        parts: 1,
        tags: [],
        cost: { amount: '0.0051', currency: 'USD' },
        received_at: '2026-11-20T12:00:00.000+00:00',
        sent_at: null,
        completed_at: null,
        valid_until: '2026-11-20T13:00:00.000+00:00',
        errors: [],
      },
    }),
  ],
  [
    '/Message/',
    202,
    JSON.stringify({
      api_id: 'db342550-7e9d-11e1-8ea7-1231380bc196',
      message: 'message(s) queued',
      message_uuid: ['db3ce55a-7f1d-11e1-8ea7-1231380bc196'],
    }),
  ],
];

const server = createServer((request, response) => {
  const { url = '' } = request;
  const [, status = 404, body = '{}'] = answers.find(([part]) => url.includes(part)) ?? [];
  request.resume().on('end', () => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
});
process.on('disconnect', () => process.exit(0));
