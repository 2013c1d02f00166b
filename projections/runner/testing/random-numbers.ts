/**
 * Tests only. Gives a function that gives the same numbers below its argument for the same seed (Park and Miller's
 * generator).
 */
export const randomNumbers = (seed: number) => {
  let state = 1 + (seed % 2_147_483_646);
  return (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
};
