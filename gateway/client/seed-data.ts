import { createHash } from 'node:crypto';
import type { NewCustomer, NewProduct } from './api-client.js';

/** A product, and the pieces of it that come in. */
export type SeedProduct = Readonly<{ product: NewProduct; pieces: number }>;

/**
 * The product of that number: always the same one under the same name of a seed, and its SKU is in no other.
 *
 * @param name of the seed: small letters, digits and hyphens.
 */
export const seedProduct = (name: string, number: number): SeedProduct => {
  const pick = pickerOf(`${name}/product/${number}`);
  const { thing, price } = pick(things);
  const colour = pick(colours);
  const material = pick(materials);
  return {
    product: {
      sku: `${name}-${thing}-${padded(number)}`.toUpperCase(),
      name: `${colour} ${material} ${thing}`,
      description: `A ${thing} of ${material}, ${pick(qualities)}. It comes in ${colour.toLowerCase()}.`,
      // Prices in a shop end in 9.
      price: { amount: price + 100 * pick(range(0, 20)) - 1, currency: 'EUR' },
    },
    pieces: pick(range(1, 200)),
  };
};

/** The customer of that number, as `seedProduct`. The addresses are of a domain that receives no mail (RFC 2606). */
export const seedCustomer = (name: string, number: number): NewCustomer => {
  const pick = pickerOf(`${name}/customer/${number}`);
  const given = pick(givenNames);
  const family = pick(familyNames);
  const email = `${given}.${family}.${number}@${name}.example.org`.toLowerCase();
  return { email, name: `${given} ${family}`, password: `password of ${email}` };
};

const things = [
  { thing: 'mug', price: 900 },
  { thing: 'lamp', price: 4_900 },
  { thing: 'bowl', price: 1_400 },
  { thing: 'tray', price: 1_900 },
  { thing: 'vase', price: 2_400 },
  { thing: 'clock', price: 3_900 },
  { thing: 'stool', price: 6_900 },
  { thing: 'basket', price: 2_900 },
  { thing: 'candle', price: 700 },
  { thing: 'frame', price: 1_700 },
  { thing: 'shelf', price: 8_900 },
  { thing: 'jug', price: 2_100 },
] as const;
const colours = ['Blue', 'Green', 'Grey', 'White', 'Black', 'Red', 'Yellow', 'Amber', 'Sand', 'Olive'] as const;
const materials = ['oak', 'ash', 'stoneware', 'porcelain', 'glass', 'brass', 'steel', 'cork', 'bamboo'] as const;
const qualities = ['made by hand', 'made to last', 'light and strong', 'easy to clean', 'made in small runs'] as const;
const givenNames = [
  ...['Ada', 'Amir', 'Anna', 'Bela', 'Carla', 'Chen', 'Dora', 'Elif', 'Emil', 'Fatou', 'Femi', 'Greta', 'Hugo'],
  ...['Ines', 'Ivan', 'Jonas', 'Karim', 'Lena', 'Linh', 'Marta', 'Mei', 'Nadia', 'Olga', 'Pedro', 'Priya', 'Ravi'],
  ...['Rosa', 'Sofia', 'Tariq', 'Tomas', 'Vera', 'Yara', 'Yusuf', 'Zoe'],
] as const;
const familyNames = [
  ...['Adeyemi', 'Almeida', 'Bauer', 'Bianchi', 'Castro', 'Diallo', 'Dubois', 'Eriksen', 'Farkas', 'Garcia', 'Haas'],
  ...['Ibrahim', 'Ivanova', 'Jansen', 'Kaya', 'Kowalski', 'Kumar', 'Larsen', 'Lopez', 'Mehta', 'Moreau', 'Nguyen'],
  ...['Novak', 'Okafor', 'Petrov', 'Rossi', 'Santos', 'Sato', 'Schmidt', 'Silva', 'Tanaka', 'Wang', 'Weber', 'Yilmaz'],
] as const;

/** Picks one after the other out of lists; what it picks follows from the text alone. */
const pickerOf = (text: string) => {
  const digest = createHash('sha256').update(text).digest();
  let offset = 0;
  return <Item>(items: readonly Item[]): Item => {
    const item = items[digest.readUInt16BE(offset) % items.length] as Item;
    offset += 2;
    return item;
  };
};

const range = (least: number, most: number): readonly number[] =>
  Array.from({ length: most - least + 1 }, (_, index) => least + index);

const padded = (number: number) => String(number).padStart(5, '0');
