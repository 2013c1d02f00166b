/**
 * Lets one piece of work at a time at each stream within this process, in the order asked, so that a hot stream is
 * not fought over: others wait instead of conflicting.
 */
export const createStreamQueue = () => {
  const tails = new Map<string, Promise<unknown>>();
  return <Result>(streamId: string, work: () => Promise<Result>): Promise<Result> => {
    const result = (tails.get(streamId) ?? Promise.resolve()).then(work, work);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    tails.set(streamId, tail);
    void tail.then(() => {
      if (tails.get(streamId) === tail) tails.delete(streamId);
    });
    return result;
  };
};
