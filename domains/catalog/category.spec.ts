import { givenFor } from '../shared/testing/given.js';
import { category } from './category.js';
import type { CategoryCommand } from './commands.js';
import type { CategoryEvent } from './events.js';

const given = givenFor(category);
const cups = { categoryId: 'c1', name: 'Cups', parentId: 'c0' };
const add: CategoryCommand = { type: 'AddCategory', data: cups };
const added: CategoryEvent = { type: 'CategoryAdded', data: cups };
const rename = (name: string): CategoryCommand => ({ type: 'RenameCategory', data: { categoryId: 'c1', name } });
const renamed = (name: string): CategoryEvent => ({ type: 'CategoryRenamed', data: { categoryId: 'c1', name } });

describe('a category', () => {
  it('is added', () => given().when(add).thenEmits(added));
  it('is not added twice', () => given(added).when(add).thenRejects('category.already_added'));
  it('is renamed', () => given(added).when(rename('Mugs')).thenEmits(renamed('Mugs')));
  it('is renamed back', () => given(added, renamed('Mugs')).when(rename('Cups')).thenEmits(renamed('Cups')));
  it('ignores the name that it has', () => given(added, renamed('Mugs')).when(rename('Mugs')).thenEmits());
  it('is not renamed before it is added', () => given().when(rename('Mugs')).thenRejects('category.not_found'));
});
