import canonicalize from 'canonicalize';
import { leafDigest, leafText, type LeafEvent } from './leaf.js';

const event: LeafEvent = {
  ...{ id: '3c0ad1c2-5a53-5a55-8e0f-5a2b7b1c9f11', streamId: 'order-1 "ö"', revision: 3, type: 'Größe' },
  position: { commit: 12345678901234567890n, prepare: 7n },
  created: new Date('2026-01-31T09:30:00.123Z'),
  data: { z: 1, a: [{ y: 'ß', b: null }] },
  metadata: { at: '2026-01-31T09:30:00.000Z', $correlationId: 'c' },
};
const { id, streamId: stream, revision, type, data, metadata } = event;
const members = {
  position: '12345678901234567890',
  stream,
  revision,
  id,
  type,
  created: 1769851800123,
  data,
  metadata,
};

describe('a leaf', () => {
  it('is the canonical JSON of all that the client tells of an event', () => {
    expect(leafText(event)).toBe(canonicalize({ ...members, contentType: 'application/json' }));
  });

  it('has bytes in base64', () => {
    const bytes = new Uint8Array(Buffer.from('xHallox')).subarray(1, 6);
    const given = { ...event, data: bytes as unknown as LeafEvent['data'], metadata: bytes };
    const expected = { ...members, contentType: 'application/octet-stream', data: 'SGFsbG8=', metadata: 'SGFsbG8=' };
    expect(leafText(given)).toBe(canonicalize(expected));
  });

  it('is never to change: what was signed could not be proved any more', () => {
    expect(leafDigest(event).toString('hex')).toBe('95f85d647fac3faeed38bad8ce4dfec6fe669d9eb4a61e11f3918534a2ba1c28');
  });
});
