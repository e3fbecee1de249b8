package synod.paxos;

import java.time.Duration;

/**
 * The protocol's times and bounds, the same for all roles of a node.
 *
 * @param heartbeatInterval between two heartbeats of a leader
 * @param electionTimeoutMin a leader unheard for this long is missed; one that hears no phase-2
 *     quorum for this long steps down
 * @param electionTimeoutMax each wait before a campaign is drawn between the minimum and this
 * @param retransmitInterval before the first repeat of an unanswered message; doubles up to {@link
 *     #MAX_BACKOFF} times that
 * @param pipelineDepth how many slots with new values may be in flight at once
 * @param maxBatchBytes a batch for one slot is closed when it reaches this size
 * @param partBytes bound on the values in one part of a promise or of fetched values; one value may
 *     exceed it
 */
public record PaxosSettings(
    Duration heartbeatInterval,
    Duration electionTimeoutMin,
    Duration electionTimeoutMax,
    Duration retransmitInterval,
    int pipelineDepth,
    int maxBatchBytes,
    int partBytes) {

  /** The longest interval between two repeats, in retransmit intervals. */
  public static final int MAX_BACKOFF = 10;

  public PaxosSettings {
    if (electionTimeoutMin.compareTo(heartbeatInterval) <= 0
        || electionTimeoutMax.compareTo(electionTimeoutMin) <= 0
        || retransmitInterval.isNegative()
        || retransmitInterval.isZero()
        || pipelineDepth < 1
        || maxBatchBytes < 1
        || partBytes < 1) {
      throw new IllegalArgumentException("settings that can't work: " + this);
    }
  }
}
