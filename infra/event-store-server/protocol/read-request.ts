import streams from '@eventstore/db-client/generated/streams_pb.js';
import { invalid } from './errors.js';
import { expressionOf, type Filter } from '../rules/filter.js';
import type { Direction } from '../log/reads.js';
import { integerOf, streamNameOf } from './wire.js';

/** Where to begin: a number is a revision of a stream or a position of $all. */
export type Start = 'start' | 'end' | number;

/** What a caller of `Read` wants. `source` undefined is $all. */
export type ReadRequest = Readonly<{
  source: string | undefined;
  start: Start;
  direction: Direction;
  resolveLinks: boolean;
  filter: Filter | undefined;
}> &
  (Readonly<{ type: 'read'; maxCount: number }> | Readonly<{ type: 'subscription'; checkpointInterval: number }>);

/** The window of a filter that names none, as in EventStoreDB. */
const defaultWindow = 32;

const { ReadDirection } = streams.ReadReq.Options;
type Options = streams.ReadReq.Options;

/** @throws CallError when the request is incomplete or its filter cannot be used. */
export const parseReadRequest = (request: streams.ReadReq): ReadRequest => {
  const options = request.getOptions();
  if (!options) throw invalid('The options are missing');
  const filter = options.getFilter();
  const common = {
    ...placeOf(options),
    direction: options.getReadDirection() === ReadDirection.FORWARDS ? ('forwards' as const) : ('backwards' as const),
    resolveLinks: options.getResolveLinks(),
    filter: filter && filterOf(filter),
  };
  if (!options.hasSubscription()) return { ...common, type: 'read', maxCount: integerOf(options.getCount()) };
  if (common.direction === 'backwards') throw invalid('A subscription reads forwards');
  return { ...common, type: 'subscription', checkpointInterval: filter ? checkpointIntervalOf(filter) : Infinity };
};

const placeOf = (options: Options): Pick<ReadRequest, 'source' | 'start'> => {
  const stream = options.getStream();
  if (stream) {
    const start = stream.hasRevision() ? integerOf(stream.getRevision()) : stream.hasEnd() ? 'end' : 'start';
    return { source: streamNameOf(stream.getStreamIdentifier()), start };
  }
  const all = options.getAll();
  if (!all) throw invalid('Neither a stream nor $all is asked for');
  const position = all.getPosition();
  return {
    source: undefined,
    start: position ? integerOf(position.getCommitPosition()) : all.hasEnd() ? 'end' : 'start',
  };
};

const filterOf = (options: streams.ReadReq.Options.FilterOptions): Filter => {
  const expression = options.getStreamIdentifier() ?? options.getEventType();
  if (!expression) throw invalid('The filter has no expression');
  return {
    on: options.hasStreamIdentifier() ? 'stream' : 'type',
    prefixes: expression.getPrefixList(),
    regex: regexOf(expression.getRegex()),
  };
};

const regexOf = (text: string) => {
  try {
    return expressionOf(text);
  } catch {
    throw invalid('The regular expression of the filter is wrong');
  }
};

const checkpointIntervalOf = (options: streams.ReadReq.Options.FilterOptions) => {
  const interval = options.getCheckpointintervalmultiplier() * (options.hasMax() ? options.getMax() : defaultWindow);
  if (interval <= 0) throw invalid('The checkpoint interval and the window must be greater than 0');
  return interval;
};
