package synod.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import synod.kv.AppliedCommand;
import synod.kv.Command;
import synod.kv.CommandCodec;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.kv.Result;
import synod.kv.SessionCommand;
import synod.kv.SessionId;
import synod.kv.Sessions;
import synod.paxos.Ballot;
import synod.paxos.Message;
import synod.paxos.PaxosSettings;

/**
 * Serves clients at one node: gathers their requests into batches for the leader, repeats them
 * across leader changes with the same session and sequence, and answers from what its own node's
 * learner applies.
 *
 * <p>Guarantees: each request is answered once, within its timeout; {@link Outcome.Refused} only if
 * no copy of it ever left; a repeated write is applied at most once. Deterministic, and belongs to
 * one thread; time comes in as nanoseconds of any monotonic clock.
 */
public final class Gateway {
  /** Batches of commands on their way at once; what arrives meanwhile gathers for the next. */
  static final int MAX_SUBMISSIONS = 4;

  /** Rounds of linearizable reads that the leader is asked to confirm at once. */
  static final int MAX_READ_ROUNDS = 2;

  /** Longer timeouts are cut to this. */
  static final long MAX_TIMEOUT_MILLIS = 3_600_000;

  /** How long the session for clients that bring none lives unused, by the log's time. */
  static final long SESSION_TTL_MILLIS = 600_000;

  /** Where a gateway's decisions go. */
  public interface Output {
    /** To the proposer of the node that is believed to lead. */
    void send(String node, Message message);

    /** To this node's learner. */
    void read(LocalRead read);

    /**
     * @param handle as given with the request
     */
    void reply(long handle, Outcome outcome);

    /** This many requests left together for the first time. For statistics alone. */
    default void batched(boolean writes, int requests) {}

    /** This many messages leave once more. For statistics alone. */
    default void repeated(int messages) {}
  }

  /**
   * Queries for this node's learner, which answers them together.
   *
   * @param id ascends within a gateway's incarnation; a repeat carries the same one and replaces
   *     the first
   * @param minSlot answer once this slot is applied
   * @param minRevision answer once the store has reached this revision
   */
  public record LocalRead(
      long incarnation, long id, long minSlot, long minRevision, List<Query> queries) {
    public LocalRead {
      queries = List.copyOf(queries);
    }
  }

  private final String node;
  private final long incarnation;
  private final int maxRequests;
  private final PaxosSettings settings;
  private final Output output;

  private Ballot leader = Ballot.NONE;
  private long lastNumber;

  /** Requests not answered yet. */
  private int inFlight;

  private final TreeSet<Pending> deadlines =
      new TreeSet<>(
          Comparator.comparingLong((Pending pending) -> pending.deadline)
              .thenComparingLong(pending -> pending.handle));

  /**
   * Writes that no submission carries yet. Those that need the gateway's session wait for it apart.
   */
  private final Deque<Write> stamped = new ArrayDeque<>();

  private final Deque<Write> unstamped = new ArrayDeque<>();

  /** Writes that left, by tag. */
  private final Map<Long, Write> sent = new HashMap<>();

  private final TreeMap<Long, Submission> submissions = new TreeMap<>();

  /** Linearizable reads that no round covers yet. */
  private final Deque<Read> arrivedReads = new ArrayDeque<>();

  private final TreeMap<Long, ReadRound> readRounds = new TreeMap<>();

  /**
   * Nodes whose disk quota is used up; while there are any, nothing is to be added to the store.
   */
  private Set<String> overQuota = Set.of();

  /** The session for clients that bring none; null while it is not open. */
  private SessionId session;

  private boolean opening;
  private long lastSequence;
  private long sessionUsedAt;

  /** Invariant: the sequences of the gateway's session whose results aren't known yet. */
  private final TreeSet<Long> outstanding = new TreeSet<>();

  /**
   * @param incarnation a random positive value, new for each life of this role
   */
  public Gateway(
      String node, long incarnation, int maxRequests, PaxosSettings settings, Output output) {
    this.node = node;
    this.incarnation = incarnation;
    this.maxRequests = maxRequests;
    this.settings = settings;
    this.output = output;
  }

  // What a gateway holds

