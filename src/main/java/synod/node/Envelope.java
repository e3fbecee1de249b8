package synod.node;

import synod.paxos.Message;

/**
 * A message of the protocol on its way to the same role's actor of another node.
 *
 * @param version of the messages' format: what has a higher one than {@link #VERSION} is refused. A
 *     new kind of message, or a field that older programs may leave unread, needs no higher one
 * @param fingerprint of the sender's configuration: see {@link NodeConfig#fingerprint()}
 * @param clusterId which cluster the sender belongs to
 * @param from the sender's node
 */
record Envelope(int version, String fingerprint, String clusterId, String from, Message message)
    implements RoleMessage, CborSerializable {
  static final int VERSION = 1;
}
