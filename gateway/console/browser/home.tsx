import { Link } from './navigation.js';
import { menuFor } from './menu.js';
import { pathOf } from './pages.js';
import { Page } from './parts/page.js';
import type { Who } from './who.js';

/** Where everybody begins. */
export const Home = ({ who }: Readonly<{ who: Who }>) => {
  const menu = menuFor(who);
  if (menu.length === 0)
    return (
      <Page title="Nothing here for you">
        <p>
          The console is for staff, auditors and admins. An admin can give you one of these roles; sign in again then.
        </p>
      </Page>
    );
  return (
    <Page title="What you can do here">
      <ul class="cards">
        {menu.map(({ pattern, name, about }) => (
          <li key={pattern}>
            <Link to={pathOf(pattern)}>{name}</Link>
            <p>{about}</p>
          </li>
        ))}
      </ul>
    </Page>
  );
};
