package synod.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import synod.kv.Command;
import synod.paxos.Role;
import synod.storage.DataDirectory;
import synod.storage.DiskUse;

/**
 * Does for the cluster what no client asks for, through the log: every node reports its replica's
 * state for the others to compare; the leader's node raises the format version when all nodes have
 * announced a higher one, and compacts the history when it has grown too long. Beside the log, a
 * node whose disk quota is used up says so to all the others, so that their gateways add nothing,
 * and all of them make room. What is lost on the way is tried again; what is done twice does no
 * harm.
 */
final class UpkeepActor extends AbstractBehavior<UpkeepActor.Message> {
  static final String NAME = "upkeep";

  /** How often it looks what is to be done. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** A command that isn't answered after this long may be sent again. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /**
   * For how long a node counts as over its quota that said so; several such messages may be lost.
   */
  private static final Duration QUOTA_REMEMBERED = INTERVAL.multipliedBy(5);

  interface Message {}

  /** Which version does the receiver's program know? */
  record AskVersion(String fingerprint, String from) implements Message, CborSerializable {}

  record Version(String fingerprint, String from, int version)
      implements Message, CborSerializable {}

  /** The sender's disk quota is used up. Said again and again for as long as it is. */
  record OverQuota(String fingerprint, String from) implements Message, CborSerializable {}

  private record Report(Command.ReportState report, long revision) implements Message {}

  private record Answered(GatewayMessage.Replies replies) implements Message {}

  private enum Timer implements Message {
    LOOK
  }

  private final NodeContext node;
  private final ActorRef<RoleMessage.Report> reports;
  private final ActorRef<GatewayMessage.Replies> answers;

  /**
   * What nodes answered to the latest question. Not what they said before it: a node may be back
   * with an older program.
   */
  private final Map<String, Integer> announced = new TreeMap<>();

  /** Other nodes that said to be over their quota, and until when that counts. */
  private final Map<String, Long> overQuota = new TreeMap<>();

  private final RoomMaker room = new RoomMaker();

  private long lastId;

  /** Until when a command of ours is under way, at most; 0 if none is. */
  private long busyUntil;

  private long reportAt;

  /** The revision of the latest report, so that an idle store stays idle. */
  private long reported = -1;

  private UpkeepActor(
      ActorContext<Message> context, TimerScheduler<Message> timers, NodeContext node) {
    super(context);
    this.node = node;
    reports =
        context.messageAdapter(
            RoleMessage.Report.class, answer -> new Report(answer.report(), answer.revision()));
    answers = context.messageAdapter(GatewayMessage.Replies.class, Answered::new);
    timers.startTimerWithFixedDelay(Timer.LOOK, INTERVAL);
  }

