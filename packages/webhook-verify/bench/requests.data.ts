/** An inbound text with the 22 fields Twilio sends. Synthetic. */
export const inboundMessage =
  'ToCountry=US&ToState=CA&SmsMessageSid=SM00000000000000000000000000000001&NumMedia=0&ToCity=SAN+FRANCISCO&FromZip=94105&SmsSid=SM00000000000000000000000000000001&FromState=CA&SmsStatus=received&FromCity=SAN+FRANCISCO&Body=hello&FromCountry=US&To=%2B15005550006&ToZip=94107&NumSegments=1&MessageSid=SM00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000000&From=%2B15005550001&ApiVersion=2010-04-01&MessagingServiceSid=MG00000000000000000000000000000000&AddOns=&OptOutType=';

/** A form of 64 KB whose fields are not in order. */
export const largeForm =
  `Body=${'a+text+with+%C3%BC+and+%2B.'.repeat(100)}&${Array.from({ length: 700 }, (_, index) => `Field${String((index * 389) % 700)}=${'0123456789abcdef'.repeat(5)}`).join('&')}`.slice(
    0,
    65_536,
  );

/** An inbound text with the 10 fields Plivo sends. Synthetic. */
export const plivoMessage =
  'From=14155550001&To=14155550002&Text=hello&Type=sms&MessageUUID=11111111-2222-3333-4444-555555555555&Units=1&TotalRate=0.0000&TotalAmount=0.0000&MessageIntent=&PowerpackUUID=';

/** An inbound text as Telnyx sends it. Synthetic. */
export const telnyxMessage =
  '{"data":{"event_type":"message.received","id":"b301ed3f-1490-491f-995f-6e64e69674d4","occurred_at":"2026-11-20T09:00:00.000+00:00","payload":{"cc":[],"completed_at":null,"cost":null,"direction":"inbound","encoding":"GSM-7","errors":[],"from":{"carrier":"T-Mobile USA","line_type":"Wireless","phone_number":"+13125550001"},"id":"84cca175-9755-4859-b67f-4730d7f58aa3","media":[],"messaging_profile_id":"740572b6-099c-44a1-89b9-6c92163bc68d","organization_id":"47a530f8-4362-4526-829b-bcee17fd9f7a","parts":1,"received_at":"2026-11-20T09:00:00.000+00:00","record_type":"message","sent_at":null,"subject":"","tags":[],"text":"Hello from Telnyx!","to":[{"carrier":"Telnyx","line_type":"Wireless","phone_number":"+17735550002","status":"webhook_delivered"}],"type":"SMS","valid_until":null,"webhook_failover_url":null,"webhook_url":"https://hooks.example.com/telnyx"},"record_type":"event"},"meta":{"attempt":1,"delivered_to":"https://hooks.example.com/telnyx"}}';
