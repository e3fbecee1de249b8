package synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fetches one snapshot from a peer's learner: a bounded window of parts is under way or waits for
 * an earlier one, and no more is asked for than the disk keeps up with. What gets lost is asked for
 * again.
 */
final class SnapshotTransfer {
  /** How many parts may be asked for ahead of what is kept. */
  static final int WINDOW = 16;

  /** Questions in a row without an answer before the peer is given up. */
  static final int PATIENCE = 10;

  private final String peer;
  private final Snapshot snapshot;
  private final PaxosSettings settings;

  /** Invariant: {@code kept <= received <= asked <= snapshot.bytes()}. */
  private long kept;

  private long received;
  private long asked;

  /** Parts that came before an earlier one. Invariant: they lie within the window. */
  private final TreeMap<Long, byte[]> early = new TreeMap<>();

  private long repeatAt;
  private int fruitless;
  private boolean installing;

  /**
   * @param kept what is durable of it from an earlier transfer
   */
  SnapshotTransfer(String peer, Snapshot snapshot, long kept, PaxosSettings settings) {
    Invariant.check(0 <= kept && kept <= snapshot.bytes(), "%d bytes kept of %s", kept, snapshot);
    this.peer = peer;
    this.snapshot = snapshot;
    this.settings = settings;
    this.kept = kept;
    this.received = kept;
    this.asked = kept;
  }

  /** A message with so much in it isn't too large to travel in one piece. */
  static int partBytes(PaxosSettings settings) {
    return settings.partBytes() - settings.partBytes() / 16;
  }

  String peer() {
    return peer;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** When {@link #repeat} is due. */
  long repeatAt() {
    return installing ? Long.MAX_VALUE : repeatAt;
  }

  boolean isGivenUp() {
    return fruitless > PATIENCE;
  }

  /** Asks for what the window has room for; has it installed if all of it is there. */
  List<Effect> advance(long now) {
    List<Effect> effects = new ArrayList<>();
    if (kept == snapshot.bytes()) {
      if (!installing) {
        installing = true;
        effects.add(new Effect.InstallSnapshot(snapshot));
      }
      return effects;
    }
    int part = partBytes(settings);
    long end = Math.min(snapshot.bytes(), kept + (long) WINDOW * part);
    while (asked < end) {
      int length = (int) Math.min(part, end - asked);
      if (!early.containsKey(asked)) {
        effects.add(
            new Effect.Send(
                peer, Role.LEARNER, new Message.FetchSnapshot(snapshot, asked, length)));
      }
      asked += length;
    }
    repeatAt = now + settings.retransmitInterval().toNanos();
    return effects;
  }

  List<Effect> part(Message.SnapshotPart part, long now) {
    long end = part.offset() + part.bytes().length;
    if (part.offset() < received || end > asked || part.bytes().length == 0) {
      return List.of();
    }
    fruitless = 0;
    repeatAt = now + settings.retransmitInterval().toNanos();
    early.put(part.offset(), part.bytes());
    List<Effect> effects = new ArrayList<>();
    while (!early.isEmpty() && early.firstKey() == received) {
      Map.Entry<Long, byte[]> next = early.pollFirstEntry();
      effects.add(new Effect.KeepSnapshotPart(snapshot, next.getKey(), next.getValue()));
      received += next.getValue().length;
    }
    // Parts of other lengths than were asked for may have overlapped.
    early.headMap(received, false).clear();
    return effects;
  }

  /** Everything up to this byte is durable. */
  List<Effect> kept(long upTo, long now) {
    kept = Math.max(kept, Math.min(upTo, received));
    fruitless = 0;
    return advance(now);
  }

  /** Asks again for what hasn't come, unless that is given up. */
  List<Effect> repeat(long now) {
    if (asked > received) {
      fruitless++;
    }
    if (isGivenUp()) {
      return List.of();
    }
    asked = received;
    return advance(now);
  }
}
