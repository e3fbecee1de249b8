package synod.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The replicated state machine: applies the log's entries in order, each once, to the keys and
 * sessions in a store. Its state is a function of the entries alone, so that all replicas hold the
 * same after the same slot, however the entries were grouped and however often a replica restarted.
 *
 * <p>Revisions are etcd's: each command that changes a key makes the next one; a failed condition
 * or the delete of nothing makes none.
 *
 * <p>Sessions: a command that was applied is not applied again when it comes back; it is answered
 * what it was answered then. A command of a session that is unknown, expired or closed is never
 * applied. Sessions expire by the log's time, which entries carry and which goes up by at most
 * {@link #MAX_STEP_MILLIS} with each; a no-op doesn't move it. Closing a session forgets its
 * results, that of the close too: a retry of {@link Command.CloseSession} is answered {@link
 * Result.SessionExpired}, which to whoever wanted the session closed is as good as {@link
 * Result.Done}.
 *
 * <p>For one thread at a time; calls block on the store. Once a method that changes the state has
 * thrown (but for a wrong first slot), the object can't be used any more; a new one on the same
 * store stands where the last commit left it.
 *
 * <p>What the log may hold depends on {@link FormatVersion}.
 */
public final class KvStateMachine {
  /**
   * The most by which one entry moves the log's time: a leader whose clock is far ahead expires no
   * session with a longer ttl at once.
   */
  public static final long MAX_STEP_MILLIS = 10_000;

  /** What an entry counts in {@link #log} beside its bytes, so that no-ops count too. */
  public static final int LOG_OVERHEAD_BYTES = 16;

  private final OrderedStore store;
  private final int known;
  private final Changes changes;
  private final Scrub scrub;
  private final Records records;
  private final History history;
  private final Keys keys;
  private final Sessions sessions;
  private final Agreement agreement = new Agreement();
  private long applied;
  private long revision;
  private long logTime;
  private int version;
  private boolean failed;

  /**
   * Loads what the store holds; a new store is at slot and revision 0.
   *
   * @throws CodecException if the store holds something else, or in a format that isn't known here
   */
  public KvStateMachine(OrderedStore store) {
    this(store, FormatVersion.LATEST);
  }

  /**
   * @param known the highest {@link FormatVersion} of which the log is understood; below {@link
   *     FormatVersion#LATEST} to behave as a program of that version
   */
  public KvStateMachine(OrderedStore store, int known) {
    this.store = store;
    this.known = known;
    StateRecord state = StateRecord.load(store);
    requireKnown(state.version());
    changes = new Changes(store);
    scrub = new Scrub(store);
    records = new Records(changes, scrub, state.sum());
    history = new History(store, records, state);
    keys = new Keys(store, records, history);
    sessions = Sessions.load(store, records);
    applied = state.applied();
    revision = state.revision();
    logTime = state.logTime();
    version = state.version();
    agreement.remember(applied, fingerprint(state.encode()));
  }

  /**
   * Applies chosen entries and commits all they change at once, with the entries themselves and how
   * far they go. The commit is as durable as the store makes it: call {@link OrderedStore#flush()}
   * for more.
   *
   * @param firstSlot the first entry's slot, the one after {@link #applied()}
   * @param entries of consecutive slots, as made by {@link EntryCodec}; shared, never written to
   * @return what became of every command, in the log's order
   * @throws IllegalStateException if it is another slot's turn; nothing changed
   * @throws CodecException if an entry can't be read. All replicas see the same bytes, so none can
   *     go on: skipping it would split those that can read it from those that can't
   */
  public List<AppliedCommand> apply(long firstSlot, List<byte[]> entries) {
    requireUsable();
    if (firstSlot != applied + 1) {
      throw new IllegalStateException(
          "slot " + firstSlot + " can't be applied: the next one is " + (applied + 1));
    }
    List<AppliedCommand> results = new ArrayList<>();
    if (entries.isEmpty()) {
      return results;
    }
    failed = true;
    byte[] state = null;
    for (byte[] entry : entries) {
      applied++;
      applyEntry(entry, results);
      sessions.endEntry();
      history.endEntry();
      changes.put(StoreKeys.log(applied), entry);
      state = state();
      agreement.remember(applied, fingerprint(state));
    }
    changes.put(StoreKeys.state(), state);
    changes.commit();
    failed = false;
    return results;
  }

  /** The last slot applied, 0 before the first. */
  public long applied() {
    return applied;
  }

  /** The revision of the latest change, 0 before the first. */
  public long revision() {
    return revision;
  }

  /** The format version that the log was raised to: see {@link FormatVersion}. */
  public int version() {
    return version;
  }

  /** Changes up to this revision can't be had any more. */
  public long compacted() {
    return history.compacted();
  }

  /** How much the changes that can be had take, and those not deleted yet. */
  public long historyBytes() {
    return history.bytes();
  }

  /** Whether changes that were compacted wait to be deleted. */
  public boolean isSweeping() {
    return history.oldest() <= history.compacted();
  }

  /** How this replica compares with the others. */
  public Agreement agreement() {
    return agreement;
  }

  /** What this replica reports for others to compare: the state as it is now. */
  public Command.ReportState report() {
    return new Command.ReportState(applied, fingerprint(state()));
  }

  /**
   * Goes on looking whether the store holds what the log made of it, by about this many bytes.
   *
   * @return nothing while under way; at the end, whether it does
   */
  public Optional<Boolean> scrub(long maxBytes) {
    requireUsable();
    return scrub.step(maxBytes, records.sum());
  }

  /**
   * What a copy of a session's command would be answered if the log brought it now: its result if
   * it was applied, {@link Result.SessionExpired} or {@link Result.AlreadyAcknowledged}. None of
   * these changes any more, but for a result that is acknowledged or expires.
   *
   * @return nothing if the command wasn't applied up to here, so that it may still be; also if this
   *     replica hasn't come to the slot that opens the session
   */
  public Optional<Result> lookup(SessionId id, long sequence) {
    requireUsable();
    if (id.slot() > applied) {
      return Optional.empty();
    }
    Session session = sessions.get(id);
    return session == null
        ? Optional.of(new Result.SessionExpired())
        : sessions.answer(session, sequence);
  }

  /** Answers a query, which must be within {@link KvLimits}, on the state as it is now. */
  public Query.Answer read(Query query) {
    requireUsable();
    if (query instanceof Query.Get get) {
      return new Query.KeyAnswer(keys.get(get.key()), revision);
    }
    if (query instanceof Query.ListKeys list) {
      return keys.list(list, revision);
    }
    if (query instanceof Query.ListChanges list) {
      return history.list(list, revision);
    }
    throw new IllegalArgumentException("no such query: " + query.getClass().getName());
  }

  /**
   * The chosen entries of consecutive slots, as they were applied.
   *
   * @param from the first one's slot
   * @param maxBytes stop before the entries, each counted with {@link #LOG_OVERHEAD_BYTES} more,
   *     come to more than this, but not before the first
   * @return empty if the entry of that slot isn't here
   */
  public List<byte[]> log(long from, int maxBytes) {
    requireUsable();
    List<byte[]> entries = new ArrayList<>();
    if (from < 1 || from > applied) {
      return entries;
    }
    long bytes = 0;
    try (OrderedStore.Cursor cursor =
        store.scan(StoreKeys.log(from), StoreKeys.end(StoreKeys.LOG))) {
      while (cursor.next() && StoreKeys.slot(cursor.key()) == from + entries.size()) {
        byte[] entry = cursor.value();
        bytes += entry.length + LOG_OVERHEAD_BYTES;
        if (bytes > maxBytes && !entries.isEmpty()) {
          break;
        }
        entries.add(entry);
      }
    }
    return entries;
  }

  /**
   * Forgets the chosen entries below a slot.
   *
   * @param below at most the slot behind the last one that a {@linkplain OrderedStore#flush()
   *     flush} has made durable
   */
  public void trimLog(long below) {
    requireUsable();
    if (below > applied + 1) {
      throw new IllegalArgumentException("slot " + (below - 1) + " is not applied yet");
    }
    store.deleteRange(StoreKeys.log(0), StoreKeys.log(below));
  }

  /**
   * The SHA-256 of everything that replicas hold in common at this slot: keys with their metadata
   * and history, sessions with their results, revision, log time, versions and the slot. The chosen
   * log is not in it. Reads the whole store.
   */
  public byte[] digest() {
    requireUsable();
    return StateDigest.of(store);
  }

  private byte[] state() {
    return new StateRecord(
            applied,
            revision,
            logTime,
            version,
            history.compacted(),
            history.oldest(),
            history.bytes(),
            records.sum())
        .encode();
  }

  private static long fingerprint(byte[] state) {
    return RecordHash.of(StoreKeys.state(), state);
  }

  private void applyEntry(byte[] entry, List<AppliedCommand> results) {
    if (EntryCodec.isNoOp(entry)) {
      return;
    }
    EntryCodec.Contents contents = EntryCodec.decode(entry);
    logTime = advance(logTime, contents.timestampMillis());
    sessions.expire(logTime);
    int index = 0;
    for (CommandCodec.Batch batch : contents.batches()) {
      for (SessionCommand command : batch.commands()) {
        requireKnown(FormatVersion.of(command.command()));
        Result result = applyOnce(command, new SessionId(applied, index++));
        if (command.command() instanceof Command.ReportState report) {
          agreement.compare(batch.origin(), report);
        }
        results.add(
            new AppliedCommand(
                batch.origin(), batch.incarnation(), command.tag(), applied, result));
      }
    }
  }

  private static long advance(long logTime, long proposed) {
    if (logTime == StateRecord.NO_TIME) {
      return proposed;
    }
    return Math.max(logTime, Math.min(proposed, logTime + MAX_STEP_MILLIS));
  }

  /**
   * @param place where the command stands in the log
   */
  private Result applyOnce(SessionCommand sent, SessionId place) {
    if (sent.command() instanceof Command.OpenSession open) {
      return sessions.open(place, open.ttlMillis(), logTime);
    }
    if (!Sessions.inWindow(sent.sequence(), sent.acknowledged())) {
      return new Result.OutsideWindow();
    }
    Session session = sessions.get(sent.session());
    if (session == null) {
      return new Result.SessionExpired();
    }
    sessions.renew(session, logTime);
    sessions.acknowledge(session, sent.acknowledged());
    Optional<Result> repeated = sessions.answer(session, sent.sequence());
    if (repeated.isPresent()) {
      return repeated.get();
    }
    if (sent.command() instanceof Command.CloseSession) {
      sessions.close(session);
      return new Result.Done();
    }
    int required = FormatVersion.of(sent.command());
    Result result =
        version < required ? new Result.VersionTooLow(version, required) : change(sent.command());
    sessions.record(session, sent.sequence(), result);
    return result;
  }

  private Result change(Command command) {
    Result result;
    if (command instanceof Command.Put put) {
      result = keys.put(put, revision + 1);
    } else if (command instanceof Command.Delete delete) {
      result = keys.delete(delete, revision + 1);
    } else if (command instanceof Command.Compact compact) {
      result = compact(compact.revision());
    } else if (command instanceof Command.RaiseVersion raise) {
      requireKnown(raise.version());
      version = Math.max(version, raise.version());
      result = new Result.Done();
    } else {
      result = new Result.Done();
    }
    if (result instanceof Result.Applied) {
      revision++;
    }
    return result;
  }

  private Result compact(long upTo) {
    if (upTo > revision) {
      return new Result.FutureRevision(revision);
    }
    history.compact(upTo);
    return new Result.Compacted(history.compacted());
  }

  private void requireKnown(int needed) {
    if (needed > known) {
      throw new CodecException(
          "the log needs format version "
              + needed
              + "; this program knows versions up to "
              + known
              + ": run a newer one on this node");
    }
  }

  private void requireUsable() {
    if (failed) {
      throw new IllegalStateException("an earlier apply failed: open the store anew");
    }
  }
}
