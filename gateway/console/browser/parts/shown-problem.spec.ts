import { ApiProblem } from '../../../client/problem.js';
import { shownProblem } from './shown-problem.js';

it('tells what the platform says', () => {
  const problem = new ApiProblem(404, 'audit.no_such_stream', 'There is no stream x', {
    title: 'Not found',
    traceId: 't',
  });
  expect(shownProblem(problem)).toEqual({
    title: 'Not found.',
    sentence: 'There is no stream x.',
    code: 'audit.no_such_stream',
    traceId: 't',
  });
});

it('says so where something else answers in the place of the platform', () =>
  expect(shownProblem(new ApiProblem(502, 'undefined', 'undefined'))).toMatchObject({
    title: 'The platform answered 502.',
    code: null,
  }));

it('tells a platform that is away from a fault of its own', () => {
  expect(shownProblem(new TypeError('Failed to fetch')).title).toBe('The platform cannot be reached.');
  expect(shownProblem(new RangeError('x')).title).toBe('The console failed.');
});
