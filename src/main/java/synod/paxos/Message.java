package synod.paxos;

import java.util.List;

/**
 * The messages that roles exchange. Any of them may be lost, delayed, doubled or overtaken; none
 * may be forged. Values and submissions are opaque bytes and shared: nobody writes to them.
 */
public sealed interface Message {

  // Phase 1 ("Paxos Made Simple" §2.2, for all slots at once: §3)

  /**
   * Phase 1a: asks for a promise and for the entries accepted from a slot on. Repeated with a
   * higher {@code from} for the next part of a long answer.
   */
  record Prepare(Ballot ballot, long from) implements Message {}

  /**
   * Phase 1b: one part of a promise, which holds the acceptor's entries in {@code [from, next)}.
   *
   * @param next where the next part begins; 0 if this is the last, so that nothing is accepted from
   *     {@code from} on but these entries
   * @param trimmedBelow every slot below is chosen and its entry may be gone: that none is reported
   *     there doesn't mean that none was accepted. No earlier than what the entries were read from;
   *     1 if nothing was ever trimmed
   */
  record Promise(Ballot ballot, long from, List<Entry> entries, long next, long trimmedBelow)
      implements Message {}

  // Phase 2

  /** Phase 2a. */
  record Accept(Ballot ballot, long slot, byte[] value) implements Message {}

  /** Phase 2b: the entry is durable. */
  record Accepted(Ballot ballot, long slot) implements Message {}

  /**
   * No vote: the slot of this accept lies below the acceptor's trim point, so it is chosen, at
   * whatever ballot. Nothing was stored.
   */
  record Trimmed(Ballot ballot, long slot, long trimmedBelow) implements Message {}

  /** The acceptor has promised a higher ballot than the message's. */
  record Rejected(Ballot ballot, Ballot promised) implements Message {}

  // Leadership

  /**
   * The leader is alive. An acceptor answers it; a proposer stays quiet. Doubles as the question
   * that confirms leadership for a round of reads.
   *
   * @param nonce ascends within a ballot; answers carry it back
   */
  record Heartbeat(Ballot ballot, long nonce) implements Message {}

  /**
   * An acceptor heard the heartbeat with this nonce and had promised no ballot above {@code
   * promised} by then.
   */
  record HeartbeatAck(Ballot ballot, long nonce, Ballot promised) implements Message {}

  /** Before it raises its round, a proposer asks the acceptors whether they miss the leader too. */
  record PreCampaign(long nonce) implements Message {}

  /**
   * @param missesLeader whether it has heard neither a leader nor the candidate that it promised
   *     for the shortest election timeout
   * @param promised the acceptor's promise, so that a campaign starts above it
   */
  record PreCampaignReply(long nonce, boolean missesLeader, Ballot promised) implements Message {}

  /** The leader at this ballot is leaving and asks the receiver to campaign at once. */
  record Handover(Ballot ballot) implements Message {}

  // Learning

  /**
   * Every slot in {@code [from, upTo]} was proposed by the leader of this ballot and is chosen at
   * it. Every slot below {@code from} is chosen too, at whatever ballot, so that an empty range
   * tells of the slots up to {@code upTo}.
   */
  record Chosen(Ballot ballot, long from, long upTo) implements Message {}

  /** Asks an acceptor for the entries that it holds, from a slot on. */
  record FetchAccepted(long from) implements Message {}

  /**
   * Entries that an acceptor holds on disk: pushed to its own node's learner when accepted, to
   * others on request. They need not be chosen.
   */
  record AcceptedEntries(List<Entry> entries) implements Message {
    public AcceptedEntries {
      entries = List.copyOf(entries);
    }
  }

  /** Within a node: its proposer saw this value chosen. */
  record ChosenHere(long slot, byte[] value) implements Message {}

  /** Asks a peer's learner for values known to be chosen, from a slot on. */
  record FetchChosen(long from) implements Message {}

  /** Values of consecutive slots, all chosen; none if the peer knows of none there. */
  record ChosenValues(long from, List<byte[]> values) implements Message {}

  /**
   * Instead of values: they are in this snapshot, and the peer's log doesn't reach back to them.
   */
  record SnapshotOffer(Snapshot snapshot) implements Message {}

  /** Asks a peer's learner for bytes of the snapshot that it offered. */
  record FetchSnapshot(Snapshot snapshot, long offset, int length) implements Message {}

  /**
   * @param bytes those from {@code offset} on: as many as were asked for, unless the sender's bound
   *     or the snapshot's end comes first
   */
  record SnapshotPart(Snapshot snapshot, long offset, byte[] bytes) implements Message {}

  /** The snapshot isn't held any more. */
  record SnapshotGone(Snapshot snapshot) implements Message {}

  /**
   * A learner tells an acceptor that its state up to this slot, all of it chosen, is on disk for
   * good. Never to be sent before that is so.
   */
  record Durable(long slot) implements Message {}

  /** Within a node: its proposer asks its learner how far the chosen prefix reaches. */
  record ProgressQuery() implements Message {}

  /**
   * Within a node: its learner knows every slot below this one to be chosen, and has applied them.
   */
  record Progress(long firstUnchosenSlot) implements Message {}

  /** Within a node: its learner tells its gateway who leads. */
  record LeaderKnown(Ballot leader) implements Message {}

  // Requests of gateways to the leader

  /**
   * Commands that a gateway wants in the log.
   *
   * @param incarnation tells apart two lives of the same gateway
   * @param id ascends within an incarnation; a repeat carries the same one
   */
  record Submit(long incarnation, long id, byte[] commands) implements Message {}

  /** A read of every slot chosen by now is wanted: one for a whole batch of reads. */
  record ReadIndexRequest(long incarnation, long id) implements Message {}

  /**
   * Reads that arrived before the request may be answered by any replica that has applied this
   * slot.
   */
  record ReadIndex(long incarnation, long id, long slot) implements Message {}

  /** The receiver doesn't lead; {@link Ballot#NONE} if it knows of no leader. */
  record NotLeader(long incarnation, long id, Ballot leader) implements Message {}
}
