import { fields, text, type Parser } from './parse.js';

/** Where something goes: as people write it. It is stored in events: its fields are part of their shapes. */
export type Address = Readonly<{
  name: string;
  street: string;
  city: string;
  postalCode: string;
  country: string;
}>;

export const address: Parser<Address> = fields({
  name: text(200),
  street: text(200),
  city: text(200),
  postalCode: text(20),
  country: text(2, 2),
});
