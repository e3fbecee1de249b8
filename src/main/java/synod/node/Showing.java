package synod.node;

import java.util.concurrent.CompletionStage;

/**
 * What a node shows of itself to whoever watches the cluster, and what it is shown of the others.
 * The bytes are the floor above's own. Called by the {@link RelayActor} alone, one call at a time;
 * every method returns at once.
 */
public interface Showing {
  /** The most that a report, a request or an answer may have, in bytes: none travels in parts. */
  int MAX_BYTES = 96 << 10;

  /**
   * Somebody watches this node now, or nobody does any more.
   *
   * @param here whether somebody watches at this very node
   */
  void watched(boolean anywhere, boolean here);

  /**
   * What is new since the last call.
   *
   * @return empty if nothing is
   */
  byte[] report();

  /** What somebody needs to know who begins to watch now, and whom the reports don't tell. */
  byte[] past();

  /** A node's report or past has come, or this one's own; empty reports are signs of life. */
  void received(String from, byte[] report);

  /** Comes after every round of reports while somebody watches here. */
  void tick();

  /**
   * Does what another node asks for.
   *
   * @return its answer; if it fails, the other node hears nothing
   */
  CompletionStage<byte[]> answer(byte[] request);
}
