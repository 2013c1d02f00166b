import type { Dto, Success } from './route.js';

/** 200 with what was asked for as it is just now. */
export const ok = <Body extends object>(body: Dto<Body>): Success<Body> => ({ status: 200, body });

/** 200 with what was asked for as it stands, and the tag of its state; 304 to whoever holds that state already. */
export const found = <Body extends object>(body: Dto<Body>): Success<Body> => ({
  status: 200,
  body,
  headers: ['ETag'],
});

/** 201 with what was made. */
export const created = <Body extends object>(body: Dto<Body>): Success<Body> => ({ status: 201, body });

/** 201 with what was made, and where it is. */
export const createdAt = <Body extends object>(body: Dto<Body>): Success<Body> => ({
  ...created(body),
  headers: ['Location'],
});

/** 202: it is stored, and will be done. */
export const accepted: Success = { status: 202 };

/** 202 with how it stands now. */
export const acceptedWith = <Body extends object>(body: Dto<Body>): Success<Body> => ({ status: 202, body });

/** 202 with how it stands now, and where it is. */
export const acceptedAt = <Body extends object>(body: Dto<Body>): Success<Body> => ({
  ...acceptedWith(body),
  headers: ['Location'],
});

/** 204. */
export const noContent: Success = { status: 204 };

/** 200 with Server-Sent Events, until either side has had enough. */
export const events = { status: 200, mediaType: 'text/event-stream' } as const satisfies Success;

/** 200 with lines of JSON (https://github.com/ndjson/ndjson-spec), as many as there are. */
export const lines = { status: 200, mediaType: 'application/x-ndjson' } as const satisfies Success;

/** 200 with a gzipped tar. */
export const bundle = { status: 200, mediaType: 'application/gzip' } as const satisfies Success;

/** Whether something is answered bit by bit, for as long as that takes. */
export const isStreamed = ({ mediaType }: Success): boolean =>
  [events, lines, bundle].some((streamed) => streamed.mediaType === mediaType);
