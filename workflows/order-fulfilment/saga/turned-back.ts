/** The saga goes back: `reason` is why the order is rejected, where it is rejected and not cancelled. */
export class TurnedBack extends Error {
  override readonly name: string = 'TurnedBack';
  constructor(readonly reason: string) {
    super(`The saga goes back: ${reason}`);
  }
}

/**
 * It goes back since its step was refused. The step has one answer for ever, so nothing that comes after it can have been
 * begun.
 */
export class Refused extends TurnedBack {
  override readonly name = 'Refused';
}
