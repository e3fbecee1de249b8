package synod.paxos;

import java.util.Set;

/** What happened in the protocol, for people and metrics. */
public sealed interface ProtocolEvent {
  /** A proposer asks whether the others miss the leader too. */
  record PreCampaignStarted(String proposer) implements ProtocolEvent {}

  /** Phase 1 began: the round is durable and the prepares leave. */
  record CampaignStarted(Ballot ballot, long from) implements ProtocolEvent {}

  /**
   * Phase 1 is complete.
   *
   * @param recoverUpTo the highest slot reported in the promises: those up to it are proposed again
   */
  record LeaderElected(Ballot ballot, long from, long recoverUpTo, Set<String> promisedBy)
      implements ProtocolEvent {}

  /** A leader or candidate gave up. */
  record SteppedDown(Ballot ballot, String reason) implements ProtocolEvent {}

  /** A follower hears from a leader it didn't know. */
  record LeaderObserved(Ballot ballot) implements ProtocolEvent {}

  /**
   * A phase-2 quorum accepted a value.
   *
   * @param acceptedBy the acceptors whose votes were counted
   * @param bytes the value's size, 0 for a no-op
   * @param micros time from the first accept that left to the vote that made the quorum, by the
   *     leader's clock
   */
  record SlotChosen(long slot, Ballot ballot, Set<String> acceptedBy, int bytes, long micros)
      implements ProtocolEvent {}

  /** An acceptor raised its promise. */
  record PromiseRaised(Ballot ballot) implements ProtocolEvent {}

  /** An acceptor took part in a ballot: the entry is durable. */
  record EntryAccepted(long slot, Ballot ballot, int bytes) implements ProtocolEvent {}

  /** An acceptor deleted every entry below a slot: durable. */
  record EntriesTrimmed(long below) implements ProtocolEvent {}

  /** An acceptor refused a lower ballot. */
  record BallotRejected(Ballot ballot, Ballot promised) implements ProtocolEvent {}

  /** A learner handed slots to the state machine. */
  record SlotsApplied(long from, long upTo) implements ProtocolEvent {}

  /** A learner's own snapshot is durable. */
  record SnapshotTaken(long slot, long bytes) implements ProtocolEvent {}

  /**
   * A learner fetches a snapshot, for the values that it lacks are in no log any more.
   *
   * @param kept how many of its bytes are there from an earlier attempt
   */
  record SnapshotFetched(long slot, long bytes, long kept, String peer) implements ProtocolEvent {}

  /** A learner gave up a snapshot that it was fetching. */
  record SnapshotDropped(long slot, String peer, String reason) implements ProtocolEvent {}

  /** A learner put the state of a snapshot in the place of its own. */
  record SnapshotInstalled(long slot) implements ProtocolEvent {}

  /** Messages that weren't answered in time were sent again. */
  record MessagesRepeated(int messages) implements ProtocolEvent {}

  /** A learner asks a peer for chosen values that it lacks. */
  record CatchingUp(long from, String peer) implements ProtocolEvent {}
}
