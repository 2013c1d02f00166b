/** A rotation cannot go on as asked: the message tells a person why, and what to do. */
export class RotationRefused extends Error {
  override readonly name = 'RotationRefused';
}
