import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core';
import { packageFolder } from '../../../infra/engines/installation.js';
import { browserPath } from '../../openapi/testing/browser.js';

type SignIn = Readonly<{ email: string; password: string }>;

/** The console of a running platform in a real browser. */
export type ConsoleBrowser = Readonly<{
  /** A tab of its own in which nobody is signed in yet. */
  open: (options?: BrowserContextOptions) => Promise<ConsoleTab>;
  close: () => Promise<void>;
}>;

/** A tab, with what a test does in it. */
export type ConsoleTab = Readonly<{
  page: Page;
  goto: (path: string) => Promise<void>;
  /** Fills the form that stands in for every page while nobody is signed in. */
  signIn: (who: SignIn) => Promise<void>;
  /** Keeps a picture of the whole page in `.artefacts/console`. */
  picture: (name: string) => Promise<void>;
  /** What the browser complained of, and whatever was asked of anybody but the gateway. */
  complaints: readonly string[];
  close: () => Promise<void>;
}>;

/** A browser that asks nothing of its makers. @param url of the gateway. */
export const startConsoleBrowser = async (url: string): Promise<ConsoleBrowser> => {
  const browser = await chromium.launch({ executablePath: await browserPath(), args: quiet });
  await mkdir(artefacts, { recursive: true });
  return {
    open: async (options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      const complaints = complaintsOf(page, url);
      return {
        page,
        goto: async (path) => {
          await page.goto(`${url}/console${path}`);
        },
        signIn: async ({ email, password }) => {
          await page.getByLabel('Email').fill(email);
          await page.getByLabel('Password').fill(password);
          await page.getByRole('button', { name: 'Sign in' }).click();
        },
        picture: async (name) => {
          await page.screenshot({ path: join(artefacts, `${name}.png`), fullPage: true });
        },
        complaints,
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
};

const artefacts = join(packageFolder, '.artefacts/console');

const complaintsOf = (page: Page, url: string): readonly string[] => {
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== url) complaints.push(`asks ${request.url()}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
};

const quiet = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];
