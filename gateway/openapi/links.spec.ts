import { describedApi } from './described-api.js';
import { things } from './links.js';

type Link = Readonly<{ operationId: string; parameters: Readonly<Record<string, string>> }>;
type Operation = Readonly<{
  operationId: string;
  parameters?: readonly Readonly<{ name?: string; in?: string }>[];
  responses: Readonly<Record<string, Readonly<{ links?: Readonly<Record<string, Link>>; content?: object }>>>;
}>;

const document = describedApi();
const operations = new Map(
  Object.values(document.paths)
    .flatMap((path) => Object.values(path) as unknown as Operation[])
    .map((operation) => [operation.operationId, operation]),
);

const linksOf = (id: string): readonly Link[] =>
  Object.values(operations.get(id)?.responses ?? {}).flatMap(({ links = {} }) => Object.values(links));

it.each(Object.entries(things))(
  'lead from an answer that tells the id of a thing to all that take it: %s',
  (_, thing) => {
    for (const id of thing.toldBy)
      expect(
        linksOf(id)
          .map(({ operationId }) => operationId)
          .sort(),
      ).toEqual([...thing.takenBy].sort());
  },
);

it('give every parameter that the path of an operation has', () => {
  for (const { operationId, parameters } of [...operations.keys()].flatMap(linksOf)) {
    const inPath = operations.get(operationId)?.parameters?.filter((parameter) => parameter.in === 'path') ?? [];
    expect({ operationId, names: Object.keys(parameters) }).toEqual({
      operationId,
      names: inPath.map(({ name }) => name),
    });
  }
});

it('come from answers that have an id', () => {
  const schemas = document.components['schemas'] as Readonly<Record<string, { properties?: object }>>;
  for (const id of Object.values(things).flatMap(({ toldBy }) => toldBy)) {
    const [name] = /(?<=schemas\/)\w+/.exec(JSON.stringify(Object.values(operations.get(id)?.responses ?? {})[0])) ?? [
      '',
    ];
    expect(Object.keys(schemas[name]?.properties ?? {})).toContain('id');
  }
});
