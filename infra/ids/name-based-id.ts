import { hash } from 'node:crypto';

/**
 * The UUID that a name has in a namespace, itself a UUID: version 5 (RFC 9562, 5.5).
 *
 * @throws TypeError for a namespace that is none.
 */
export const nameBasedId = (name: string, namespace: string): string => {
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  if (space.length !== 16) throw new TypeError(`${namespace} is not a UUID`);
  // In one call: an object for every hash would cost more than the hash.
  const hex = hash('sha1', Buffer.concat([space, Buffer.from(name)]), 'hex');
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const fourth = `${variant}${hex.slice(17, 20)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${fourth}-${hex.slice(20, 32)}`;
};
