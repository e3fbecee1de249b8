package synod.paxos;

/**
 * What a role writes to stable storage. The records of one {@link Effect.Persist} are written in
 * one atomic batch.
 */
public sealed interface DurableRecord {
  /** The acceptor promised to take part in no ballot below this one. */
  record Promised(Ballot ballot) implements DurableRecord {}

  /** The acceptor accepted a value; replaces what it had accepted at that slot before. */
  record Accepted(Entry entry) implements DurableRecord {}

  /**
   * Every accepted entry below this slot is deleted, in the same atomic batch, those that earlier
   * records of the batch bring included. Never goes back.
   */
  record Trimmed(long below) implements DurableRecord {}

  /** The highest round that this node's proposer has used. */
  record Round(long round) implements DurableRecord {}
}
