import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Api } from './api.js';
import type { Who } from './who.js';

/** What the gateway says of the platform at /console/settings.json. */
export type Settings = Readonly<{ temporalUiUrl: string; jaegerUrl: string | null; views: readonly string[] }>;

/** What every page works with. */
export type Console = Readonly<{ api: Api; who: Who; settings: Settings }>;

export const ConsoleContext = createContext<Console | null>(null);

/** @throws Error outside of the pages of somebody who is signed in. */
export const useConsole = (): Console => {
  const found = useContext(ConsoleContext);
  if (!found) throw new Error('Nobody is signed in');
  return found;
};
