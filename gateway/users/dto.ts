import { IsOptional } from 'class-validator';
import { roleNames, type Role } from '../../domains/users/commands.js';
import { Email, ListOfNames, Text } from '../http/fields.js';

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
export class ProfileDto {
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

export class RolesDto {
  @ListOfNames(roleNames)
  roles!: Role[];
}

export class SignInDto {
  @Text(254)
  email!: string;

  @Text(200)
  password!: string;
}

export class RefreshTokenDto {
  @Text(200)
  refreshToken!: string;
}
