package synod.node;

import java.util.concurrent.CompletableFuture;

/** What the relay is told: by its own node's HTTP interface, or by the relays of other nodes. */
public sealed interface RelayMessage {
  /** The node has something to show. */
  record Open(Showing showing) implements RelayMessage {}

  /** Somebody watches the cluster at this node, or nobody does any more. */
  record WatchingHere(boolean watching) implements RelayMessage {}

  /**
   * Have another node do something.
   *
   * @param answer completed by the relay's thread; never if the other node doesn't answer
   */
  record Ask(String to, byte[] request, CompletableFuture<byte[]> answer) implements RelayMessage {}

  /** Time to report. */
  record Tick() implements RelayMessage {}

  /** A node did what it was asked for. */
  record Answered(FromNode request, byte[] answer) implements RelayMessage {}

  /** What one relay says to another. */
  enum Kind {
    /** Show yourself to me for a while. */
    WATCH,
    REPORT,
    REQUEST,
    ANSWER
  }

  /**
   * @param fingerprint of the sender's configuration: see {@link NodeConfig#fingerprint()}
   * @param from the sender's node
   * @param id of a request, given back with its answer; 0 otherwise
   */
  record FromNode(String fingerprint, String from, Kind kind, long id, byte[] bytes)
      implements RelayMessage, CborSerializable {}
}
