import type { Message } from '../../domains/shared/decider.js';
import type { Projection } from './projection.js';

/** What a reader must know of a view: which it is, and whose events it holds. */
export type View = Pick<Projection<Message, object>, 'name' | 'version' | 'categories'>;

/** The table or collection that holds one version of a view. */
export const nameOf = ({ name, version }: Pick<View, 'name' | 'version'>): string => `view_${name}_v${version}`;
