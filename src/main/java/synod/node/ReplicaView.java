package synod.node;

import java.util.Map;
import java.util.Set;

/**
 * What a node knows about its replica beside how far it is: one moment of it.
 *
 * @param programVersion the highest {@link synod.kv.FormatVersion} that this node's program knows
 * @param clusterVersion the one that the log was raised to, as far as it is applied here
 * @param compacted changes up to this revision can't be had any more
 * @param historyBytes what the changes take that can be had, or wait to be deleted
 * @param sweeping whether changes that were compacted wait to be deleted
 * @param differing nodes whose replica was last found to hold another state than this one
 * @param announced the versions that nodes said to know, asked by the leader's node while the
 *     cluster's is below its own; without those that haven't answered
 */
public record ReplicaView(
    int programVersion,
    int clusterVersion,
    long compacted,
    long historyBytes,
    boolean sweeping,
    Set<String> differing,
    Map<String, Integer> announced) {
  ReplicaView withAnnounced(Map<String, Integer> versions) {
    return new ReplicaView(
        programVersion,
        clusterVersion,
        compacted,
        historyBytes,
        sweeping,
        differing,
        Map.copyOf(versions));
  }
}
