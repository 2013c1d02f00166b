import { createClientAddress, networkOf } from './client-address.js';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
])('a client at %s is known by %s', (address, network) => expect(networkOf(address)).toBe(network));

describe('a client behind proxies', () => {
  const addressOf = createClientAddress(['10.0.0.0/8', '2001:db8::1']);
  const from = (remoteAddress: string, header?: string) =>
    addressOf({
      socket: { remoteAddress },
      headers: header === undefined ? {} : { 'x-forwarded-for': header },
    });

  it.each<[string, string, string | undefined, string]>([
    ['comes through one', '10.1.2.3', '192.0.2.7', '192.0.2.7'],
    ['comes through several', '::ffff:10.1.2.3', '192.0.2.7, 2001:db8::1, 10.9.9.9', '192.0.2.7'],
    ['claims to be another', '10.1.2.3', '198.51.100.1,192.0.2.7', '192.0.2.7'],
    ['has an address of IPv6', '2001:db8::1', '2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
    ['is one of them', '10.1.2.3', '10.4.5.6', '10.4.5.6'],
    ['is not told of', '10.1.2.3', undefined, '10.1.2.3'],
    ['is told of in other words', '10.1.2.3', '192.0.2.7, unknown', '10.1.2.3'],
    ['comes by itself, and says otherwise', '192.0.2.9', '10.1.2.3', '192.0.2.9'],
  ])('that %s', (_how, remote, header, address) => expect(from(remote, header)).toBe(address));

  it('is known by its connection where no proxy is named', () =>
    expect(
      createClientAddress()({
        socket: { remoteAddress: '10.1.2.3' },
        headers: { 'x-forwarded-for': '192.0.2.7' },
      }),
    ).toBe('10.1.2.3'));
});
