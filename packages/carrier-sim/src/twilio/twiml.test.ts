import fc from 'fast-check';
import twilio from 'twilio';
import { describe, expect, it } from 'vitest';
import { readReply } from './twiml.ts';

const read = (body: string): ReturnType<typeof readReply> => readReply('text/xml', body);

describe('a reply in TwiML', () => {
  it('of nothing asks for nothing', () => {
    for (const body of [
      '',
      ' \n',
      '<Response/>',
      '<Response></Response>',
      '<?xml version="1.0"?>\n<Response />',
    ]) {
      expect(read(body)).toEqual({ messages: [] });
    }
    expect(readReply(undefined, '')).toEqual({ messages: [] });
    expect(readReply('application/json', '')).toEqual({ messages: [] });
  });

  it('names recipient, sender, status callback, text and media', () => {
    const body = `<!-- reply --><Response>
      <Message to="+15550100124" from='+15550100100' statusCallback="https://h.example.com/?a=1&amp;b=2">
        <Body>Hi</Body><Media>https://m.example.com/1.png</Media><Media> https://m.example.com/2.png </Media>
      </Message></Response>`;
    expect(read(body)).toEqual({
      messages: [
        {
          to: '+15550100124',
          from: '+15550100100',
          statusCallback: 'https://h.example.com/?a=1&b=2',
          body: 'Hi',
          mediaUrls: ['https://m.example.com/1.png', 'https://m.example.com/2.png'],
        },
      ],
    });
  });

  it('may hold references and verbatim text', () => {
    const { messages } = read(
      '<Response><Message>&lt;&#65;&#x1F600;&quot;&apos;&unknown;<![CDATA[<b>&amp;]]></Message></Response>',
    );
    expect(messages[0]?.body).toBe('<A😀"\'&unknown;<b>&amp;');
  });

  it.each([
    '<Response>',
    '<Response></Other>',
    '<Response/><Response/>',
    '<Response><Message>a & <</Message></Response>',
    '</Response>',
    'plain',
    '<Response a=1/>',
  ])('is refused with 12100 when it is not well-formed: %s', (body) => {
    expect(read(body)).toEqual({ messages: [], problem: 12_100 });
  });

  it('leads to 12200 for elements that it does not understand', () => {
    expect(read('<Reply/>')).toEqual({ messages: [], problem: 12_200 });
    const reply = read('<Response><Say>Hi</Say><Message>Hi</Message></Response>');
    expect(reply).toMatchObject({ messages: [{ body: 'Hi' }], problem: 12_200 });
  });

  it('is known by its content type', () => {
    const empty = { messages: [] };
    for (const type of ['text/xml', 'application/xml', 'TEXT/XML; charset=utf-8', 'text/html']) {
      expect(readReply(type, '<Response/>')).toEqual(empty);
    }
    expect(readReply('text/plain', 'Hi').messages).toMatchObject([{ body: 'Hi' }]);
    expect(readReply('application/json', '{}')).toEqual({ messages: [], problem: 12_300 });
    expect(readReply(undefined, '<Response/>')).toEqual({ messages: [], problem: 12_300 });
  });

  it('of the official builder is read as it was meant', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => value.trim() !== '');
    fc.assert(
      fc.property(text, (body) => {
        const response = new twilio.twiml.MessagingResponse();
        response.message('').body(body);
        expect(read(response.toString()).messages[0]?.body).toBe(body);
      }),
    );
  });

  it('is never more than it can read: any text ends in a verdict', () => {
    const tokens = [
      '<',
      '>',
      '/',
      '&',
      ';',
      'Response',
      'Message',
      ' ',
      '"',
      '=',
      '!--',
      '-->',
      '?',
      'x',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens)), (parts) => {
        expect(read(parts.join(''))).toHaveProperty('messages');
      }),
    );
  });
});
