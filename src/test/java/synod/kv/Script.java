package synod.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import synod.kv.Command.Condition;

/**
 * A random log together with what the {@link Model} makes of it. The random part names sessions,
 * sequences and revisions relative to what the model holds at that point, so that most commands
 * meet something.
 */
final class Script {
  /** Stands for the revision that the key has when its turn comes. */
  private static final Condition CURRENT = new Condition.ModRevision(-1);

  final Model model = new Model();
  final List<byte[]> entries = new ArrayList<>();

  /** For each entry, what becomes of its commands. */
  final List<List<AppliedCommand>> expected = new ArrayList<>();

  /** The sequences that each session ever used; sessions that never were, too. */
  final Map<SessionId, Set<Long>> used = new TreeMap<>();

  private final List<SessionId> sessions = new ArrayList<>();
  private final Map<SessionId, Long> lastSequence = new HashMap<>();
  private long clock = 1_000_000;
  private long tag;

  /**
   * A command to come.
   *
   * @param session which of the sessions opened so far, counted from the newest
   * @param ahead its sequence above the session's last: 1 for the next, less for a repeat
   * @param unacknowledged how many sequences right below its own are not acknowledged
   */
  record Step(int session, int ahead, int unacknowledged, Command command) {}

  /**
   * An entry to come, a no-op without batches.
   *
   * @param millisLater by how much the leader's clock went on, or back
   */
  record Part(long millisLater, List<List<Step>> batches) {}

  /** Opens a few sessions before the random parts come. */
  Script(List<Part> parts) {
    Command open = new Command.OpenSession(600_000);
    add(new Part(0, List.of(Collections.nCopies(3, new Step(0, 1, 0, open)))));
    for (Part part : parts) {
      add(part);
    }
  }

  private void add(Part part) {
    clock = Math.max(0, clock + part.millisLater());
    List<AppliedCommand> results = new ArrayList<>();
    List<byte[]> batches = new ArrayList<>();
    if (part.batches().isEmpty()) {
      model.applyNoOp();
    } else {
      model.beginEntry(clock);
      for (List<Step> batch : part.batches()) {
        batches.add(add(batch, "n" + batches.size(), results));
      }
    }
    entries.add(batches.isEmpty() ? new byte[0] : EntryCodec.encode(clock, batches));
    expected.add(results);
  }

  private byte[] add(List<Step> batch, String origin, List<AppliedCommand> results) {
    List<SessionCommand> commands = new ArrayList<>();
    for (Step step : batch) {
      SessionCommand sent = concrete(step);
      Result result = model.apply(sent, results.size());
      if (result instanceof Result.SessionOpened opened) {
        sessions.add(opened.session());
      }
      commands.add(sent);
      results.add(new AppliedCommand(origin, model.slot / 3, sent.tag(), model.slot, result));
    }
    return CommandCodec.encode(model.slot / 3, origin, commands);
  }

  private SessionCommand concrete(Step step) {
    if (step.command() instanceof Command.OpenSession) {
      return new SessionCommand(tag++, null, 0, 0, step.command());
    }
    int index = sessions.size() - 1 - step.session();
    SessionId session = index < 0 ? new SessionId(1_000_000, 0) : sessions.get(index);
    long last = lastSequence.getOrDefault(session, 0L);
    long sequence = last + step.ahead();
    long acknowledged = Math.max(0, sequence - 1 - step.unacknowledged());
    lastSequence.put(session, Math.max(last, sequence));
    used.computeIfAbsent(session, id -> new TreeSet<>()).add(sequence);
    Command command = withRevision(step.command());
    return new SessionCommand(tag++, session, sequence, acknowledged, command);
  }

  private Command withRevision(Command command) {
    if (command instanceof Command.Put put && put.condition() == CURRENT) {
      return new Command.Put(put.key(), put.value(), current(put.key()), put.wantPrevious());
    }
    if (command instanceof Command.Delete delete && delete.condition() == CURRENT) {
      return new Command.Delete(delete.key(), current(delete.key()), delete.wantPrevious());
    }
    return command;
  }

  private Condition current(byte[] key) {
    KeyValue found = model.keys.get(new String(key, UTF_8));
    return new Condition.ModRevision(found == null ? 0 : found.modRevision());
  }

  static Arbitrary<List<Part>> parts() {
    Arbitrary<Long> millisLater =
        Arbitraries.of(0L, 0L, 0L, 1L, 1L, 700L, 700L, 4_000L, 9_999L, 1_000_000L, -5_000L);
    Arbitrary<List<List<Step>>> batches = steps().list().ofMaxSize(6).list().ofMaxSize(3);
    return Combinators.combine(millisLater, batches).as(Part::new).list().ofMaxSize(25);
  }

  private static Arbitrary<Step> steps() {
    Arbitrary<Integer> session = Arbitraries.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 50);
    Arbitrary<Integer> ahead =
        Arbitraries.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, -1, -2, -2, -5, -5, 2, 3, 40, 1_020);
    Arbitrary<Integer> unacknowledged =
        Arbitraries.of(0, 0, 0, 0, 1, 2, 3, 5, 10, 10, 20, 20, 30, 1_022, 1_023, 1_024, -1);
    return Combinators.combine(session, ahead, unacknowledged, commands()).as(Step::new);
  }

  static Arbitrary<Command> commands() {
    Arbitrary<byte[]> keys = Arbitraries.of("a", "b", "ba", "c").map(Replica::bytes);
    Arbitrary<byte[]> values = Arbitraries.of("", "1", "2", "longer").map(Replica::bytes);
    Arbitrary<Condition> conditions =
        Arbitraries.of(
            Condition.NONE,
            Condition.NONE,
            Condition.ABSENT,
            Condition.PRESENT,
            CURRENT,
            new Condition.ModRevision(3));
    Arbitrary<Boolean> previous = Arbitraries.of(true, false);
    Arbitrary<Long> ttls = Arbitraries.of(0L, 1_000L, 5_000L, 15_000L, 600_000L, Long.MAX_VALUE);
    return Arbitraries.frequencyOf(
        Tuple.of(16, Combinators.combine(keys, values, conditions, previous).as(Command.Put::new)),
        Tuple.of(8, Combinators.combine(keys, conditions, previous).as(Command.Delete::new)),
        Tuple.of(3, ttls.map(Command.OpenSession::new)),
        Tuple.of(2, Arbitraries.just(new Command.KeepAlive())),
        Tuple.of(5, Arbitraries.of(1L, 1L, 3L, 3L, 10L, 30L, 1_000L).map(Command.Compact::new)),
        Tuple.of(3, Arbitraries.of(1, 2, 2, 2).map(Command.RaiseVersion::new)),
        Tuple.of(1, Arbitraries.just(new Command.ReportState(1, 1))),
        Tuple.of(1, Arbitraries.just(new Command.CloseSession())));
  }
}
