import { DomainError } from '../../domains/shared/errors.js';
import { isUndefinedTable } from '../../infra/postgres/postgres.js';
import type { Control } from '../shared/view.js';
import type { ViewBuilds } from './view-builds.js';
import type { ViewDefinition } from './view-definition.js';

/** The control of a view that was built. @throws DomainError `projection.not_ready` where it was not. */
export const existingControl = async (builds: ViewBuilds, definition: ViewDefinition): Promise<Control> => {
  const control = (await noneIfUnmade(() => builds.controlsOf(definition).all())).get(definition.view.name);
  if (!control) throw new DomainError('projection.not_ready', 'The view has not been built yet; start the projections');
  return control;
};

/** What a table holds that all views share; it is made by the first process that keeps views. */
export const noneIfUnmade = async <Value>(
  look: () => Promise<ReadonlyMap<string, Value>>,
): Promise<ReadonlyMap<string, Value>> => {
  try {
    return await look();
  } catch (error) {
    if (!isUndefinedTable(error)) throw error;
    return new Map();
  }
};
