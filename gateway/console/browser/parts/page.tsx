import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

type PageProps = Readonly<{ title: string; lead?: ComponentChildren; children: ComponentChildren }>;

/** A page by its heading, which gets the focus when somebody comes from another page. */
export const Page = ({ title, lead, children }: PageProps) => {
  useEffect(() => {
    document.title = `${title} · Evermart console`;
  }, [title]);
  return (
    <>
      <h1 id="heading" tabIndex={-1}>
        {title}
      </h1>
      {lead !== undefined && <p class="lead">{lead}</p>}
      {children}
    </>
  );
};
