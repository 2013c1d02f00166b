/** Whoever is signed in, as the access token says (RFC 7519); the platform checks it, the console only reads it. */
export type Who = Readonly<{ userId: string; roles: readonly string[] }>;

export const whoOf = (accessToken: string): Who => {
  const payload = (accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const { sub, roles } = JSON.parse(atob(payload)) as Readonly<{ sub: string; roles: readonly string[] }>;
  return { userId: sub, roles };
};

export const hasRole = ({ roles }: Who, ...any: readonly string[]): boolean => any.some((role) => roles.includes(role));
