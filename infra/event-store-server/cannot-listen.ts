/** The server cannot listen where or how it was asked to: the message says why and what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}
