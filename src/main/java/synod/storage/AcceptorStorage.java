package synod.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import synod.kv.OrderedStore.Change;
import synod.kv.OrderedStore.Cursor;
import synod.paxos.AcceptorLog;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Entry;
import synod.paxos.Invariant;

/**
 * An acceptor's promise and accepted entries, and the round of the proposer beside it, in a RocksDB
 * database. Invariants, checked at every write: the promise, the round and the trim point never go
 * back, nothing is accepted below the promise, and none of what is accepted is above it.
 *
 * <p>{@link #write} and {@link #close} belong to one thread at a time; reads may come from any, and
 * reflect every write that has returned.
 *
 * <p>Keys: {@code m} and a name, {@code e} and a slot (8 bytes, big-endian). A ballot is its round,
 * its incarnation, the length of the proposer's name and the name; an entry its ballot and value.
 */
public final class AcceptorStorage implements AcceptorLog, DurableLog, AutoCloseable {
  private static final long WRITE_BUFFER = 8L << 20;
  private static final long CACHE = 4L << 20;

  private static final byte[] PROMISED = "m:promised".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ROUND = "m:round".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRIMMED = "m:trimmed".getBytes(StandardCharsets.US_ASCII);
  private static final byte ENTRY = 'e';
  private static final byte[] AFTER_ENTRIES = {ENTRY + 1};

  private final Database database;

  // Read by any thread: each is set after the write that it comes from is durable.
  private volatile Ballot promised;
  private volatile long round;
  private volatile long lastSlot;
  private volatile long trimmedBelow;

  /** Takes over the database. */
  AcceptorStorage(Database database) {
    this.database = database;
    byte[] ballot = database.get(PROMISED);
    promised = ballot == null ? Ballot.NONE : readBallot(ByteBuffer.wrap(ballot));
    byte[] number = database.get(ROUND);
    round = number == null ? 0 : ByteBuffer.wrap(number).getLong();
    byte[] trimmed = database.get(TRIMMED);
    trimmedBelow = trimmed == null ? 1 : ByteBuffer.wrap(trimmed).getLong();
    byte[] last = database.lastKey(entryKey(0), AFTER_ENTRIES);
    lastSlot = last == null ? 0 : slot(last);
  }