  private abstract static class Pending {
    /** {@link #OWN} for the gateway's own commands. */
    final long handle;

    final long deadline;
    boolean done;

    Pending(long handle, long deadline) {
      this.handle = handle;
      this.deadline = deadline;
    }

    abstract Outcome expired();
  }

  private static final long OWN = -1;

  private static final class Write extends Pending {
    final Command command;

    /** The client's, or the gateway's once it is submitted. */
    Request.Stamp stamp;

    final boolean inOwnSession;
    Submission submission;

    Write(long handle, long deadline, Command command, Request.Stamp stamp, boolean inOwnSession) {
      super(handle, deadline);
      this.command = command;
      this.stamp = stamp;
      this.inOwnSession = inOwnSession;
    }

    @Override
    Outcome expired() {
      return submission == null
          ? new Outcome.Refused(
              Outcome.Reason.UNAVAILABLE, "no leader took the request in time; it was not applied")
          : new Outcome.Unknown("the write may or may not be applied");
    }
  }

  private static final class Read extends Pending {
    final Query query;

    Read(long handle, long deadline, Query query) {
      super(handle, deadline);
      this.query = query;
    }

    @Override
    Outcome expired() {
      return new Outcome.Refused(
          Outcome.Reason.UNAVAILABLE, "no quorum confirmed the read, or the replica lags behind");
    }
  }

  /** What is repeated until it is answered. */
  private static class Exchange {
    private long interval;
    private long repeatAt;

    Exchange(PaxosSettings settings, long now) {
      // Well above a usual round, so that load alone causes no repeats.
      interval = 4 * settings.retransmitInterval().toNanos();
      repeatAt = now + interval;
    }

    /** Whether it is time; puts the next time off. */
    boolean isDue(PaxosSettings settings, long now) {
      if (now < repeatAt) {
        return false;
      }
      long longest = PaxosSettings.MAX_BACKOFF * settings.retransmitInterval().toNanos();
      interval = Math.min(2 * interval, longest);
      repeatAt = now + interval;
      return true;
    }
  }

  private static final class Submission extends Exchange {
    final long id;
    final byte[] commands;

    /** Tags of its commands that are neither answered nor given up. */
    final TreeSet<Long> tags;

    Submission(long id, byte[] commands, TreeSet<Long> tags, PaxosSettings settings, long now) {
      super(settings, now);
      this.id = id;
      this.commands = commands;
      this.tags = tags;
    }
  }

  private static final class ReadRound extends Exchange {
    final long id;
    final List<Read> reads;

    /** What the learner was asked, null while the leader hasn't answered. */
    LocalRead local;

    ReadRound(long id, List<Read> reads, PaxosSettings settings, long now) {
      super(settings, now);
      this.id = id;
      this.reads = reads;
    }
  }

  // Requests

  /** The highest ballot that a leader was heard of at. */
  public Ballot leader() {
    return leader;
  }

  /** Requests not answered yet. */
  public int inFlight() {
    return inFlight;
  }

  /** Requests that have not left yet. */
  public int waiting() {
    return stamped.size() + unstamped.size() + arrivedReads.size();
  }

  /**
   * Takes a request. Call {@link #flush} when no more are at hand.
   *
   * @param handle comes back with the one reply; not negative, and never used twice
   */
  public void request(long handle, Request request, long now) {
    Optional<String> problem = problemWith(request);
    if (problem.isPresent()) {
      output.reply(handle, new Outcome.Refused(Outcome.Reason.INVALID, problem.get()));
      return;
    }
    if (!overQuota.isEmpty() && adds(request.operation())) {
      output.reply(
          handle,
          new Outcome.Refused(
              Outcome.Reason.QUOTA_EXCEEDED,
              "the disk quota of "
                  + String.join(", ", overQuota)
                  + " is used up: nothing is added to the store until there is room again"));
      return;
    }
    if (inFlight >= maxRequests) {
      output.reply(
          handle,
          new Outcome.Refused(
              Outcome.Reason.OVERLOADED, maxRequests + " requests are in flight at this node"));
      return;
    }
    long deadline = now + Math.min(request.timeoutMillis(), MAX_TIMEOUT_MILLIS) * 1_000_000;
    inFlight++;
    if (request.operation() instanceof Operation.Write write) {
      boolean ownSession =
          request.session() == null && !(write.command() instanceof Command.OpenSession);
      Write pending = new Write(handle, deadline, write.command(), request.session(), ownSession);
      deadlines.add(pending);
      (ownSession ? unstamped : stamped).add(pending);
    } else if (request.operation() instanceof Operation.LinearizableRead read) {
      Read pending = new Read(handle, deadline, read.query());
      deadlines.add(pending);
      arrivedReads.add(pending);
    } else if (request.operation() instanceof Operation.StaleRead read) {
      Read pending = new Read(handle, deadline, read.query());
      deadlines.add(pending);
      ReadRound round = new ReadRound(++lastNumber, List.of(pending), settings, now);
      readRounds.put(round.id, round);
      askLearner(round, 0, read.minRevision());
    }
  }

