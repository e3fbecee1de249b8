package synod.jmh;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import synod.paxos.Acceptor;
import synod.paxos.AcceptorLog;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Entry;
import synod.paxos.Learner;
import synod.paxos.Message;
import synod.paxos.PaxosSettings;
import synod.paxos.Proposer;
import synod.paxos.Quorums;
import synod.paxos.Role;
import synod.sim.NoSnapshots;

/**
 * One slot's way through the cores of a whole cluster, from a submission to the last learner, with
 * disks and a network that take no time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SlotBenchmark {
  private static final String LEADER = "n1";
  private static final byte[] VALUE = new byte[8_192];

  @Param({"3", "5"})
  public int nodes;

  private final Map<String, Acceptor> acceptors = new LinkedHashMap<>();
  private final Map<String, Learner> learners = new LinkedHashMap<>();
  private final Deque<Sent> network = new ArrayDeque<>();
  private Proposer proposer;
  private long submissions;

  private record Sent(String from, Effect.Send message) {}

  @Setup
  public void elect() {
    Set<String> names = new TreeSet<>();
    for (int i = 1; i <= nodes; i++) {
      names.add("n" + i);
    }
    Quorums quorums = new Quorums(List.copyOf(names), nodes / 2 + 1, nodes / 2 + 1);
    PaxosSettings settings =
        new PaxosSettings(
            Duration.ofMillis(100),
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofMillis(100),
            2,
            512 << 10,
            128 << 10);
    for (String name : names) {
      acceptors.put(name, new Acceptor(name, true, quorums, settings, new Nothing(), 0));
      learners.put(
          name,
          new Learner(
              name,
              true,
              false,
              quorums,
              List.copyOf(names),
              settings,
              0,
              (from, maxBytes) -> List.of(),
              new NoSnapshots(),
              0));
    }
    proposer =
        new Proposer(
            LEADER,
            1,
            0,
            new Proposer.Group(quorums, Set.of(LEADER), names),
            settings,
            batches -> batches.get(0),
            bound -> 0,
            0);
    run(LEADER, Role.PROPOSER, proposer.receive(LEADER, new Message.Progress(1), 0));
    long now = Duration.ofSeconds(1).toNanos();
    run(LEADER, Role.PROPOSER, proposer.tick(now));
    deliver(now);
    if (proposer.phase() != Proposer.Phase.LEADING) {
      throw new IllegalStateException("no leader: " + proposer.phase());
    }
  }

  @Benchmark
  public long chooseAndLearn() {
    long now = Duration.ofSeconds(1).toNanos();
    Message submit = new Message.Submit(1, ++submissions, VALUE);
    run(LEADER, Role.PROPOSER, proposer.receive(LEADER, submit, now));
    run(LEADER, Role.PROPOSER, proposer.flush(now));
    deliver(now);
    long learned = learners.get(LEADER).applied();
    if (learned != submissions) {
      throw new IllegalStateException(learned + " slots learned of " + submissions);
    }
    return learned;
  }

  private void deliver(long now) {
    while (!network.isEmpty()) {
      Sent sent = network.remove();
      String to = sent.message().node();
      Message message = sent.message().message();
      Role role = sent.message().role();
      if (role == Role.ACCEPTOR) {
        run(to, role, acceptors.get(to).receive(sent.from(), message, now));
      } else if (role == Role.LEARNER) {
        run(to, role, learners.get(to).receive(sent.from(), message, now));
      } else if (role == Role.PROPOSER) {
        run(to, role, proposer.receive(sent.from(), message, now));
      }
    }
  }

  private void run(String node, Role role, List<? extends Effect> effects) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.Send send) {
        network.add(new Sent(node, send));
      } else if (effect instanceof Effect.Persist persist) {
        if (role == Role.ACCEPTOR) {
          acceptors.get(node).persisted(persist.id());
        } else {
          proposer.persisted(persist.id());
        }
        run(node, role, persist.release());
      }
    }
  }

  /** A disk that is never asked for what it holds. */
  private static final class Nothing implements AcceptorLog {
    @Override
    public Ballot promised() {
      return Ballot.NONE;
    }

    @Override
    public long trimmedBelow() {
      return 1;
    }

    @Override
    public long lastSlot() {
      return 0;
    }

    @Override
    public Optional<Entry> entry(long slot) {
      return Optional.empty();
    }

    @Override
    public List<Entry> entries(long from, int maxBytes) {
      return List.of();
    }
  }
}
