package synod.paxos;

import java.util.Arrays;
import java.util.Objects;

/**
 * What an acceptor accepted at one slot: a value and the ballot it was proposed at.
 *
 * @param value opaque bytes; empty for a no-op. Shared, never written to.
 */
public record Entry(long slot, Ballot ballot, byte[] value) {
  /** The value that fills a gap. */
  public static final byte[] NO_OP = new byte[0];

  public Entry {
    Objects.requireNonNull(ballot, "ballot");
    Objects.requireNonNull(value, "value");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Entry that
        && slot == that.slot
        && ballot.equals(that.ballot)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(slot, ballot, Arrays.hashCode(value));
  }

  @Override
  public String toString() {
    return "slot " + slot + " at " + ballot + " (" + value.length + " B)";
  }
}