  /** Names the nodes whose disk quota is used up, in the order in which they are shown. */
  public void overQuota(Set<String> nodes) {
    overQuota = nodes;
  }

  /** What makes the store larger; the log and its upkeep come and go. */
  private static boolean adds(Operation operation) {
    return operation instanceof Operation.Write write && write.command() instanceof Command.Put;
  }

  private static Optional<String> problemWith(Request request) {
    if (request.timeoutMillis() <= 0) {
      return Optional.of("the timeout must be positive: " + request.timeoutMillis() + " ms");
    }
    if (request.operation() instanceof Operation.Write write) {
      Request.Stamp stamp = request.session();
      if (stamp != null && write.command() instanceof Command.OpenSession) {
        return Optional.of("a session is opened without a session");
      }
      if (stamp == null && ofItsOwnSession(write.command())) {
        return Optional.of("a session is kept alive or closed by a command of that session");
      }
      Optional<String> misplaced =
          stamp == null
              ? Optional.empty()
              : KvLimits.checkPlace(stamp.sequence(), stamp.acknowledged());
      return misplaced.or(() -> KvLimits.check(write.command()));
    }
    Query query =
        request.operation() instanceof Operation.LinearizableRead read
            ? read.query()
            : ((Operation.StaleRead) request.operation()).query();
    return KvLimits.check(query);
  }

  /** Whether a command only makes sense in the session that its client opened. */
  private static boolean ofItsOwnSession(Command command) {
    return command instanceof Command.KeepAlive || command instanceof Command.CloseSession;
  }

  // What comes back

  /** Takes a message of a proposer, or of this node's learner. */
  public void receive(String from, Message message, long now) {
    if (message instanceof Message.ReadIndex index) {
      ReadRound round = index.incarnation() == incarnation ? readRounds.get(index.id()) : null;
      if (round != null && round.local == null) {
        askLearner(round, index.slot(), 0);
      }
    } else if (message instanceof Message.LeaderKnown known) {
      follow(known.leader(), now);
    } else if (message instanceof Message.NotLeader refusal) {
      follow(refusal.leader(), now);
    } else {
      throw new IllegalArgumentException("not for a gateway: " + message);
    }
  }

  private void follow(Ballot ballot, long now) {
    if (ballot.isAbove(leader)) {
      leader = ballot;
      submissions.values().forEach(this::submit);
      readRounds.values().stream().filter(round -> round.local == null).forEach(this::askLeader);
      flush(now);
    }
  }

  /** Takes the results of commands that this node's learner has applied, in the log's order. */
  public void applied(List<AppliedCommand> results, long now) {
    for (AppliedCommand applied : results) {
      if (applied.incarnation() == incarnation && applied.origin().equals(node)) {
        Write write = sent.get(applied.tag());
        if (write != null) {
          forget(applied.tag(), write);
          answer(write, applied, now);
        }
      }
    }
  }

