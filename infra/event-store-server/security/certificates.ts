import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { CannotListen } from '../cannot-listen.js';

/** In PEM. */
export type KeyPair = Readonly<{ certificate: string; key: string }>;

/** Where a key pair lies. */
export type KeyPairFiles = Readonly<{ certificate: string; key: string }>;

const day = 24 * 60 * 60 * 1_000;
const validity = 5 * 365 * day;
/** One that would end sooner is made again: the server may run for a while. */
const leastValidity = 30 * day;

/**
 * Reads a certificate that was given.
 *
 * @throws CannotListen when a file is missing, is no PEM, does not belong to the other, or is not valid now.
 */
export const readKeyPair = async (files: KeyPairFiles): Promise<KeyPair> => {
  const pair = { certificate: await read(files.certificate), key: await read(files.key) };
  const certificate = parsed(files.certificate, () => new X509Certificate(pair.certificate));
  const key = parsed(files.key, () => createPrivateKey(pair.key));
  if (!certificate.checkPrivateKey(key))
    throw new CannotListen(`The key in ${files.key} does not belong to the certificate in ${files.certificate}`);
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (Date.now() < from.getTime() || Date.now() > to.getTime())
    throw new CannotListen(
      `The certificate in ${files.certificate} is valid from ${from.toISOString()} to ${to.toISOString()} only`,
    );
  return pair;
};

/** Where the certificate is kept that is made for a database file. */
export const madeFilesOf = (database: string): KeyPairFiles => ({
  certificate: `${database}.certificate.pem`,
  key: `${database}.key.pem`,
});

/**
 * The self-signed certificate beside the database, for this machine and the host. It is made where there is none that
 * can be used: it has ended, or is for another host, or its files are damaged.
 *
 * @throws CannotListen when the files cannot be written.
 */
export const madeKeyPair = async (database: string, host: string): Promise<KeyPair> => {
  const files = madeFilesOf(database);
  const kept = await readKeyPair(files).catch(() => undefined);
  if (kept && covers(kept, host)) return kept;
  const pair = await makeKeyPair(host);
  try {
    await replace(files.key, pair.key, 0o600);
    await replace(files.certificate, pair.certificate, 0o644);
  } catch (error) {
    throw new CannotListen(`The certificate cannot be kept beside the database: ${(error as Error).message}`);
  }
  return pair;
};

const localNames = ['localhost', '127.0.0.1', '::1'];

const covers = (pair: KeyPair, host: string) => {
  const certificate = new X509Certificate(pair.certificate);
  if (new Date(certificate.validTo).getTime() - Date.now() < leastValidity) return false;
  return [...localNames, ...namesOf(host)].every((name) =>
    isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name),
  );
};

const makeKeyPair = async (host: string): Promise<KeyPair> => {
  const { generate } = await import('selfsigned');
  const names = [...new Set([...localNames, ...namesOf(host), hostname()])];
  const made = await generate([{ name: 'commonName', value: 'Evermart event store' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - day),
    notAfterDate: new Date(Date.now() + validity),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { certificate: made.cert, key: made.private };
};

/** Nobody connects to the address that stands for all. */
const namesOf = (host: string) => (host === '0.0.0.0' || host === '::' ? [] : [host]);

const replace = async (file: string, text: string, mode: number) => {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, text, { mode, flag: 'w' });
  await rename(temporary, file);
};

const read = async (file: string) => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CannotListen(`${file} cannot be read: ${(error as Error).message}`);
  }
};

const parsed = <Value>(file: string, parse: () => Value): Value => {
  try {
    return parse();
  } catch (error) {
    throw new CannotListen(`${file} holds no certificate or key in PEM: ${(error as Error).message}`);
  }
};
