import { randomUUID } from 'node:crypto';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

const { ClusterInfo, EndPoint, MemberInfo } = gossip;

type GossipCall = ServerUnaryCall<shared.Empty, gossip.ClusterInfo>;

/**
 * Serves `Gossip/Read`, which `esdb+discover` asks: a cluster of one leader. It is where the caller has reached it,
 * so that the answer holds behind 0.0.0.0 and behind a mapped port. `defaultPort` belongs to an authority without one.
 */
export const serveGossip = (defaultPort: number) => {
  const instanceId = new shared.UUID().setString(randomUUID());
  return (call: GossipCall, answer: sendUnaryData<gossip.ClusterInfo>) => {
    const member = new MemberInfo()
      .setInstanceId(instanceId)
      .setTimeStamp(`${Date.now()}0000`)
      .setState(MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(endPointOf(call.getHost(), defaultPort));
    answer(null, new ClusterInfo().setMembersList([member]));
  };
};

/** The brackets of an IPv6 address stay: clients put the address before `:port`. */
const endPointOf = (authority: string, defaultPort: number) => {
  const [, host = authority, port = ''] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
  const isWhole = host.includes(':') && !host.startsWith('[');
  return new EndPoint()
    .setAddress(isWhole ? authority : host)
    .setPort(isWhole || port === '' ? defaultPort : Number(port));
};
