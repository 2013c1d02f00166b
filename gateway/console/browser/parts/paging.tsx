import { searchOf, type Asked } from '../api.js';
import { Link, useAddress } from '../navigation.js';

/** Leads through a list whose cursor stands in the address, beside what else is asked. */
export const Paging = ({ nextCursor, asked = {} }: Readonly<{ nextCursor: string | null; asked?: Asked }>) => {
  const { pathname, searchParams } = useAddress();
  const isFirst = !searchParams.has('cursor');
  if (isFirst && nextCursor === null) return null;
  return (
    <nav class="paging" aria-label="Pages of the list">
      {!isFirst && <Link to={pathname + searchOf(asked)}>First page</Link>}
      {nextCursor !== null && <Link to={pathname + searchOf({ ...asked, cursor: nextCursor })}>Next page</Link>}
    </nav>
  );
};
