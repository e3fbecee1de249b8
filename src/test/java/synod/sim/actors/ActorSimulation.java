package synod.sim.actors;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
import synod.node.NodeConfig;
import synod.node.NodeStatus;
import synod.node.Operation;
import synod.node.VirtualNode;
import synod.paxos.Message;
import synod.paxos.ProtocolEvent;
import synod.paxos.Quorums;
import synod.paxos.Role;
import synod.sim.EventQueue;
import synod.sim.Lines;
import synod.sim.SimulationFailure;
import synod.sim.Trace;

/**
 * One schedule: whole nodes of real actors, each in an actor system of its own, with clients, on
 * one thread, in virtual time, from one seed. First with faults, the rules checked after every
 * step; then without any, and all that is pending must come to its end within ten of the longest
 * election timeouts. The same seed gives the same run.
 */
final class ActorSimulation {
  /** Faults go on at most for this long. */
  private static final long FAULTS_FOR = 4_000 * Day.MILLI;

  private static final int TIMEOUTS_TO_FINISH = 10;
  private static final long MAX_EVENTS = 3_000_000;
  private static final Budget BUDGET = new Budget(3_000_000, 100_000);

  private final SplittableRandom random;
  private final Day day;
  private final EventQueue queue = new EventQueue();
  private final Trace trace;
  private final History history = new History();
  private final Quorums quorums;
  private final Rules rules;
  private final Network network;
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final List<Client> clients = new ArrayList<>();
  private final Workload workload;
  private final Faults faults;
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
      int nodes,
      long hash,
      long events,
      int elections,
      int installed,
      int operations,
      long unknown,
      boolean undecided,
      String trace) {}

  private ActorSimulation(long seed, boolean readable) {
    random = new SplittableRandom(seed);
    day = Day.draw(random);
    trace = new Trace(queue, readable);
    quorums = Quorums.majority(List.of(day.names()));
    rules = new Rules(quorums);
    network = new Network(this, day.nodes());
    for (String name : day.names()) {
      hosts.put(name, new Host(this, name, hosts.size()));
    }
    workload = new Workload(random, day.keys(), day.operations());
    faults = new Faults(this);
  }

  /**
   * Runs the schedule of a seed.
   *
   * @param readable whether the report shall hold a trace for people
   * @throws SimulationFailure if a rule was broken
   */
  static Report run(long seed, boolean readable) {
    ActorSimulation simulation = new ActorSimulation(seed, readable);
    try {
      return simulation.run();
    } catch (SimulationFailure failure) {
      throw failure.in(simulation.trace);
    } finally {
      simulation.hosts().forEach(Host::crash);
    }
  }

  private Report run() {
    trace.say("%s", day);
    hosts().forEach(host -> queue.after(random.nextLong(20 * Day.MILLI), host::start));
    for (int i = 1; i <= day.clients(); i++) {
      String name = "c" + i;
      boolean inSession = random.nextInt(3) > 0;
      clients.add(new Client(this, name, inSession, null, seen -> workload.next(name, seen)));
    }
    clients.forEach(client -> client.start(random.nextLong(200 * Day.MILLI)));
    queue.after(20 * Day.MILLI, faults::start);
    long end = queue.now() + FAULTS_FOR;
    while (queue.now() < end && !workload.isUsedUp()) {
      step();
    }
    heal();
    long deadline = allAwakeAt() + TIMEOUTS_TO_FINISH * day.timing().electionTimeoutMax().toNanos();
    while (!isFinished()) {
      if (queue.now() > deadline) {
        throw new SimulationFailure("what is pending comes to its end", "%s", pending());
      }
      step();
    }
    return report(judge());
  }

  private void step() {
    if (!queue.step() || queue.happened() > MAX_EVENTS) {
      throw new SimulationFailure("time goes on", "after %d events", queue.happened());
    }
    rules.check();
  }

  private void heal() {
    trace.say("no faults any more");
    healed = true;
    workload.stop();
    faults.end();
    for (Host host : hosts()) {
      Iterator<Operation> last = lastOperations(host.index() == 0).iterator();
      Client client =
          new Client(
              this,
              "last-" + host,
              false,
              host,
              any -> last.hasNext() ? Optional.of(last.next()) : Optional.empty());
      clients.add(client);
      client.start(random.nextLong(50 * Day.MILLI));
    }
  }

  /** Every node must serve again; and one looks at every key. */
  private List<Operation> lastOperations(boolean all) {
    List<Operation> operations = new ArrayList<>();
    byte[] key = Workload.key(random.nextInt(day.keys()));
    operations.add(new Operation.Write(new Command.Delete(key, Command.Condition.NONE, false)));
    for (int i = 0; i < (all ? day.keys() : 1); i++) {
      operations.add(Workload.get(Workload.key(i)));
    }
    return operations;
  }

  /** When the last role that was stopped is back, and no process is paused any more. */
  private long allAwakeAt() {
    long downtime = day.chaos().downtimeMax().toNanos();
    return hosts().stream().mapToLong(Host::pausedUntil).reduce(queue.now(), Math::max) + downtime;
  }

  private boolean isFinished() {
    if (!clients.stream().allMatch(Client::isFinished)) {
      return false;
    }
    long applied = hosts().get(0).view().appliedSlot();
    return hosts().stream().allMatch(host -> isServing(host.view(), applied));
  }

  private static boolean isServing(NodeStatus.View view, long applied) {
    return view.appliedSlot() == applied && EnumSet.allOf(Role.class).stream().allMatch(view::isUp);
  }

  private String pending() {
    List<String> all = new ArrayList<>();
    clients.stream().filter(client -> !client.isFinished()).forEach(c -> all.add(c.pending()));
    hosts().forEach(host -> all.add(host.view().toString()));
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
        day.nodes(),
        trace.hash(),
        queue.happened(),
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

  Day day() {
    return day;
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

  Rules rules() {
    return rules;
  }

  Network network() {
    return network;
  }

  List<Host> hosts() {
    return List.copyOf(hosts.values());
  }

  /** The host of this name, null if that is none of the nodes'. */
  Host host(String name) {
    return hosts.get(name);
  }

  Host anyHost() {
    return hosts().get(random.nextInt(hosts.size()));
  }

  /** Whether the time of faults is over. */
  boolean isHealed() {
    return healed;
  }

  void published(ProtocolEvent event) {
    if (event instanceof ProtocolEvent.LeaderElected) {
      elections++;
    } else if (event instanceof ProtocolEvent.SnapshotInstalled) {
      installed++;
    }
  }

  /** What a node of this name is started with. */
  NodeConfig config(String name) {
    Set<Role> roles = EnumSet.allOf(Role.class);
    List<NodeConfig.Node> nodes =
        hosts.keySet().stream().map(each -> new NodeConfig.Node(each, each, 1, 2, roles)).toList();
    NodeConfig.Chaos chaos = day.chaos();
    return new NodeConfig(
        "synod",
        nodes.get(hosts.get(name).index()),
        nodes,
        quorums,
        List.of("n1"),
        Path.of("unused"),
        false,
        day.timing(),
        day.limits(),
        healed
            ? new NodeConfig.Chaos(
                Set.of(),
                chaos.meanTimeBetweenFailures(),
                chaos.downtimeMin(),
                chaos.downtimeMax(),
                chaos.seed())
            : chaos,
        NodeConfig.Security.NONE,
        new NodeConfig.Upkeep(20, 4 << 10, Duration.ofSeconds(2)));
  }

  /** A message as a person wants to read it in a trace. */
  static String describe(Object message) {
    Optional<Message> said = VirtualNode.fromElsewhere(message);
    return said.isPresent() ? Lines.of(said.get()) : message.getClass().getSimpleName();
  }
}
