import { IsOptional } from 'class-validator';
import { Email, ListOfNames, Text } from '../http/fields.js';
import type { Role } from '../http/route.js';

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

const roles = ['customer', 'staff', 'auditor', 'admin'] satisfies Role[];

export class RolesDto {
  @ListOfNames(roles)
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
