/** A figure beside its ceiling, from rounds that took turns: what one round measured of each. */
export type Round = Readonly<{ figure: number; ceiling: number }>;

/** `spread` is half the distance between the quartiles: one round in which the machine did something else counts little. */
export type Ratio = Readonly<{ median: number; spread: number }>;

/** Lines for people, and whether every ratio reaches its floor or misses it by no more than its spread. */
export type Measurement = Readonly<{ lines: readonly string[]; withinCeilings: boolean }>;

/** Measures `count` rounds, one after the other. Says on `report` which round it is. */
export const inRounds = async (
  count: number,
  measure: (round: number) => Promise<Round>,
  report: (line: string) => void,
): Promise<readonly Round[]> => {
  const rounds: Round[] = [];
  for (let round = 0; round < count; round += 1) {
    const { figure, ceiling } = await measure(round);
    report(`round ${round + 1} of ${count}: ${perSecond(figure)} beside ${perSecond(ceiling)}`);
    rounds.push({ figure, ceiling });
  }
  return rounds;
};

/** Every round's own ratio, since what else the machine does changes from round to round. */
export const ratioOf = (rounds: readonly Round[]): Ratio => {
  const ratios = rounds.map(({ figure, ceiling }) => figure / ceiling);
  return { median: quantile(ratios, 0.5), spread: (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / 2 };
};

/** One line of a table: what was measured, its ceiling, their ratio and the floor that it is to reach, if any. */
export const compare = (what: string, rounds: readonly Round[], floor?: number): Measurement => {
  const { median: ratio, spread } = ratioOf(rounds);
  const figure = perSecond(
    quantile(
      rounds.map((round) => round.figure),
      0.5,
    ),
  );
  const ceiling = perSecond(
    quantile(
      rounds.map((round) => round.ceiling),
      0.5,
    ),
  );
  const line = `${what.padEnd(44)} ${figure} of ${ceiling}   ratio ${ratio.toFixed(2)} ± ${spread.toFixed(2)}`;
  if (floor === undefined) return { lines: [line], withinCeilings: true };
  return { lines: [`${line}, floor ${Number(floor.toFixed(2))}`], withinCeilings: ratio + spread >= floor };
};

export const together = (measurements: readonly Measurement[]): Measurement => ({
  lines: measurements.flatMap(({ lines }) => lines),
  withinCeilings: measurements.every(({ withinCeilings }) => withinCeilings),
});

export const medianOf = (values: readonly number[]): number => quantile(values, 0.5);

const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
};

const perSecond = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)}/s`.padStart(9);
