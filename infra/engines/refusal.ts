/** The launcher will not start: the message is a sentence for the person who started it. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}
