import { nameBasedId } from '../ids/name-based-id.js';
import { DomainError, isDomainError } from '../../domains/shared/errors.js';
import type {
  AnyAggregate,
  AnyCommandDefinition,
  Service,
  Step,
  StreamOfContext,
} from '../../domains/shared/service.js';
import { createAggregates } from '../command-handling/aggregates.js';
import type { StepFacts } from '../command-handling/new-events.js';
import { createReadFence } from '../command-handling/read-fence.js';
import { createCommandHandler, type CommandHandler, type Handled } from '../command-handling/command-handler.js';
import type { Snapshots } from '../command-handling/snapshots.js';
import { categoryOf } from '../event-store/stored-event.js';
import type { EventStore } from '../event-store/event-store.js';
import type { PersonalKeys } from '../security/personal-keys.js';
import { inSpan } from '../telemetry/tracing.js';
import type { CommandMessage, Receipt, ServiceBus, Touched } from './service-bus.js';

/** What contexts need to run in this process; `elsewhere` reaches those that do not. */
export type LocalServiceBusSettings = Readonly<{
  services: readonly Service[];
  eventStore: EventStore;
  personalKeys: PersonalKeys;
  /** Without them every event of a long stream is read. */
  snapshots?: Snapshots | undefined;
  elsewhere?: ServiceBus | undefined;
  /** As `createCommandHandler` takes it. */
  onConflict?: ((commandType: string) => void) | undefined;
}>;

/** Runs contexts in this process. Whatever comes in is parsed before a decider sees it. */
export const createLocalServiceBus = (settings: LocalServiceBusSettings): ServiceBus => {
  const { services, elsewhere } = settings;
  const aggregates = createAggregates(settings);
  const fence = createReadFence({
    eventStore: settings.eventStore,
    categories: services.flatMap(({ aggregates: those }) =>
      those.flatMap(({ category, readMostly }) => (readMostly ? [category] : [])),
    ),
    aggregates,
  });
  const handler = createCommandHandler({ ...settings, aggregates });
  const here = new Map(services.map((service) => [service.context, service]));

  const send: ServiceBus['send'] = async (context, message) => {
    const service = here.get(context);
    if (!service) return remote(elsewhere, context).send(context, message);
    await fence.begin();
    return inSpan(`${context} ${message.type}`, { parent: message.traceparent }, () => sendHere(service, message));
  };

  const sendHere = async ({ context, commands }: Service, message: CommandMessage): Promise<Receipt> => {
    const definition = commands[message.type];
    if (!definition) throw new DomainError('command.unknown', `${context} takes no command ${message.type}`);
    const data: unknown = definition.parse(message.data);
    const { main, touched } = await handledBy(definition, data, message);
    return {
      streamId: main.streamId,
      revision: main.revision,
      position: main.position.toString(),
      category: categoryOf(main.streamId),
      touched,
      answer: definition.answer?.(main.state as never, data) ?? null,
    };
  };

  const handledBy = async (
    definition: AnyCommandDefinition,
    data: unknown,
    message: CommandMessage,
  ): Promise<Outcome> => {
    let steps: readonly Step[];
    try {
      steps = await stepsOf(definition, data, message);
    } catch (error) {
      const first = isDomainError(error) && (await firstOutcome(handler, definition.changes?.(data), message));
      if (!first) throw error;
      return first;
    }
    return handleInOrder(handler, steps, { ...message, asks: definition.asks !== undefined });
  };

  const stepsOf = async (definition: AnyCommandDefinition, data: unknown, message: CommandMessage) => {
    const questions = Object.entries(definition.asks?.(data) ?? {});
    const answers = await Promise.all(
      questions.map(async ([name, { context: other, question, data: asked }]) => [
        name,
        await ask(other, question, asked),
      ]),
    );
    const facts = { ...message, nameBasedId };
    return definition.steps(data, Object.fromEntries(answers) as Record<string, unknown>, facts);
  };

  const ask: ServiceBus['ask'] = async (context, question, data) => {
    const service = here.get(context);
    if (!service) return remote(elsewhere, context).ask(context, question, data);
    const definition = service.questions[question];
    if (!definition) throw new DomainError('command.unknown', `${context} answers no question ${question}`);
    const parsed: unknown = definition.parse(data);
    const stateOf = async (aggregate: AnyAggregate, id: string) =>
      (definition.opensPersonal ? await aggregates.opened(aggregate, id) : await stateNow(aggregate, id)) as never;
    const states = await Promise.all(definition.reads(parsed).map(({ aggregate, id }) => stateOf(aggregate, id)));
    return definition.answer(states, parsed);
  };

  /** An answer is believed only when nothing newer can be in the log. */
  const stateNow = async (aggregate: AnyAggregate, id: string): Promise<unknown> => {
    if (aggregate.readMostly) await fence.pass();
    const known = aggregate.readMostly && aggregates.known(aggregate, id);
    return (known || (await aggregates.current(aggregate, id))).state;
  };

  return { send, ask };
};

type Outcome = Readonly<{ main: Handled; touched: readonly Touched[] }>;

/** Whether it had one step or several is not known any more, so both of its ids are looked for. */
const firstOutcome = async (
  handler: CommandHandler,
  stream: StreamOfContext | undefined,
  message: CommandMessage,
): Promise<Outcome | null> => {
  if (!stream) return null;
  const main =
    (await handler.repeated(stream, message)) ??
    (await handler.repeated(stream, { ...message, commandId: stepId(stream, message) }));
  return main && { main, touched: [{ category: stream.aggregate.category, position: main.position.toString() }] };
};

const stepId = ({ aggregate, id }: StreamOfContext, { commandId }: CommandMessage) =>
  nameBasedId(`${aggregate.category}-${id}`, commandId);

/** The step whose command has the same name as the whole is the one that the result speaks of. */
const handleInOrder = async (
  handler: CommandHandler,
  steps: readonly Step[],
  message: CommandMessage & Pick<StepFacts, 'asks'>,
): Promise<Outcome> => {
  const factsOf = (step: Step): StepFacts => ({
    ...message,
    commandId: steps.length === 1 ? message.commandId : stepId(step, message),
  });
  const mainStep = steps.find(({ command }) => command.type === message.type);
  if (!mainStep) throw new Error(`No step of ${message.type} has its name`);
  // Before the first step of several: an idempotency key that was used with another body must change nothing.
  if (steps.length > 1 && message.requestHash !== undefined) await handler.repeated(mainStep, factsOf(mainStep));

  const furthest = new Map<string, bigint>();
  let main: Handled | undefined;
  for (const step of steps) {
    const handled = await handler.handle(step, factsOf(step));
    const { category } = step.aggregate;
    if (handled.position > (furthest.get(category) ?? -1n)) furthest.set(category, handled.position);
    if (step === mainStep) main = handled;
  }
  if (!main) throw new Error(`${message.type} was not handled`);
  return { main, touched: [...furthest].map(([category, position]) => ({ category, position: position.toString() })) };
};

const remote = (elsewhere: ServiceBus | undefined, context: string): ServiceBus => {
  if (!elsewhere) throw new DomainError('service.unavailable', `The ${context} service does not run here`);
  return elsewhere;
};
