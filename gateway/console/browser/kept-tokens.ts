import type { KeptTokens, Tokens } from '../../client/session.js';

const name = 'evermart.tokens';

/** Tokens for as long as their tab is open. */
export const keptTokens: KeptTokens = {
  read: () => {
    const text = sessionStorage.getItem(name);
    return text === null ? null : (JSON.parse(text) as Tokens);
  },
  write: (tokens) => {
    if (tokens === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(tokens));
  },
};