  private void answer(Write write, AppliedCommand applied, long now) {
    Result result = applied.result();
    if (write.inOwnSession && result instanceof Result.SessionExpired) {
      if (write.stamp.session().equals(session)) {
        session = null;
        outstanding.clear();
      }
      finish(
          write,
          new Outcome.Unknown(
              "the gateway's session expired; the write may or may not be applied"));
    } else if (write.handle == OWN && result instanceof Result.SessionOpened opened) {
      session = opened.session();
      opening = false;
      lastSequence = 0;
      sessionUsedAt = now;
    } else if (write.handle == OWN && result instanceof Result.TooManySessions) {
      opening = false;
      while (!unstamped.isEmpty()) {
        finish(
            unstamped.remove(),
            new Outcome.Refused(
                Outcome.Reason.OVERLOADED, "as many sessions are open as the store holds"));
      }
    } else {
      finish(write, new Outcome.Written(result, applied.slot()));
    }
  }

  /** Takes the learner's answers to one {@link LocalRead}, in the order of its queries. */
  public void answered(long id, List<Query.Answer> answers, long appliedSlot) {
    ReadRound round = readRounds.remove(id);
    if (round == null) {
      return;
    }
    for (int i = 0; i < answers.size(); i++) {
      finish(round.reads.get(i), new Outcome.Answered(answers.get(i), appliedSlot));
    }
  }

  /**
   * Results applied meanwhile are lost to this gateway: it asks for them again, through the log.
   */
  public void learnerRestarted() {
    submissions.values().forEach(this::submit);
    readRounds.values().stream()
        .filter(round -> round.local != null)
        .forEach(round -> output.read(round.local));
  }

  private void finish(Pending pending, Outcome outcome) {
    if (!pending.done && pending.handle != OWN) {
      inFlight--;
      deadlines.remove(pending);
      output.reply(pending.handle, outcome);
    }
    pending.done = true;
  }

  /** A write's result is known, or nobody waits for it any more. */
  private void forget(long tag, Write write) {
    sent.remove(tag);
    write.submission.tags.remove(tag);
    if (write.submission.tags.isEmpty()) {
      submissions.remove(write.submission.id);
    }
    if (write.inOwnSession && write.stamp.session().equals(session)) {
      outstanding.remove(write.stamp.sequence());
    }
  }

  // What goes out

  /** Whether {@link #flush} would send something. */
  public boolean wantsFlush() {
    if (leader.equals(Ballot.NONE)) {
      return false;
    }
    boolean canWrite =
        !stamped.isEmpty() || (!unstamped.isEmpty() && (session != null ? hasRoom() : !opening));
    return (canWrite && submissions.size() < MAX_SUBMISSIONS)
        || (!arrivedReads.isEmpty() && mayAskLeader());
  }

  /** Reads that wait for the replica, some of them for long, don't count. */
  private boolean mayAskLeader() {
    return readRounds.values().stream().filter(round -> round.local == null).count()
        < MAX_READ_ROUNDS;
  }

  /** Sends what has gathered, as far as there is room. */
  public void flush(long now) {
    if (leader.equals(Ballot.NONE)) {
      return;
    }
    if (!unstamped.isEmpty() && session == null && !opening) {
      opening = true;
      stamped.add(
          new Write(OWN, Long.MAX_VALUE, new Command.OpenSession(SESSION_TTL_MILLIS), null, false));
    }
    while (submissions.size() < MAX_SUBMISSIONS && submitBatch(now)) {
      // the next one
    }
    if (!arrivedReads.isEmpty() && mayAskLeader()) {
      ReadRound round = new ReadRound(++lastNumber, List.copyOf(arrivedReads), settings, now);
      arrivedReads.clear();
      readRounds.put(round.id, round);
      output.batched(false, round.reads.size());
      askLeader(round);
    }
  }

  private boolean submitBatch(long now) {
    List<Write> batch = new ArrayList<>();
    int bytes = 0;
    for (Write next = nextWrite(now); next != null; next = nextWrite(now)) {
      batch.add(next);
      bytes += sizeOf(next.command);
      if (bytes >= settings.maxBatchBytes()) {
        break;
      }
    }
    if (batch.isEmpty()) {
      return false;
    }
    TreeSet<Long> tags = new TreeSet<>();
    List<SessionCommand> commands = new ArrayList<>(batch.size());
    for (Write write : batch) {
      long tag = ++lastNumber;
      tags.add(tag);
      sent.put(tag, write);
      commands.add(
          write.stamp == null
              ? new SessionCommand(tag, null, 0, 0, write.command)
              : new SessionCommand(
                  tag,
                  write.stamp.session(),
                  write.stamp.sequence(),
                  write.stamp.acknowledged(),
                  write.command));
    }
    Submission submission =
        new Submission(
            ++lastNumber, CommandCodec.encode(incarnation, node, commands), tags, settings, now);
    batch.forEach(write -> write.submission = submission);
    submissions.put(submission.id, submission);
    output.batched(true, commands.size());
    submit(submission);
    return true;
  }

