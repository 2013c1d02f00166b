import { hasRole, whoOf } from './who.js';

const base64url = (text: string) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const tokenOf = (payload: object) => `e30.${base64url(JSON.stringify(payload))}.c2ln`;

it('reads who is signed in, whatever letters base64url needs', () => {
  const roles = ['staff', '>>>???'];
  expect(whoOf(tokenOf({ sub: 'u1', roles, exp: 1 }))).toEqual({ userId: 'u1', roles });
});

it('knows whether somebody has one of several roles', () => {
  const auditor = { userId: 'u1', roles: ['customer', 'auditor'] };
  expect(hasRole(auditor, 'admin', 'auditor')).toBe(true);
  expect(hasRole(auditor, 'admin', 'staff')).toBe(false);
});
