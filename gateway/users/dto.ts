import { IsOptional } from 'class-validator';
import { Email, Text } from '../http/fields.js';

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
