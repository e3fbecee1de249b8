package synod.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.paxos.Entry;
import synod.paxos.Message;
import synod.paxos.Role;

/**
 * The way from this node's roles to every node's. Remote roles are addressed by their place in the
 * configuration, so that a node that comes back is reached at once; local ones directly. May be
 * shared by threads.
 */
final class Peers {
  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
  private static final int OVERHEAD_BYTES = 64;

  private final NodeContext node;
  private final String fingerprint;
  private final Set<String> names;
  private final ActorRefResolver resolver;
  private final Parts parts;
  private final Map<Address, ActorRef<CborSerializable>> remote = new ConcurrentHashMap<>();

  /** Nodes whose messages were refused: each is logged once. */
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  private record Address(String node, Role role) {}

  Peers(ActorSystem<?> system, NodeContext node) {
    this.node = node;
    this.fingerprint = node.config().fingerprint();
    this.names =
        node.config().nodes().stream().map(NodeConfig.Node::name).collect(Collectors.toSet());
    this.resolver = ActorRefResolver.get(system);
    this.parts = new Parts(system, node.config().limits().partBytes());
  }

  /**
   * Sends a message, which may be lost. To a role that the other node doesn't run it is lost for
   * sure.
   */
  void send(String to, Role role, Message message) {
    if (to.equals(node.name())) {
      ActorRef<RoleMessage> here = node.role(role);
      if (here != null) {
        here.tell(new RoleMessage.FromHere(message));
      }
      return;
    }
    Envelope envelope =
        new Envelope(Envelope.VERSION, fingerprint, node.clusterId(), node.name(), message);
    parts.send(
        remote.computeIfAbsent(new Address(to, role), this::resolve), envelope, size(message));
  }

  /** Sends to an actor of another system by its full path, as it gave it. */
  void sendToClient(String path, CborSerializable message, long size) {
    parts.send(resolver.resolveActorRef(path), message, size);
  }

  /**
   * Whether a message comes from a node of this very cluster, configured alike; others are not for
   * us.
   */
  boolean admits(Envelope envelope) {
    boolean known = names.contains(envelope.from());
    boolean alike = envelope.fingerprint().equals(fingerprint);
    boolean isReadable = envelope.version() <= Envelope.VERSION;
    if (known && isReadable && alike && envelope.clusterId().equals(node.clusterId())) {
      return true;
    }
    node.events().publish(new NodeEvent.MessageRefused(node.name(), envelope.from()));
    if (refused.add(envelope.from())) {
      LOG.warn(
          "messages from {} are refused: {}",
          envelope.from(),
          !known
              ? "no node of that name is configured"
              : !isReadable
                  ? "they have format version "
                      + envelope.version()
                      + ", and this program reads versions up to "
                      + Envelope.VERSION
                  : alike
                      ? "it belongs to the cluster " + envelope.clusterId()
                      : "it is configured otherwise: " + envelope.fingerprint());
    }
    return false;
  }

  private ActorRef<CborSerializable> resolve(Address address) {
    return resolver.resolveActorRef(
        path(node.config(), node.config().node(address.node()), address.role().label()));
  }

  /** Where an actor that a node's guardian started is found. */
  static String path(NodeConfig config, NodeConfig.Node to, String actor) {
    return address(config, to) + "/user/" + actor;
  }

  /** Where an actor is found that was started beside a node's guardian. */
  static String systemPath(NodeConfig config, NodeConfig.Node to, String actor) {
    return address(config, to) + "/system/" + actor;
  }

  private static String address(NodeConfig config, NodeConfig.Node node) {
    return "akka://" + config.clusterName() + "@" + node.host() + ":" + node.akkaPort();
  }

  /** About how many bytes a message takes. */
  static long size(Message message) {
    long size = OVERHEAD_BYTES;
    if (message instanceof Message.Accept accept) {
      size += accept.value().length;
    } else if (message instanceof Message.Submit submit) {
      size += submit.commands().length;
    } else if (message instanceof Message.Promise promise) {
      size += sizeOfEntries(promise.entries());
    } else if (message instanceof Message.AcceptedEntries accepted) {
      size += sizeOfEntries(accepted.entries());
    } else if (message instanceof Message.SnapshotPart part) {
      size += part.bytes().length;
    } else if (message instanceof Message.ChosenValues chosen) {
      for (byte[] value : chosen.values()) {
        size += OVERHEAD_BYTES + value.length;
      }
    }
    return size;
  }

  private static long sizeOfEntries(Iterable<Entry> entries) {
    long size = 0;
    for (Entry entry : entries) {
      size += 2 * OVERHEAD_BYTES + entry.value().length;
    }
    return size;
  }
}
