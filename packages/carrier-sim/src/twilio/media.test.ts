import { describe, expect, it } from 'vitest';
import { accountSid, authToken, callApi, ours, startScene, theirs } from './scene.testing.ts';

const picture = { contentType: 'image/png', bytes: new Uint8Array([137, 80, 78, 71]) };
const Authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;

async function receivePicture(options = {}) {
  const { sim, application } = await startScene(options);
  const delivery = await sim.text({ from: theirs, to: ours, media: [picture] });
  const [form] = application.forms();
  return { sim, sid: delivery.sid, form, url: form?.get('MediaUrl0') ?? '' };
}

describe('a picture that somebody sends', () => {
  it('is announced without text, which is normal', async () => {
    const { sid, form } = await receivePicture();
    expect(sid).toMatch(/^MM/u);
    expect(form?.get('Body')).toBe('');
    expect(form?.get('NumMedia')).toBe('1');
    expect(form?.get('MediaContentType0')).toBe('image/png');
  });

  it('is downloaded with credentials, from a second origin that must not get them', async () => {
    const { sim, url } = await receivePicture();
    const first = await fetch(url, { redirect: 'manual', headers: { Authorization } });
    expect(first.status).toBe(307);
    const location = first.headers.get('location') ?? '';
    expect(new URL(location).origin).toBe(sim.cdnUrl);
    expect(new URL(location).origin).not.toBe(sim.url);
    const second = await fetch(location);
    expect(second.headers.get('content-type')).toBe('image/png');
    expect(new Uint8Array(await second.arrayBuffer())).toEqual(picture.bytes);
    expect(sim.cdnRequests).toHaveLength(1);
    expect(sim.cdnRequests[0]?.headers['authorization']).toBeUndefined();
  });

  it('shows who passed credentials on', async () => {
    const { sim, url } = await receivePicture();
    const { headers } = await fetch(url, { redirect: 'manual', headers: { Authorization } });
    await fetch(headers.get('location') ?? '', { headers: { Authorization } });
    expect(sim.cdnRequests[0]?.headers['authorization']).toBe(Authorization);
  });

  it('is refused without credentials, unless the account is open', async () => {
    const { url } = await receivePicture();
    expect((await fetch(url)).status).toBe(401);
    const open = await receivePicture({ protectMedia: false });
    expect((await fetch(open.url)).status).toBe(200);
  });

  it('is described and listed by the API, and can be deleted', async () => {
    const { sim, sid, url } = await receivePicture();
    const mediaSid = url.split('/').at(-1);
    const path = `/Messages/${sid}/Media/${mediaSid}.json`;
    expect((await callApi(sim, 'GET', path)).body).toMatchObject({
      sid: mediaSid,
      parent_sid: sid,
      content_type: 'image/png',
    });
    const list = await callApi(sim, 'GET', `/Messages/${sid}/Media.json`);
    expect(list.body['media_list']).toMatchObject([{ sid: mediaSid }]);
    expect((await callApi(sim, 'DELETE', path)).status).toBe(204);
    expect((await callApi(sim, 'DELETE', path)).status).toBe(404);
    expect((await callApi(sim, 'GET', path)).status).toBe(404);
    expect((await fetch(`${sim.cdnUrl}/${sid}/${mediaSid}`)).status).toBe(404);
  });

  it('can fail on its second origin', async () => {
    const { sim, url } = await receivePicture({ protectMedia: false });
    sim.faults.add({ on: 'media', kind: 'status-500' });
    expect((await fetch(url)).status).toBe(500);
    expect((await fetch(url)).status).toBe(200);
  });
});
