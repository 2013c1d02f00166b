import { IsOptional } from 'class-validator';
import { roleNames, type Role } from '../../domains/users/commands.js';
import { Email, Example, ListOfNames, Text } from '../http/fields.js';

@Example({ email: 'ada@example.com', name: 'Ada Lovelace', password: 'correct horse battery' })
export class RegistrationDto {
  @Email()
  email!: string;

  @Text(200)
  name!: string;

  @Text(200, 8)
  password!: string;

  @IsOptional()
  @Text(40)
  phone?: string;
}

/** What is left out stays as it is. */
@Example({ phone: '+44 20 7946 0000' })
export class ProfileChangeDto {
  @IsOptional()
  @Text(200)
  name?: string;

  @IsOptional()
  @Email()
  email?: string;

  @IsOptional()
  @Text(40)
  phone?: string;
}

@Example({ roles: ['customer', 'staff'] })
export class RolesChangeDto {
  @ListOfNames(roleNames)
  roles!: Role[];
}

@Example({ email: 'ada@example.com', password: 'correct horse battery' })
export class SignInDto {
  @Text(254)
  email!: string;

  @Text(200)
  password!: string;
}

@Example({ refreshToken: 'aGVsbG8gZnJvbSBhIHJlZnJlc2ggdG9rZW4' })
export class RefreshTokenDto {
  @Text(200)
  refreshToken!: string;
}
