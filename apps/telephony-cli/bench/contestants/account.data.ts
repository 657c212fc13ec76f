/** The account that all contestants serve. It opens nothing. */
export const accountSid = `AC${'0'.repeat(31)}1`;
export const authToken = '0123456789abcdef0123456789abcdef';
export const ourNumber = '+15550100100';
export const publicOrigin = 'https://hooks.example.com';
export const webhookPath = '/telephony/webhook';
/** What contestants answer a text with. */
export const emptyReply = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';
