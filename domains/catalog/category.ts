import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import type { CategoryCommand } from './commands.js';
import type { CategoryEvent } from './events.js';

/** A category of products; `name` is `null` until it is added. */
export type Category = Readonly<{ name: string | null }>;

const decide = ({ type, data }: CategoryCommand, { name }: Category): readonly CategoryEvent[] => {
  switch (type) {
    case 'AddCategory':
      if (name !== null) throw new DomainError('category.already_added', `${data.categoryId} exists`);
      return [{ type: 'CategoryAdded', data }];
    case 'RenameCategory':
      if (name === null) throw new DomainError('category.not_found', `There is no category ${data.categoryId}`);
      return name === data.name ? [] : [{ type: 'CategoryRenamed', data }];
  }
};

const evolve = (_category: Category, { data }: CategoryEvent): Category => ({ name: data.name });

export const category: Decider<Category, CategoryCommand, CategoryEvent> = { initial: { name: null }, decide, evolve };