  static AcceptorStorage open(Path directory) {
    Database database =
        Database.open(
            directory, Database.Tail.LAST_WRITE, new DatabaseOptions(WRITE_BUFFER, CACHE));
    try {
      return new AcceptorStorage(database);
    } catch (StorageFailure e) {
      database.close();
      throw new StorageRefusedException(e.getMessage(), e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws synod.paxos.InvariantViolation if a record breaks an invariant; nothing is written then
   */
  @Override
  public void write(List<DurableRecord> records) {
    Ballot nextPromised = promised;
    long nextRound = round;
    long nextLast = lastSlot;
    long nextTrimmed = trimmedBelow;
    Ballot highestAccepted = Ballot.NONE;
    NavigableMap<Long, Change> entries = new TreeMap<>();
    List<Change> changes = new ArrayList<>(records.size() + 2);
    for (DurableRecord record : records) {
      if (record instanceof DurableRecord.Promised promise) {
        requireNotBelow(promise.ballot(), nextPromised, "promised");
        nextPromised = promise.ballot();
      } else if (record instanceof DurableRecord.Accepted accepted) {
        Entry entry = accepted.entry();
        requireNotBelow(entry.ballot(), nextPromised, "accepted");
        highestAccepted = max(highestAccepted, entry.ballot());
        nextLast = Math.max(nextLast, entry.slot());
        Invariant.check(
            entry.slot() >= nextTrimmed,
            "slot %d accepted, below the trim point %d",
            entry.slot(),
            nextTrimmed);
        entries.put(entry.slot(), new Change(entryKey(entry.slot()), entryValue(entry)));
      } else if (record instanceof DurableRecord.Trimmed trim) {
        Invariant.check(
            trim.below() >= nextTrimmed, "trimmed at %d after %d", trim.below(), nextTrimmed);
        nextTrimmed = trim.below();
        entries.headMap(nextTrimmed, false).clear();
      } else if (record instanceof DurableRecord.Round used) {
        Invariant.check(
            used.round() >= nextRound, "round %d written after %d", used.round(), nextRound);
        nextRound = used.round();
      }
    }
    Invariant.check(
        !highestAccepted.isAbove(nextPromised),
        "accepted at %s, above the promise of %s",
        highestAccepted,
        nextPromised);
    if (!nextPromised.equals(promised)) {
      changes.add(new Change(PROMISED, ballotValue(nextPromised)));
    }
    if (nextRound != round) {
      changes.add(new Change(ROUND, ByteBuffer.allocate(Long.BYTES).putLong(nextRound).array()));
    }
    changes.addAll(entries.values());
    Optional<Database.KeyRange> trimmed = Optional.empty();
    if (nextTrimmed != trimmedBelow) {
      changes.add(
          new Change(TRIMMED, ByteBuffer.allocate(Long.BYTES).putLong(nextTrimmed).array()));
      trimmed = Optional.of(new Database.KeyRange(entryKey(trimmedBelow), entryKey(nextTrimmed)));
    }
    database.write(trimmed, changes, true);
    trimmedBelow = nextTrimmed;
    promised = nextPromised;
    round = nextRound;
    lastSlot = nextLast;
  }

  private static void requireNotBelow(Ballot ballot, Ballot promised, String what) {
    Invariant.check(
        !ballot.isBelow(promised), "%s %s, below the promise of %s", what, ballot, promised);
  }

  private static Ballot max(Ballot one, Ballot other) {
    return one.isAbove(other) ? one : other;
  }

  @Override
  public Ballot promised() {
    return promised;
  }

  /** The highest round that this node's proposer has used, 0 if none. */
  public long round() {
    return round;
  }

  @Override
  public long trimmedBelow() {
    return trimmedBelow;
  }

  @Override
  public long lastSlot() {
    return lastSlot;
  }

  @Override
  public Optional<Entry> entry(long slot) {
    byte[] value = database.get(entryKey(slot));
    return value == null ? Optional.empty() : Optional.of(readEntry(slot, value));
  }

  @Override
  public List<Entry> entries(long from, int maxBytes) {
    List<Entry> entries = new ArrayList<>();
    try (Cursor cursor = database.scan(entryKey(from), AFTER_ENTRIES)) {
      long bytes = 0;
      while ((entries.isEmpty() || bytes < maxBytes) && cursor.next()) {
        Entry entry = readEntry(slot(cursor.key()), cursor.value());
        entries.add(entry);
        bytes += entry.value().length;
      }
    }
    return entries;
  }

  @Override
  public void close() {
    database.close();
  }

  private static byte[] entryKey(long slot) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(ENTRY).putLong(slot).array();
  }

  private static long slot(byte[] key) {
    return ByteBuffer.wrap(key).getLong(1);
  }

  private static byte[] ballotValue(Ballot ballot) {
    byte[] name = ballot.proposer().getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(ballotSize(name));
    putBallot(buffer, ballot, name);
    return buffer.array();
  }

  private static byte[] entryValue(Entry entry) {
    byte[] name = entry.ballot().proposer().getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(ballotSize(name) + entry.value().length);
    putBallot(buffer, entry.ballot(), name);
    return buffer.put(entry.value()).array();
  }

  private static int ballotSize(byte[] name) {
    return 2 * Long.BYTES + Short.BYTES + name.length;
  }

  private static void putBallot(ByteBuffer buffer, Ballot ballot, byte[] name) {
    buffer.putLong(ballot.round()).putLong(ballot.incarnation());
    buffer.putShort((short) name.length).put(name);
  }

  private static Ballot readBallot(ByteBuffer buffer) {
    long round = buffer.getLong();
    long incarnation = buffer.getLong();
    byte[] name = new byte[Short.toUnsignedInt(buffer.getShort())];
    buffer.get(name);
    return new Ballot(round, new String(name, StandardCharsets.UTF_8), incarnation);
  }

  private static Entry readEntry(long slot, byte[] stored) {
    ByteBuffer buffer = ByteBuffer.wrap(stored);
    Ballot ballot = readBallot(buffer);
    byte[] value = new byte[buffer.remaining()];
    buffer.get(value);
    return new Entry(slot, ballot, value);
  }
}
