package synod.sim;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import synod.check.Budget;
import synod.check.History;
import synod.check.LinearizabilityChecker;
import synod.check.Verdict;
import synod.kv.Command;
import synod.kv.Query;
import synod.node.Operation;
import synod.paxos.InvariantViolation;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;

/**
 * One schedule: a whole cluster of the production cores with its clients on one thread, in virtual
 * time, from one seed. First with faults, the rules checked after every step; then without any, and
 * all that is pending must come to its end within ten of the longest election timeouts. The same
 * seed gives the same run.
 */
final class Simulation {
  /** Faults go on at most for this long. */
  private static final long FAULTS_FOR = 8_000 * Swarm.MILLI;

  private static final int TIMEOUTS_TO_FINISH = 10;
  private static final long MAX_EVENTS = 3_000_000;
  private static final Budget BUDGET = new Budget(3_000_000, 100_000);

  private final long seed;
  private final SplittableRandom random;
  private final Swarm swarm;
  private final Mutant mutant;
  private final EventQueue queue = new EventQueue();
  private final Trace trace;
  private final History history = new History();
  private final Watchers watchers;
  private final SimNetwork network;
  private final List<SimNode> nodes = new ArrayList<>();
  private final Map<String, SimNode> byName = new HashMap<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final Workload workload;
  private final Nemesis nemesis;
  private Swarm.Disk disk;
  private boolean healed;
  private int elections;
  private int installed;

  /**
   * What a run was like.
   *
   * @param hash over everything that happened
   * @param undecided whether the history was too hard to judge
   */
  record Report(
      long seed,
      long hash,
      long events,
      long virtualMillis,
      int elections,
      int installed,
      int operations,
      long unknown,
      boolean undecided,
      String trace) {}

  private Simulation(long seed, Mutant mutant, Reduction reduction, boolean readable) {
    this.seed = seed;
    this.mutant = mutant;
    random = new SplittableRandom(seed);
    swarm = reduction.of(Swarm.draw(random));
    trace = new Trace(queue, readable);
    watchers = new Watchers(swarm.quorums(), swarm.settings());
    disk = swarm.disk();
    network = new SimNetwork(this, swarm.acceptors().size() + swarm.learners().size());
    swarm.acceptors().forEach(name -> add(name, EnumSet.allOf(Role.class)));
    swarm.learners().forEach(name -> add(name, EnumSet.of(Role.LEARNER, Role.GATEWAY)));
    workload = new Workload(random, swarm.keys(), swarm.operations());
    nemesis = new Nemesis(this);
  }

  private void add(String name, Set<Role> roles) {
    SimNode node = new SimNode(this, name, nodes.size(), roles);
    nodes.add(node);
    byName.put(name, node);
  }

  /**
   * Runs the schedule of a seed.
   *
   * @param readable whether the report shall hold a trace for people
   * @throws SimulationFailure if a rule was broken
   */
  static Report run(long seed, Mutant mutant, boolean readable) {
    return run(seed, mutant, Reduction.NONE, readable);
  }

  /**
   * Runs a part of the schedule of a seed.
   *
   * @param readable whether the report shall hold a trace for people
   * @throws SimulationFailure if a rule was broken
   */
  static Report run(long seed, Mutant mutant, Reduction reduction, boolean readable) {
    Simulation simulation = new Simulation(seed, mutant, reduction, readable);
    try {
      return simulation.run();
    } catch (SimulationFailure failure) {
      throw failure.in(simulation.trace);
    } catch (InvariantViolation breach) {
      throw new SimulationFailure("a core finds no breach", breach).in(simulation.trace);
    } catch (RuntimeException failure) {
      throw new SimulationFailure("roles do not fail", failure).in(simulation.trace);
    }
  }

  private Report run() {
    trace.say("%s", swarm);
    nodes.forEach(node -> queue.after(random.nextLong(20 * Swarm.MILLI), node::start));
    for (int i = 1; i <= swarm.clients(); i++) {
      clients.add(new SimClient(this, "c" + i, random.nextInt(3) > 0, null, workload::next));
    }
    clients.forEach(client -> client.start(random.nextLong(200 * Swarm.MILLI)));
    nemesis.start();
    long end = queue.now() + FAULTS_FOR;
    while (queue.now() < end && !workload.isUsedUp()) {
      step();
    }
    heal();
    long deadline =
        pausedUntil() + TIMEOUTS_TO_FINISH * swarm.settings().electionTimeoutMax().toNanos();
    while (!isFinished()) {
      if (queue.now() > deadline) {
        throw new SimulationFailure("what is pending comes to its end", "%s", pending());
      }
      step();
    }
    nodes.forEach(node -> watchers.compared(node, node.learner().orElseThrow().machine()));
    return report(judge());
  }

