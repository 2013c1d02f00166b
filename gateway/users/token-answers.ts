import { Example, Integer, ListOf, OneOf, Text } from '../http/fields.js';

/** `expiresIn` is in seconds, and of the access token. */
@Example({
  accessToken: 'eyJhbGciOiJFZERTQSIsImtpZCI6IjEifQ.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  refreshToken: 'aGVsbG8gZnJvbSBhIHJlZnJlc2ggdG9rZW4',
  tokenType: 'Bearer',
  expiresIn: 900,
})
export class TokensAnswer {
  @Text(10_000)
  accessToken!: string;

  @Text(200)
  refreshToken!: string;

  @OneOf(['Bearer'])
  tokenType!: string;

  @Integer(1, 86_400)
  expiresIn!: number;
}

/** A public key that our access tokens can be checked with (RFC 8037). */
@Example({
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  kid: 'k1',
  alg: 'EdDSA',
  use: 'sig',
})
export class PublicKeyAnswer {
  @OneOf(['OKP'])
  kty!: string;

  @OneOf(['Ed25519'])
  crv!: string;

  @Text(100)
  x!: string;

  @Text(100)
  kid!: string;

  @OneOf(['EdDSA'])
  alg!: string;

  @OneOf(['sig'])
  use!: string;
}

/** RFC 7517, 5. */
export class PublicKeysAnswer {
  @ListOf(PublicKeyAnswer, 100)
  keys!: readonly PublicKeyAnswer[];
}
