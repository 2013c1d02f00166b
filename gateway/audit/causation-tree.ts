import type { StoredEvent } from '../../infra/event-store/stored-event.js';

/** An event, and what it has caused. */
export type Caused = Readonly<{ event: StoredEvent; causes: readonly Caused[] }>;

/**
 * The events of a correlation by what has caused them, in their order. `$causationId` names an event, or the command of
 * earlier events: the first of these is the cause then. Those that it names no earlier event for are the roots; among
 * them are those that name their own command, which nothing in the log has caused.
 */
export const causationTree = (events: readonly StoredEvent[]): readonly Caused[] => {
  const roots: Growing[] = [];
  const byId = new Map<string, Growing>();
  const byCommand = new Map<string, Growing>();
  for (const event of events) {
    const { $causationId, commandId } = event.metadata;
    const node: Growing = { event, causes: [] };
    const cause = byId.get($causationId) ?? ($causationId === commandId ? undefined : byCommand.get($causationId));
    (cause?.causes ?? roots).push(node);
    byId.set(event.id, node);
    if (!byCommand.has(commandId)) byCommand.set(commandId, node);
  }
  return roots;
};

type Growing = Readonly<{ event: StoredEvent; causes: Growing[] }>;
