package synod.storage;

import java.util.Objects;

/**
 * Names one checkpoint that a node offers, as a stream of bytes: what the stream begins with says
 * what it holds ({@link SnapshotContents}), so equal names mean equal streams.
 *
 * @param slot the last slot applied in it
 * @param name the SHA-256 of what the stream says that it holds, in hexadecimal
 * @param bytes the stream's length
 */
public record Snapshot(long slot, String name, long bytes) {
  public Snapshot {
    Objects.requireNonNull(name, "name");
    if (!Sha256.isHex(name)) {
      throw new IllegalArgumentException("not a snapshot's name: '" + name + "'");
    }
    if (slot < 0 || bytes <= 0) {
      throw new IllegalArgumentException("no snapshot: slot " + slot + ", " + bytes + " bytes");
    }
  }

  @Override
  public String toString() {
    return "snapshot " + name.substring(0, 12) + " of slot " + slot;
  }
}
