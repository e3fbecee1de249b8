package synod.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import synod.kv.Command;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.SessionCommand;
import synod.node.NodeEvent;
import synod.paxos.Ballot;
import synod.paxos.ProtocolEvent;

/** A node's events as {@code /v1/events} tells them; docs/http.md lists their fields. */
final class EventJson {
  /** Of a batch of commands, so many are shown. */
  private static final int COMMANDS_SHOWN = 8;

  /** Of keys and values, so many characters are shown. */
  private static final int CHARACTERS_SHOWN = 64;

  private static final int REASON_SHOWN = 200;

  private EventJson() {}

  /**
   * @param atMicros wall time, since 1970
   * @return null if it isn't told
   */
  static Told of(NodeEvent event, long number, long atMicros) {
    ObjectNode json = Json.mapper().createObjectNode();
    Draft draft = new Draft(json);
    String kind = event instanceof NodeEvent.Protocol step ? step(step, draft) : own(event, draft);
    return kind == null ? null : draft.told(event.node(), number, kind, atMicros);
  }

  /** The commands of one entry. */
  static Told commands(String node, long number, long atMicros, long slot, byte[] entry) {
    Draft draft = new Draft(Json.mapper().createObjectNode()).slots(slot, slot);
    ArrayNode shown = draft.json.putArray("commands");
    int count = 0;
    if (!EntryCodec.isNoOp(entry)) {
      for (CommandCodec.Batch batch : EntryCodec.decode(entry).batches()) {
        for (SessionCommand command : batch.commands()) {
          if (count++ < COMMANDS_SHOWN) {
            show(command.command(), batch.origin(), shown.addObject(), draft.keys);
          }
        }
      }
    }
    draft.json.put("count", count);
    draft.json.put("noOp", count == 0);
    return draft.told(node, number, "commands", atMicros);
  }

  /** The fields that every event begins with. */
  static ObjectNode head(String kind, String node, long atMicros) {
    return Json.mapper()
        .createObjectNode()
        .put("kind", kind)
        .put("node", node)
        .put("atMicros", atMicros);
  }

  /** Wall time, since 1970. */
  static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  static String text(Ballot ballot) {
    return ballot.equals(Ballot.NONE) ? null : ballot.round() + "." + ballot.proposer();
  }

  private static String step(NodeEvent.Protocol step, Draft draft) {
    ObjectNode json = draft.json;
    ProtocolEvent event = step.event();
    if (event instanceof ProtocolEvent.EntryAccepted accepted) {
      draft.slots(accepted.slot(), accepted.slot()).ballot(accepted.ballot());
      json.put("bytes", accepted.bytes());
      return "accepted";
    } else if (event instanceof ProtocolEvent.SlotChosen chosen) {
      draft.slots(chosen.slot(), chosen.slot()).ballot(chosen.ballot());
      names(json.putArray("acceptedBy"), chosen.acceptedBy());
      json.put("bytes", chosen.bytes()).put("micros", chosen.micros());
      return "chosen";
    } else if (event instanceof ProtocolEvent.SlotsApplied applied) {
      draft.slots(applied.from(), applied.upTo());
      return "applied";
    } else if (event instanceof ProtocolEvent.PreCampaignStarted) {
      return "leader-missed";
    } else if (event instanceof ProtocolEvent.CampaignStarted campaign) {
      draft.ballot(campaign.ballot());
      json.put("fromSlot", campaign.from());
      return "prepare";
    } else if (event instanceof ProtocolEvent.PromiseRaised promise) {
      draft.ballot(promise.ballot());
      return "promised";
    } else if (event instanceof ProtocolEvent.LeaderElected elected) {
      draft.ballot(elected.ballot());
      names(json.putArray("promisedBy"), elected.promisedBy());
      json.put("fromSlot", elected.from()).put("recoverUpTo", elected.recoverUpTo());
      return "elected";
    } else if (event instanceof ProtocolEvent.SteppedDown down) {
      draft.ballot(down.ballot());
      json.put("reason", down.reason());
      return "stepped-down";
    } else if (event instanceof ProtocolEvent.LeaderObserved leader) {
      draft.ballot(leader.ballot());
      return "follows";
    } else if (event instanceof ProtocolEvent.BallotRejected rejected) {
      draft.ballot(rejected.ballot());
      json.put("promised", text(rejected.promised()));
      return "rejected";
    } else if (event instanceof ProtocolEvent.CatchingUp behind) {
      json.put("fromSlot", behind.from()).put("peer", behind.peer());
      return "catching-up";
    }
    return storage(event, draft);
  }

