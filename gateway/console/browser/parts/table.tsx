import type { ComponentChildren } from 'preact';

type TableProps = Readonly<{
  caption: string;
  /** Numbers stand at the right end of their column. */
  columns: readonly (string | Readonly<{ name: string; isNumber: true }>)[];
  children: ComponentChildren;
}>;

/** A table that scrolls by itself where it is wider than the page. */
export const Table = ({ caption, columns, children }: TableProps) => (
  <div class="scrolling" role="region" aria-label={caption} tabIndex={0}>
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) =>
            typeof column === 'string' ? (
              <th scope="col" key={column}>
                {column}
              </th>
            ) : (
              <th scope="col" key={column.name} class="number">
                {column.name}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
