import { parseRegisterUser } from '../../domains/users/commands.js';
import { createValidators } from '../http/validation.js';
import { RegistrationDto } from './dto.js';

const registrationWith = (name: string) => ({ email: 'ada@example.com', name, password: 'correct horse' });

describe('a name of characters outside the basic plane', () => {
  const validate = createValidators().body(RegistrationDto);
  const name = '😀'.repeat(200);

  it('is as long for the command as for the request', () => {
    expect(validate(registrationWith(name))).toEqual(registrationWith(name));
    const command = { userId: 'u1', email: 'ada@example.com', emailHash: 'a', name, phone: null, roles: [] };
    expect(parseRegisterUser(command)).toEqual(command);
  });
  it('is too long by one more', () => {
    expect(() => validate(registrationWith(`${name}😀`))).toThrow('Some fields are wrong');
  });
});
