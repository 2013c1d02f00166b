import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { createSession } from '../../client/session.js';
import { createApi } from './api.js';
import { ConsoleContext, type Console, type Settings } from './console.js';
import { keptTokens } from './kept-tokens.js';
import { Layout } from './layout.js';
import { useAddress } from './navigation.js';
import { PageOf } from './page-of.js';
import { SignIn, type WhyNot } from './sign-in.js';
import { whoOf, type Who } from './who.js';

/** Whoever is signed in, or why nobody is. */
type SignedIn = Who | WhyNot;

/** The whole console. */
export const App = ({ settings }: Readonly<{ settings: Settings }>) => {
  const session = useMemo(() => createSession(location.origin, keptTokens), []);
  const whoIsIn = (): SignedIn => {
    const token = session.accessToken();
    return token === undefined ? 'nobody' : whoOf(token);
  };
  const [signedIn, setSignedIn] = useState(whoIsIn);
  const who = typeof signedIn === 'string' ? null : signedIn;
  const api = useMemo(() => createApi(session, () => setSignedIn('over')), []);
  const parts = useMemo<Console | null>(() => who && { api, who, settings }, [api, who, settings]);
  useFocusOnPage(useAddress().pathname);

  const signOut = async () => {
    try {
      await session.signOut();
      setSignedIn('nobody');
    } catch {
      setSignedIn('untold');
    }
  };
  const signIn = async (credentials: Parameters<typeof session.signIn>[0]) => {
    await session.signIn(credentials);
    setSignedIn(whoIsIn());
  };
  return (
    <ConsoleContext.Provider value={parts}>
      <Layout who={who} signOut={signOut}>
        {parts ? (
          <PageOf who={parts.who} />
        ) : (
          <SignIn signIn={signIn} why={typeof signedIn === 'string' ? signedIn : 'nobody'} />
        )}
      </Layout>
    </ConsoleContext.Provider>
  );
};

/** Whoever comes to another page hears its heading first. */
const useFocusOnPage = (path: string) => {
  const first = useRef(path);
  useEffect(() => {
    if (first.current === path) return;
    first.current = '';
    scrollTo(0, 0);
    document.getElementById('heading')?.focus({ preventScroll: true });
  }, [path]);
};
