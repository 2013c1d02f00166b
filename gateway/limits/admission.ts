import type { RequestListener } from 'node:http';
import { refuseRequest } from '../http/refused.js';
import type { ServeParts } from '../http/serve-route.js';
import { refusalOfHead } from './connections.js';
import type { InFlight } from './in-flight.js';
import { overloaded } from './limit-reached.js';

type Noted = Pick<ServeParts, 'log' | 'metrics' | 'crossOrigin'>;

/** Lets through to `listener` what this process can bear: always whoever asks how it is, of all else so much at once. */
export const createAdmission =
  (listener: RequestListener, { inFlight, ...parts }: Noted & Readonly<{ inFlight: InFlight }>): RequestListener =>
  (request, response) => {
    const refusal = refusalOfHead(request);
    if (refusal) {
      refuseRequest(response, refusal, parts);
      return;
    }
    const begin = () => {
      listener(request, response);
    };
    if (isOperational(request.url)) begin();
    else
      inFlight.enter(response, begin, () =>
        refuseRequest(response, overloaded('Too much is being done at once'), parts),
      );
  };

/** Whether an address is one by which somebody finds out how the platform is. */
export const isOperational = (url = ''): boolean => operational.test(url);

const operational = /^\/(?:health(?:\/live|\/ready)?|metrics)(?:$|\?)/;
