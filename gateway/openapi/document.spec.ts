import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { errorCodes } from '../../domains/shared/errors.js';
import { useGateway } from '../http/testing/client.js';
import type { OpenApiDocument } from './document.js';

const { gateway } = useGateway();
let document: OpenApiDocument;

beforeEach(async () => {
  document = (await (await fetch(`${gateway().url}/openapi.json`)).json()) as OpenApiDocument;
});

type Operation = Readonly<{
  operationId: string;
  responses: Readonly<Record<string, { $ref?: string }>>;
}>;
type Described = Readonly<{ content: Readonly<Record<string, { examples?: object }>> }>;

const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path) as unknown as Operation[]);

it('names every operation once', () => {
  const ids = operations().map(({ operationId }) => operationId);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

it('has every example in the shape that it is an example of', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: 'api', ...document });
  const schemas = document.components['schemas'] as Record<string, { examples?: readonly unknown[] }>;
  const wrong = Object.entries(schemas).flatMap(([name, { examples = [] }]) => {
    const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
    return examples.flatMap((example) => (validate(example) ? [] : [`${name}: ${ajv.errorsText(validate.errors)}`]));
  });
  expect(wrong).toEqual([]);
});

it('shows every problem that a route can answer with, under its status', () => {
  const responses = document.components['responses'] as Record<string, Described>;
  for (const { responses: byStatus } of operations())
    for (const [status, { $ref }] of Object.entries(byStatus)) {
      if ($ref === undefined) continue;
      const shown = responses[$ref.slice('#/components/responses/'.length)]?.content['application/problem+json'];
      const codes = Object.keys(shown?.examples ?? {}) as (keyof typeof errorCodes)[];
      expect(codes).not.toEqual([]);
      expect(codes.map((code) => errorCodes[code].status)).toEqual(codes.map(() => Number(status)));
    }
});
