import type { ComponentChildren } from 'preact';

type FactsProps = Readonly<{ facts: readonly (readonly [string, ComponentChildren])[] }>;

/** Names and what they are. */
export const Facts = ({ facts }: FactsProps) => (
  <dl class="facts">
    {facts.map(([name, fact]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{fact}</dd>
      </div>
    ))}
  </dl>
);
