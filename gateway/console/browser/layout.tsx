import type { ComponentChildren } from 'preact';
import { menuFor } from './menu.js';
import { Link, useAddress } from './navigation.js';
import { pathOf } from './pages.js';
import type { Who } from './who.js';

type LayoutProps = Readonly<{ who: Who | null; signOut: () => Promise<void>; children: ComponentChildren }>;

/** What stands around every page. */
export const Layout = ({ who, signOut, children }: LayoutProps) => {
  const { pathname } = useAddress();
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header>
        <Link to="/console" class="brand">
          Evermart <span>console</span>
        </Link>
        {who && (
          <>
            <nav aria-label="Parts of the console">
              {menuFor(who).map(({ pattern, name }) => (
                <Link key={pattern} to={pathOf(pattern)} isCurrent={isWithin(pathname, pattern)}>
                  {name}
                </Link>
              ))}
            </nav>
            <div class="account">
              <span title={who.userId}>{who.roles.join(', ')}</span>
              <button type="button" onClick={() => void signOut()}>
                Sign out
              </button>
            </div>
          </>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer>
        Times are UTC. What the console shows comes from <a href="/docs">the API</a>.
      </footer>
    </>
  );
};

const isWithin = (path: string, pattern: string) => path === pattern || path.startsWith(`${pattern}/`);
