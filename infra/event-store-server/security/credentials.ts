/** A name or a password that nobody can have: the message says why. */
export class UnusableCredentials extends Error {
  override readonly name = 'UnusableCredentials';
}

/** @throws UnusableCredentials when basic authentication could not carry the name (RFC 7617, section 2). */
export const refuseUnusableName = (name: string): void => {
  if (!/^[^\p{C}\s:]{1,64}$/u.test(name))
    throw new UnusableCredentials(
      `"${name}" cannot be the name of a user: a name has 1 to 64 characters, without spaces and colons`,
    );
};
