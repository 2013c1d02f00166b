import { randomUUID } from 'node:crypto';
import { Server, ServerCredentials, type sendUnaryData, type ServerDuplexStream } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';

/**
 * A server that keeps nothing, as the ceiling of what one can do: the services of the client's own package, an answer
 * to every append at once, and to every read the same event, encoded beforehand, as often as it was asked for.
 */
const { BatchAppendResp, ReadResp } = streams;

const batchAppend = (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => {
  let last = -1;
  call.on('data', (request: streams.BatchAppendReq) => {
    last += request.getProposedMessagesList().length;
    if (!request.getIsFinal()) return;
    const position = new shared.AllStreamPosition().setCommitPosition(String(last)).setPreparePosition(String(last));
    const success = new BatchAppendResp.Success().setCurrentRevision(String(last)).setPosition(position);
    const identifier = request.getOptions()?.getStreamIdentifier();
    call.write(
      new BatchAppendResp()
        .setCorrelationId(request.getCorrelationId())
        .setStreamIdentifier(identifier)
        .setSuccess(success),
    );
  });
  call.on('end', () => call.end());
};

const read = (call: ServerWritableStream<streams.ReadReq, Buffer>) => {
  let left = Number(call.request.getOptions()?.getCount() ?? 0);
  const send = () => {
    while (left > 0) {
      left -= 1;
      if (!call.write(answer)) return void call.once('drain', send);
    }
    call.end();
  };
  send();
};

const canned = () => {
  const event = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(randomUUID()))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from('stub-stream')))
    .setStreamRevision('0')
    .setCommitPosition('1')
    .setPreparePosition('1')
    .setCustomMetadata(Buffer.from('{}'))
    .setData(Buffer.from(JSON.stringify({ number: 0, text: 'x'.repeat(300) })));
  event
    .getMetadataMap()
    .set('type', 'Counted')
    .set('content-type', 'application/json')
    .set('created', '17000000000000000');
  const message = new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(event).setCommitPosition('1'));
  return Buffer.from(message.serializeBinary());
};
const answer = canned();

const supported = (_call: unknown, done: sendUnaryData<features.SupportedMethods>) => {
  const methods = ['batchappend', 'read'].map((name) =>
    new features.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name),
  );
  done(null, new features.SupportedMethods().setEventStoreServerVersion('24.10.0').setMethodsList(methods));
};

const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
const { StreamsService } = streamsService;
const { batchAppend: batch, read: reads } = StreamsService;
server.addService(
  { batchAppend: batch, read: { ...reads, responseSerialize: (bytes: Buffer) => bytes } },
  { batchAppend, read },
);
server.addService(featuresService.ServerFeaturesService, { getSupportedMethods: supported });
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`stub ready on esdb://127.0.0.1:${port}?tls=false\n`);
});
process.once('disconnect', () => process.exit(0));
