package synod.paxos;

import java.util.List;
import java.util.Optional;

/**
 * Read access to what an acceptor holds on stable storage. Every answer reflects all writes that
 * have completed. {@link #entry} and {@link #entries} may block on the disk. Calls come from the
 * acceptor alone, one at a time.
 */
public interface AcceptorLog {
  /** The highest ballot promised, {@link Ballot#NONE} if there is none. */
  Ballot promised();

  /**
   * The last {@link DurableRecord.Trimmed#below()}, 1 if nothing was ever trimmed. No entry below
   * it is left.
   */
  long trimmedBelow();

  /**
   * The highest slot that holds an accepted entry, or held one until it was trimmed in this life of
   * the process; 0 if there is none.
   */
  long lastSlot();

  /** The entry accepted at a slot. */
  Optional<Entry> entry(long slot);

  /**
   * Accepted entries in slot order, from a slot on.
   *
   * @param maxBytes stop after the entry that brings the values' total to this many bytes; at least
   *     one entry is returned if there is any
   */
  List<Entry> entries(long from, int maxBytes);
}