  static Behavior<Message> create(NodeContext node) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new UpkeepActor(context, timers, node)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Timer.LOOK, this::onLook)
        .onMessage(AskVersion.class, this::onAskVersion)
        .onMessage(Version.class, this::onVersion)
        .onMessage(OverQuota.class, this::onOverQuota)
        .onMessage(Report.class, this::onReport)
        .onMessage(Answered.class, this::onAnswered)
        .build();
  }

  private Behavior<Message> onLook() {
    node.tell(Role.LEARNER, new RoleMessage.Scrub());
    ReplicaView replica = node.status().replica();
    boolean isBusy = node.now() < busyUntil;
    boolean isForAll = isForAll();
    makeRoom(replica);
    if (isForAll && !isBusy) {
      raiseOrCompact(replica);
    }
    if (node.status().diskUse().overQuota()) {
      tellOthers(new OverQuota(node.config().fingerprint(), node.name()));
    }
    showOverQuota();
    showAnnounced();
    announced.clear();
    if (isForAll && replica.clusterVersion() < node.formatVersion()) {
      askForVersions();
    }
    if (replica.clusterVersion() >= 2 && node.now() >= reportAt) {
      reportAt = node.now() + node.config().upkeep().compareInterval().toNanos();
      node.tell(Role.LEARNER, new RoleMessage.ReportQuery(reports));
    }
    return this;
  }

  /**
   * Whether what one node does for all is this one's: the leader's, or if that runs no gateway the
   * first one that does.
   */
  private boolean isForAll() {
    NodeStatus.View view = node.status().view();
    if (view.leading()) {
      return node.config().has(Role.GATEWAY);
    }
    String leader = view.leader().proposer();
    List<String> gateways = node.config().nodesWith(Role.GATEWAY);
    return !leader.isEmpty() && !gateways.contains(leader) && gateways.indexOf(node.name()) == 0;
  }

  // The format version

  private void askForVersions() {
    announced.put(node.name(), node.formatVersion());
    tellOthers(new AskVersion(node.config().fingerprint(), node.name()));
  }

  private void tellOthers(Message message) {
    for (NodeConfig.Node other : node.config().nodes()) {
      if (!other.name().equals(node.name())) {
        peer(other).tell(message);
      }
    }
  }

  private Behavior<Message> onAskVersion(AskVersion question) {
    if (question.fingerprint().equals(node.config().fingerprint())) {
      node.config().nodes().stream()
          .filter(other -> other.name().equals(question.from()))
          .forEach(
              other ->
                  peer(other)
                      .tell(
                          new Version(question.fingerprint(), node.name(), node.formatVersion())));
    }
    return this;
  }

  private Behavior<Message> onVersion(Version answer) {
    if (answer.fingerprint().equals(node.config().fingerprint())) {
      announced.put(answer.from(), answer.version());
    }
    return this;
  }

  private void showAnnounced() {
    if (!announced.equals(node.status().replica().announced())) {
      Map<String, Integer> versions = Map.copyOf(announced);
      node.status().updateReplica(view -> view.withAnnounced(versions));
    }
  }

  // Disk quotas

  private Behavior<Message> onOverQuota(OverQuota said) {
    if (said.fingerprint().equals(node.config().fingerprint())) {
      overQuota.put(said.from(), node.now() + QUOTA_REMEMBERED.toNanos());
      showOverQuota();
    }
    return this;
  }

  private void showOverQuota() {
    overQuota.values().removeIf(until -> until - node.now() <= 0);
    SortedSet<String> names = new TreeSet<>(overQuota.keySet());
    if (node.status().diskUse().overQuota()) {
      names.add(node.name());
    }
    if (!names.equals(node.status().overQuota())) {
      node.status().overQuota(names);
      node.events().publish(new NodeEvent.QuotaExceeded(node.name(), names));
    }
  }

  /** Room comes back only where the log is trimmed, which takes snapshots of enough nodes. */
  private void makeRoom(ReplicaView replica) {
    List<Long> held =
        List.of(node.status().view().revision(), replica.compacted(), replica.historyBytes());
    if (room.isDue(!node.status().overQuota().isEmpty(), held, node.now())) {
      DiskUse use = node.status().diskUse();
      long state = use.usedBytes().getOrDefault(DataDirectory.STATE, 0L);
      boolean fits = !use.low() && use.freeBytes() > state;
      node.tell(Role.LEARNER, new RoleMessage.MakeRoom(use.overQuota() && fits));
    }
  }

  private ActorRef<Message> peer(NodeConfig.Node other) {
    return ActorRefResolver.get(getContext().getSystem())
        .resolveActorRef(Peers.path(node.config(), other, NAME));
  }

  // What one node does for all

  private void raiseOrCompact(ReplicaView replica) {
    int common = commonVersion();
    if (common > replica.clusterVersion()) {
      send(new Command.RaiseVersion(common));
      return;
    }
    if (replica.clusterVersion() < 2) {
      return;
    }
    NodeConfig.Upkeep settings = node.config().upkeep();
    long revisions = node.status().view().revision() - replica.compacted();
    boolean isLong =
        revisions > settings.historyRevisions() || replica.historyBytes() > settings.historyBytes();
    boolean mayCompact = !replica.sweeping() && revisions > 1;
    if (mayCompact && (isLong || room.isAtWork())) {
      send(new Command.Compact(replica.compacted() + revisions - kept(replica, revisions)));
    } else if (room.isAtWork()) {
      // Each entry deletes a few of the compacted changes, and gives the next snapshot its slot.
      send(new Command.Compact(replica.compacted()));
    }
  }

  /** The highest version that every configured node has announced; 0 if one hasn't. */
  private int commonVersion() {
    return node.config().nodes().stream()
        .mapToInt(other -> announced.getOrDefault(other.name(), 0))
        .min()
        .orElse(0);
  }

  /** Half of what may be kept, so that there is something to do only now and then. */
  private long kept(ReplicaView replica, long revisions) {
    NodeConfig.Upkeep settings = node.config().upkeep();
    double share = (double) settings.historyBytes() / Math.max(1, replica.historyBytes());
    return (long) (Math.min(settings.historyRevisions(), revisions * Math.min(1, share)) / 2);
  }

  // What every node does

  private Behavior<Message> onReport(Report answer) {
    if (answer.revision() != reported && node.now() >= busyUntil) {
      reported = answer.revision();
      send(answer.report());
    }
    return this;
  }

  private void send(Command command) {
    busyUntil = node.now() + TIMEOUT.toNanos();
    Request request = new Request(++lastId, new Operation.Write(command), null, TIMEOUT.toMillis());
    node.tell(Role.GATEWAY, new GatewayMessage.Requests(List.of(request), answers));
  }

  private Behavior<Message> onAnswered(Answered answer) {
    for (Reply reply : answer.replies().replies()) {
      getContext().getLog().debug("upkeep command {}: {}", reply.id(), reply.outcome());
      if (reply.id() == lastId) {
        busyUntil = 0;
        ReplicaView replica = node.status().replica();
        if (room.isAtWork() && replica.sweeping() && isForAll()) {
          raiseOrCompact(replica);
        }
      }
    }
    return this;
  }
}
