package synod.paxos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How a cluster comes to be, once, and who may vote in it.
 *
 * <p>An empty acceptor can't know whether it is new or has forgotten what it promised. So a cluster
 * forms only when <em>all</em> configured acceptors say that they have never run: the founder (the
 * first by name) draws a cluster id and makes it durable, the others join it durably, and only when
 * all have joined, the founder becomes a member and says so; the rest follow. Hence: as long as an
 * acceptor can still join, no acceptor has voted; and an empty acceptor that hears of any member
 * must have been one itself and has forgotten it. That one never votes again.
 *
 * <p>A node whose data was restored from a backup is new too, but holds a state. A cluster forms
 * only of acceptors that hold the same, and a node with another state never becomes a part of it:
 * what its acceptors choose is to be applied to one state.
 *
 * <p>Belongs to one thread. Each step is made durable before it is reported to others.
 */
public final class Formation {
  /** What a node's memory is worth. */
  public enum Standing {
    /** Empty: it has never run, or has forgotten. */
    UNFORMED,
    /** The founder, between drawing the cluster id and learning that all acceptors have joined. */
    FORMING,
    /** An acceptor that has joined and waits for the founder's word. */
    JOINED,
    /** An acceptor with all its rights. */
    MEMBER,
    /** An acceptor that has lost its memory: it may learn, and neither votes nor campaigns. */
    FORGOTTEN,
    /** A node that runs no acceptor and knows its cluster. */
    LEARNER;

    /** Whether a node of this standing has nothing left to find out. */
    public boolean isSettled() {
      return this == MEMBER || this == FORGOTTEN || this == LEARNER;
    }
  }

  /**
   * What a node says of itself.
   *
   * @param clusterId null while it is {@link Standing#UNFORMED}
   * @param restoredFrom the name of the snapshot that its state began with, empty if it began with
   *     nothing
   */
  public record Report(Standing standing, String clusterId, String restoredFrom) {
    public Report {
      Objects.requireNonNull(restoredFrom, "restoredFrom");
    }

    /** Of a node that began with nothing. */
    public Report(Standing standing, String clusterId) {
      this(standing, clusterId, "");
    }
  }

  private final String node;
  private final SortedSet<String> acceptors;
  private Report self;

  /** The latest report of each configured node. */
  private final Map<String, Report> heard = new HashMap<>();

  /**
   * @param self this node's durable standing
   */
  public Formation(String node, SortedSet<String> acceptors, Report self) {
    this.node = node;
    this.acceptors = acceptors;
    this.self = self;
  }

  public Report self() {
    return self;
  }

  /** Takes what another node says of itself. */
  public void heard(String from, Report report) {
    heard.put(from, report);
  }

  /**
   * The next step, if there is one: to be made durable, then confirmed by {@link #advanced}.
   *
   * @param newClusterId draws a fresh random id
   */
  public Optional<Report> next(Supplier<String> newClusterId) {
    return switch (self.standing()) {
      case UNFORMED -> fromUnformed(newClusterId);
      case FORMING ->
          step(
              everyOther(report -> isOf(report, Standing.JOINED)),
              Standing.MEMBER,
              self.clusterId());
      case JOINED ->
          step(
              heard.values().stream().anyMatch(report -> isOf(report, Standing.MEMBER)),
              Standing.MEMBER,
              self.clusterId());
      case MEMBER, FORGOTTEN, LEARNER -> Optional.empty();
    };
  }

  private Optional<Report> fromUnformed(Supplier<String> newClusterId) {
    Optional<Report> member =
        heard.values().stream().filter(report -> report.standing() == Standing.MEMBER).findAny();
    if (member.isPresent()) {
      if (!self.restoredFrom().isEmpty() && !isOfSameOrigin(member.get())) {
        return Optional.empty();
      }
      Standing standing = acceptors.contains(node) ? Standing.FORGOTTEN : Standing.LEARNER;
      return step(true, standing, member.get().clusterId());
    }
    if (node.equals(acceptors.first())) {
      boolean allNew =
          everyOther(report -> report.standing() == Standing.UNFORMED && isOfSameOrigin(report));
      return allNew ? step(true, Standing.FORMING, newClusterId.get()) : Optional.empty();
    }
    Report founder = heard.get(acceptors.first());
    return acceptors.contains(node)
            && founder != null
            && founder.standing() == Standing.FORMING
            && isOfSameOrigin(founder)
        ? step(true, Standing.JOINED, founder.clusterId())
        : Optional.empty();
  }

  /** The step is durable. */
  public void advanced(Report step) {
    self = step;
  }

  /** What stands in the way, as one sentence for a person; empty if nothing does. */
  public String waitingFor() {
    if (self.standing().isSettled()) {
      return "";
    }
    String unheard =
        String.join(
            ", ",
            acceptors.stream()
                .filter(name -> !name.equals(node) && !heard.containsKey(name))
                .toList());
    if (!unheard.isEmpty()) {
      return "waiting to hear of the acceptors " + unheard;
    }
    List<String> others =
        heard.entrySet().stream()
            .filter(entry -> !isOfSameOrigin(entry.getValue()))
            .map(entry -> entry.getKey() + " " + origin(entry.getValue()))
            .sorted()
            .toList();
    return others.isEmpty()
        ? "waiting for all acceptors to be of one mind: " + heard
        : "this node "
            + origin(self)
            + ", but "
            + String.join(", ", others)
            + "; restore all nodes from the same backup";
  }

  private static String origin(Report report) {
    return report.restoredFrom().isEmpty()
        ? "began empty"
        : "was restored from " + report.restoredFrom();
  }

  private boolean isOfSameOrigin(Report report) {
    return self.restoredFrom().equals(report.restoredFrom());
  }

  private boolean everyOther(Predicate<Report> condition) {
    return acceptors.stream()
        .filter(name -> !name.equals(node))
        .allMatch(name -> heard.containsKey(name) && condition.test(heard.get(name)));
  }

  private boolean isOf(Report report, Standing standing) {
    return report.standing() == standing && self.clusterId().equals(report.clusterId());
  }

  private Optional<Report> step(boolean taken, Standing standing, String clusterId) {
    return taken
        ? Optional.of(new Report(standing, clusterId, self.restoredFrom()))
        : Optional.empty();
  }
}
