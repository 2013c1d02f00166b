import { firstReadable, isSoftDeleted, softDeletion, truncationOf, undeletion } from './truncation.js';

const of = (metadata: string) => truncationOf('s', Buffer.from(metadata));

describe('the truncation of a stream', () => {
  it.each([
    ['{}', 0],
    ['{"$tb":4}', 4],
    ['{"$maxCount":3}', 7],
    ['{"$tb":8,"$maxCount":3}', 8],
    ['{"$maxCount":30}', 0],
    ['not JSON', 0],
    ['null', 0],
    ['{"$tb":"4","$maxCount":3}', 0],
    ['{"$tb":4,"$maxCount":1.5}', 0],
    ['{"$tb":4,"$maxCount":null}', 0],
    ['{"$tb":4,"$maxAge":1e30}', 0],
    ['{"$tb":-1,"$maxCount":0}', 0],
  ])('by %s', (metadata, first) => expect(firstReadable(of(metadata), 9)).toBe(first));

  it('leaves a metadata stream its last event', () => expect(firstReadable(truncationOf('$$s', undefined), 9)).toBe(9));

  it('knows a soft delete', () => {
    expect(isSoftDeleted(truncationOf('s', softDeletion()))).toBe(true);
    expect(isSoftDeleted(of('{"$tb":9}'))).toBe(false);
    expect(isSoftDeleted(of('{"$tb":1e30}'))).toBe(false);
  });

  it('keeps other metadata when the stream is written again', () =>
    expect(Buffer.from(undeletion(Buffer.from('{"$tb":9223372036854775807,"owner":"x"}'), 3)).toString()).toBe(
      '{"$tb":3,"owner":"x"}',
    ));
});
