/** What was looked at, and what was found. */
export type Finding = Readonly<{ what: string; isGood: boolean; detail: string }>;

/** Takes findings as they come. */
export type Report = Readonly<{
  good: (what: string, detail: string) => void;
  bad: (what: string, detail: string) => void;
  /** Whether nothing bad was found so far. */
  isGood: () => boolean;
}>;

export const createReport = (tell: (finding: Finding) => void): Report => {
  let isGood = true;
  return {
    good: (what, detail) => tell({ what, isGood: true, detail }),
    bad: (what, detail) => {
      isGood = false;
      tell({ what, isGood: false, detail });
    },
    isGood: () => isGood,
  };
};
