package synod.sim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import synod.kv.KvStateMachine;
import synod.paxos.Snapshot;
import synod.paxos.Snapshots;

/** The snapshots on a disk, in memory: a node's own ones, and what it has of the one it fetches. */
public final class MemorySnapshots implements Snapshots {
  private final TreeMap<Long, Own> own = new TreeMap<>();
  private Snapshot incoming;
  private byte[] incomingBytes;
  private int incomingKept;

  private record Own(Snapshot snapshot, byte[] bytes) {}

  /** Offers a snapshot of a state from now on. */
  public Snapshot add(MemoryStore state) {
    byte[] bytes = state.toBytes();
    long slot = new KvStateMachine(state).applied();
    Snapshot snapshot = new Snapshot(slot, name(bytes), bytes.length);
    own.put(slot, new Own(snapshot, bytes));
    return snapshot;
  }

  public void removeOwnIf(Predicate<Snapshot> unneeded) {
    own.values().removeIf(old -> unneeded.test(old.snapshot()));
  }

  /** The lowest slot that one of its own ends at; 0 if there is none. */
  public long oldestSlot() {
    return own.isEmpty() ? 0 : own.firstKey();
  }

  @Override
  public Optional<Snapshot> newest() {
    return own.isEmpty() ? Optional.empty() : Optional.of(own.lastEntry().getValue().snapshot());
  }

  @Override
  public Optional<byte[]> read(Snapshot snapshot, long offset, int length) {
    Own found = own.get(snapshot.slot());
    if (found == null || !found.snapshot().equals(snapshot)) {
      return Optional.empty();
    }
    int end = (int) Math.min(offset + length, found.bytes().length);
    return Optional.of(Arrays.copyOfRange(found.bytes(), (int) offset, end));
  }

  @Override
  public long kept(Snapshot snapshot) {
    return snapshot.equals(incoming) ? incomingKept : 0;
  }

  /** Returns how much of it is there now; what doesn't stand behind that is not taken. */
  public long keep(Snapshot snapshot, long offset, byte[] bytes) {
    if (!snapshot.equals(incoming)) {
      incoming = snapshot;
      incomingBytes = new byte[(int) snapshot.bytes()];
      incomingKept = 0;
    }
    if (offset == incomingKept) {
      System.arraycopy(bytes, 0, incomingBytes, (int) offset, bytes.length);
      incomingKept += bytes.length;
    }
    return incomingKept;
  }

  /** Whether all of it is there, as its name says. If not, nothing is left. */
  public boolean verify(Snapshot snapshot) {
    boolean whole = kept(snapshot) == snapshot.bytes();
    if (whole && name(incomingBytes).equals(snapshot.name())) {
      return true;
    }
    incoming = null;
    return false;
  }

  /** The state in a snapshot that is there as a whole, which it gives away. */
  public MemoryStore takeIncoming(Snapshot snapshot) {
    if (kept(snapshot) < snapshot.bytes()) {
      throw new IllegalStateException("not all is there of " + snapshot);
    }
    incoming = null;
    return MemoryStore.read(incomingBytes);
  }

  private static String name(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
