/** A UUID (RFC 9562, 4) as the platform writes it. */
export const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A UUID as whoever sends one may write it: RFC 9562 has readers take capitals as well. */
export const uuidInAnyCase = new RegExp(uuidPattern.source.replaceAll('a-f', 'a-fA-F'));
