/** A stretch of time, in milliseconds since 1970; it ends where it starts when it is an instant. */
export type Stretch = Readonly<{ startMs: number; endMs: number }>;

/** Where a bar stands in a picture that is 1 wide. */
export type Bar = Readonly<{ left: number; width: number }>;

/** A time in which nothing began or ended, drawn shorter than it was. */
export type Pause = Bar & Readonly<{ ms: number }>;

export type Waterfall = Readonly<{ startMs: number; bars: readonly Bar[]; pauses: readonly Pause[] }>;

/**
 * Stretches as bars in one picture. An order takes a second to be paid and days to arrive: whenever nothing begins or
 * ends for more than a second, that time is drawn as a pause. All pauses together take at most half of the picture, one
 * at most a tenth of what the rest takes; everything else is drawn to one scale.
 */
export const waterfallOf = (stretches: readonly Stretch[]): Waterfall => {
  const instants = [...new Set(stretches.flatMap(({ startMs, endMs }) => [startMs, endMs]))].sort((a, b) => a - b);
  const between = instants.slice(1).map((instant, index) => instant - (instants[index] ?? instant));
  const active = sumOf(between.filter((ms) => !isPause(ms)));
  const pausesCount = between.filter(isPause).length;
  const ofPause = active === 0 ? 1 : Math.min(active / 10, active / pausesCount);
  const widths = between.map((ms) => (isPause(ms) ? ofPause : ms));
  const total = sumOf(widths) || 1;

  const places = new Map<number, number>();
  const pauses: Pause[] = [];
  let place = 0;
  for (const [index, instant] of instants.entries()) {
    places.set(instant, place / total);
    const [ms = 0, width = 0] = [between[index], widths[index]];
    if (isPause(ms)) pauses.push({ left: place / total, width: width / total, ms });
    place += width;
  }
  const placeOf = (instant: number) => places.get(instant) ?? 0;
  const bars = stretches.map(({ startMs, endMs }) => {
    const left = placeOf(startMs);
    return { left, width: placeOf(endMs) - left };
  });
  return { startMs: instants[0] ?? 0, bars, pauses };
};

const isPause = (ms: number) => ms > 1_000;

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
