import type { Projection, Tally } from './projection.js';

/** What a reader must know of a view: which it is, whose events it holds, and which versions of its rows it can read. */
export type View = Readonly<{
  name: string;
  version: number;
  categories: readonly string[];
  serves?: readonly number[];
}>;

/** One building of a view from the log: of which version, and the how many-th of the view. */
export type Build = Readonly<{ version: number; number: number }>;

/** The table or collection that holds a build; leases, checkpoints and parked events go by it as well. */
export const nameOf = ({ name }: Pick<View, 'name'>, { version, number }: Build): string =>
  `view_${name}_v${version}_${number}`;

/** The build of a view that has a name; `null` where it is another view's. */
export const buildNamed = (view: Pick<View, 'name'>, name: string): Build | null => {
  const [, version, number] = /_v(\d+)_(\d+)$/.exec(name) ?? [];
  const of = { version: Number(version), number: Number(number) };
  return nameOf(view, of) === name ? of : null;
};

/** Any view, whatever its events and rows. */
export type AnyView = AnyProjection | Tally<never>;

type AnyProjection = Omit<Projection<never, object>, 'project' | 'personal' | 'change'> &
  Readonly<{
    project: (event: never, row: never) => object | null | undefined;
    personal?: readonly string[];
    change?: (event: never, row: never) => object;
  }>;

/** A comparison of two builds of one version at one position. */
export type Comparison = Readonly<{
  position: string;
  isEqual: boolean;
  /** Of all that was compared. */
  rows: Readonly<{ live: number; aside: number }>;
  checksums: Readonly<{ live: string; aside: string }>;
  /** How many keys are in neither: they were written meanwhile, or events of them are parked. */
  leftOut: number;
}>;

/** A build that is made, or brought up to date again, beside the one that serves. */
export type BuildAside = Build &
  Readonly<{
    /** ISO 8601 instant at which it was asked for. */
    since: string;
    /** Whether it serves as soon as it has caught up. */
    switches: boolean;
    /** `null` until it has caught up, and where the versions differ. */
    comparison: Comparison | null;
  }>;

/** Which builds of a view there are: the one that serves, the one that served before, and one in the making. */
export type Control = Readonly<{
  live: Build;
  previous: Build | null;
  aside: BuildAside | null;
  /** How many were begun so far. */
  builds: number;
}>;

/** So many parts of a view can be kept by processes of their own: the keys are spread over them. */
export const partitionCount = 4;