  private void step() {
    if (!queue.step() || queue.happened() > MAX_EVENTS) {
      throw new SimulationFailure("time goes on", "after %d events", queue.happened());
    }
  }

  private void heal() {
    trace.say("no faults any more");
    healed = true;
    workload.stop();
    disk = disk.healthy();
    nemesis.stop();
    for (SimNode node : nodes) {
      Iterator<Operation> last = lastOperations(node == nodes.get(0)).iterator();
      SimClient client =
          new SimClient(
              this,
              "last-" + node,
              false,
              node,
              any -> last.hasNext() ? Optional.of(last.next()) : Optional.empty());
      clients.add(client);
      client.start(random.nextLong(50 * Swarm.MILLI));
    }
  }

  /** Every node must serve again; and one looks at every key. */
  private List<Operation> lastOperations(boolean all) {
    List<Operation> operations = new ArrayList<>();
    byte[] key = Workload.key(random.nextInt(swarm.keys()));
    operations.add(new Operation.Write(new Command.Delete(key, Command.Condition.NONE, false)));
    for (int i = 0; i < (all ? swarm.keys() : 1); i++) {
      operations.add(new Operation.LinearizableRead(new Query.Get(Workload.key(i))));
    }
    return operations;
  }

  private long pausedUntil() {
    return nodes.stream().mapToLong(SimNode::pausedUntil).reduce(queue.now(), Math::max);
  }

  private boolean isFinished() {
    for (SimClient client : clients) {
      if (!client.isFinished()) {
        return false;
      }
    }
    long applied = -1;
    for (SimNode node : nodes) {
      if (node.learner().isEmpty()) {
        return false;
      }
      long here = node.learner().get().machine().applied();
      if (applied >= 0 && here != applied) {
        return false;
      }
      applied = here;
    }
    return true;
  }

  private String pending() {
    List<String> all = new ArrayList<>();
    clients.stream().filter(client -> !client.isFinished()).forEach(c -> all.add(c.pending()));
    for (SimNode node : nodes) {
      String applied = node.learner().map(learner -> "" + learner.machine().applied()).orElse("-");
      all.add(node + " has applied " + applied);
    }
    return String.join("; ", all);
  }

  private Verdict judge() {
    Verdict verdict = LinearizabilityChecker.check(history, BUDGET);
    if (verdict.status() == Verdict.Status.VIOLATION) {
      throw new SimulationFailure("the history is linearizable", "%s", verdict);
    }
    return verdict;
  }

  private Report report(Verdict verdict) {
    return new Report(
        seed,
        trace.hash(),
        queue.happened(),
        queue.now() / Swarm.MILLI - 1_000,
        elections,
        installed,
        verdict.operations(),
        verdict.open(),
        verdict.status() == Verdict.Status.UNDECIDED,
        trace.text());
  }

  // What the parts need of each other

  SplittableRandom random() {
    return random;
  }

  Swarm swarm() {
    return swarm;
  }

  Mutant mutant() {
    return mutant;
  }

  EventQueue queue() {
    return queue;
  }

  Trace trace() {
    return trace;
  }

  History history() {
    return history;
  }

  Watcher watch() {
    return watchers;
  }

  SimNetwork network() {
    return network;
  }

  Nemesis nemesis() {
    return nemesis;
  }

  List<SimNode> nodes() {
    return nodes;
  }

  SimNode node(String name) {
    return byName.get(name);
  }

  SimNode anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /** A node that serves clients, which all do. */
  SimNode anyGateway() {
    return anyNode();
  }

  /** Whether a node and another hear each other at the moment. */
  boolean canReach(SimNode node, String other) {
    SimNode there = byName.get(other);
    return there.isUp() && !network.isCut(node, there) && !network.isCut(there, node);
  }

  /** Whether the time of faults is over. */
  boolean isHealed() {
    return healed;
  }

  /** How long the next write of a disk takes. */
  long diskLatency() {
    long latency = disk.latency() + random.nextLong(disk.jitter());
    boolean stalls = disk.stallPerMille() > 0 && random.nextInt(1000) < disk.stallPerMille();
    return stalls ? latency + random.nextLong(disk.stallFor()) : latency;
  }

  void published(SimNode node, ProtocolEvent event) {
    if (event instanceof ProtocolEvent.LeaderElected) {
      elections++;
    } else if (event instanceof ProtocolEvent.SnapshotInstalled) {
      installed++;
    }
    if (trace.isReadable()) {
      trace.say("%s  %s", node, event);
    }
  }
}