  private static String storage(ProtocolEvent event, Draft draft) {
    ObjectNode json = draft.json;
    if (event instanceof ProtocolEvent.EntriesTrimmed trimmed) {
      json.put("belowSlot", trimmed.below());
      return "trimmed";
    } else if (event instanceof ProtocolEvent.SnapshotTaken taken) {
      json.put("snapshotSlot", taken.slot()).put("bytes", taken.bytes());
      return "snapshot-taken";
    } else if (event instanceof ProtocolEvent.SnapshotFetched fetched) {
      json.put("snapshotSlot", fetched.slot()).put("bytes", fetched.bytes());
      json.put("kept", fetched.kept()).put("peer", fetched.peer());
      return "snapshot-fetched";
    } else if (event instanceof ProtocolEvent.SnapshotDropped dropped) {
      json.put("snapshotSlot", dropped.slot()).put("peer", dropped.peer());
      json.put("reason", shown(dropped.reason()));
      return "snapshot-dropped";
    } else if (event instanceof ProtocolEvent.SnapshotInstalled installed) {
      json.put("snapshotSlot", installed.slot());
      return "snapshot-installed";
    }
    return null;
  }

  private static String own(NodeEvent event, Draft draft) {
    ObjectNode json = draft.json;
    if (event instanceof NodeEvent.RoleStopped stopped) {
      json.put("role", stopped.role().label()).put("downtimeMillis", stopped.downtime().toMillis());
      return "role-stopped";
    } else if (event instanceof NodeEvent.RoleFailed failed) {
      json.put("role", failed.role().label()).put("reason", shown(failed.reason()));
      return "role-failed";
    } else if (event instanceof NodeEvent.RoleFailedForGood failed) {
      json.put("role", failed.role().label()).put("reason", shown(failed.reason()));
      return "role-failed-for-good";
    } else if (event instanceof NodeEvent.RoleResumed resumed) {
      json.put("role", resumed.role().label()).put("life", resumed.incarnation());
      return "role-up";
    } else if (event instanceof NodeEvent.Formed formed) {
      json.put("clusterId", formed.clusterId());
      return "formed";
    } else if (event instanceof NodeEvent.MembershipChanged changed) {
      names(json.putArray("members"), changed.members());
      names(json.putArray("unreachable"), changed.unreachable());
      return "members";
    } else if (event instanceof NodeEvent.SpaceChanged space) {
      json.put("low", space.low());
      return "space";
    } else if (event instanceof NodeEvent.QuotaExceeded quota) {
      names(json.putArray("at"), quota.at());
      return "quota";
    } else if (event instanceof NodeEvent.SnapshotFailed failed) {
      json.put("reason", shown(failed.reason()));
      return "snapshot-failed";
    } else if (event instanceof NodeEvent.VersionRaised raised) {
      json.put("version", raised.version());
      return "version-raised";
    } else if (event instanceof NodeEvent.StateDiffers differs) {
      names(json.putArray("from"), differs.from());
      return "state-differs";
    }
    return null;
  }

  private static void show(Command command, String gateway, ObjectNode json, Set<String> keys) {
    if (command instanceof Command.Put put) {
      json.put("op", put.condition().equals(Command.Condition.NONE) ? "put" : "put-if");
      json.put("key", key(put.key(), keys)).put("value", shown(put.value()));
      json.put("valueBytes", put.value().length);
    } else if (command instanceof Command.Delete delete) {
      json.put("op", delete.condition().equals(Command.Condition.NONE) ? "delete" : "delete-if");
      json.put("key", key(delete.key(), keys));
    } else {
      // Such as OpenSession: open-session
      json.put(
          "op",
          command
              .getClass()
              .getSimpleName()
              .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
              .toLowerCase(Locale.ROOT));
    }
    json.put("gateway", gateway);
  }

  private static String key(byte[] key, Set<String> keys) {
    keys.add(new String(key, StandardCharsets.UTF_8));
    return shown(key);
  }

  private static String shown(String text) {
    return text.length() <= REASON_SHOWN ? text : text.substring(0, REASON_SHOWN) + "…";
  }

  private static String shown(byte[] bytes) {
    int length = Math.min(bytes.length, 4 * CHARACTERS_SHOWN);
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    return text.length() <= CHARACTERS_SHOWN && length == bytes.length
        ? text
        : text.substring(0, Math.min(text.length(), CHARACTERS_SHOWN)) + "…";
  }

  private static void names(ArrayNode to, Collection<String> names) {
    new TreeSet<>(names).forEach(to::add);
  }

  /** An event that is being written down. */
  private static final class Draft {
    private final ObjectNode json;
    private final Set<String> keys = new LinkedHashSet<>();
    private long from;
    private long upTo;

    private Draft(ObjectNode json) {
      this.json = json;
    }

    private Draft slots(long first, long last) {
      from = first;
      upTo = last;
      json.put("slot", first);
      if (last > first) {
        json.put("upTo", last);
      }
      return this;
    }

    private void ballot(Ballot ballot) {
      json.put("ballot", text(ballot));
    }

    private Told told(String node, long number, String kind, long atMicros) {
      ObjectNode whole = head(kind, node, atMicros).put("n", number);
      whole.setAll(json);
      return new Told(node, number, kind, from, upTo, Set.copyOf(keys), Json.bytes(whole));
    }
  }
}