  /** The next write that may leave, stamped; null if there is none. */
  private Write nextWrite(long now) {
    Write write = stamped.poll();
    if (write != null || unstamped.isEmpty() || session == null) {
      return write;
    }
    if (!hasRoom()) {
      return null;
    }
    write = unstamped.remove();
    outstanding.add(++lastSequence);
    write.stamp = new Request.Stamp(session, lastSequence, outstanding.first() - 1);
    sessionUsedAt = now;
    return write;
  }

  /** Whether the gateway's session may number one more write. */
  private boolean hasRoom() {
    return outstanding.isEmpty() || lastSequence + 1 - outstanding.first() < Sessions.WINDOW;
  }

  private static int sizeOf(Command command) {
    if (command instanceof Command.Put put) {
      return put.key().length + put.value().length;
    }
    return command instanceof Command.Delete delete ? delete.key().length : 0;
  }

  private void submit(Submission submission) {
    output.send(
        leader.proposer(), new Message.Submit(incarnation, submission.id, submission.commands));
  }

  private void askLeader(ReadRound round) {
    output.send(leader.proposer(), new Message.ReadIndexRequest(incarnation, round.id));
  }

  private void askLearner(ReadRound round, long minSlot, long minRevision) {
    round.local =
        new LocalRead(
            incarnation,
            round.id,
            minSlot,
            minRevision,
            round.reads.stream().map(read -> read.query).toList());
    output.read(round.local);
  }

  // Time

  /** When {@link #tick} is next due, if nothing else happens before. */
  public long wakeUpAt() {
    long next = sessionKeepAliveAt();
    if (!deadlines.isEmpty()) {
      next = Math.min(next, deadlines.first().deadline);
    }
    for (Submission submission : submissions.values()) {
      next = Math.min(next, ((Exchange) submission).repeatAt);
    }
    for (ReadRound round : readRounds.values()) {
      next = Math.min(next, ((Exchange) round).repeatAt);
    }
    return next;
  }

  private long sessionKeepAliveAt() {
    return session == null ? Long.MAX_VALUE : sessionUsedAt + SESSION_TTL_MILLIS * 1_000_000 / 3;
  }

  /** Answers what is overdue, repeats what is unanswered, keeps the session alive. */
  public void tick(long now) {
    while (!deadlines.isEmpty() && deadlines.first().deadline <= now) {
      expire(deadlines.first());
    }
    int repeated = 0;
    for (Submission submission : submissions.values()) {
      if (submission.isDue(settings, now)) {
        repeated++;
        submit(submission);
      }
    }
    for (ReadRound round : readRounds.values()) {
      if (round.isDue(settings, now)) {
        repeated++;
        if (round.local == null) {
          askLeader(round);
        } else {
          output.read(round.local);
        }
      }
    }
    if (repeated > 0) {
      output.repeated(repeated);
    }
    if (now >= sessionKeepAliveAt()) {
      sessionUsedAt = now;
      unstamped.add(new Write(OWN, Long.MAX_VALUE, new Command.KeepAlive(), null, true));
    }
    flush(now);
  }

  private void expire(Pending pending) {
    finish(pending, pending.expired());
    if (pending instanceof Write write) {
      if (write.submission == null) {
        stamped.remove(write);
        unstamped.remove(write);
      } else {
        write.submission.tags.stream()
            .filter(tag -> sent.get(tag) == write)
            .findFirst()
            .ifPresent(tag -> forget(tag, write));
      }
    } else {
      arrivedReads.remove(pending);
      readRounds.values().removeIf(round -> round.reads.stream().allMatch(read -> read.done));
    }
  }
}
