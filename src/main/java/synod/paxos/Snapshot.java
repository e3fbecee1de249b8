package synod.paxos;

import java.util.Objects;

/**
 * Names the durable copy of a learner's state, as one run of bytes.
 *
 * @param slot the last slot applied in it
 * @param name tells its content from any other's: whoever offers the same name offers the same
 *     bytes
 * @param bytes how long it is
 */
public record Snapshot(long slot, String name, long bytes) {
  public Snapshot {
    Objects.requireNonNull(name, "name");
    if (slot < 0 || bytes <= 0) {
      throw new IllegalArgumentException("no snapshot: slot " + slot + ", " + bytes + " bytes");
    }
  }

  @Override
  public String toString() {
    return "snapshot of slot " + slot + ", " + bytes + " bytes";
  }
}
