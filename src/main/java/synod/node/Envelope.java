package synod.node;

import synod.paxos.Message;

/**
 * A message of the protocol on its way to the same role's actor of another node.
 *
 * @param fingerprint of the sender's configuration: see {@link NodeConfig#fingerprint()}
 * @param clusterId which cluster the sender belongs to
 * @param from the sender's node
 */
record Envelope(String fingerprint, String clusterId, String from, Message message)
    implements RoleMessage, CborSerializable {}
