package synod.node;

import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.List;
import synod.kv.AppliedCommand;
import synod.kv.Command;
import synod.kv.Query;
import synod.paxos.Message;
import synod.paxos.Snapshot;

/** What the actor of a role receives. */
public interface RoleMessage {
  /** A message of the protocol from a role of this very node. */
  record FromHere(Message message) implements RoleMessage {}

  /** Chaos: fail now, and stay away for this long. */
  record Stop(Duration downtime) implements RoleMessage {}

  /**
   * This node is leaving: give leadership away if it is held, and answer when another has taken it
   * or nobody does.
   */
  record HandOver(ActorRef<Done> replyTo) implements RoleMessage {}

  /** This node is leaving: take no new requests, and answer when all that were taken are done. */
  record Drain(ActorRef<Done> replyTo) implements RoleMessage {}

  /** It is done. */
  record Done() {}

  /** The disk is nearly full, or has room again. */
  record SpaceChanged(boolean low) implements RoleMessage {}

  /** Stable storage failed: nothing that waits for a write will ever be released. */
  record StorageLost(RuntimeException cause) implements RoleMessage {}

  /** It is known now what this node's memory is worth: see {@link NodeContext#standing()}. */
  record Settled() implements RoleMessage {}

  /** The gateway asks the learner to answer queries. */
  record ReadHere(Gateway.LocalRead read) implements RoleMessage {}

  /** The learner answers them. */
  record ReadAnswers(long incarnation, long id, List<Query.Answer> answers, long appliedSlot)
      implements RoleMessage {}

  /** Results of commands that came from this node's gateway, in the log's order. */
  record ResultsHere(List<AppliedCommand> results) implements RoleMessage {}

  /** The learner has lost what it hadn't told the gateway yet. */
  record LearnerResumed() implements RoleMessage {}

  /**
   * Has the learner take a snapshot now.
   *
   * @param replyTo may be told on any thread
   */
  record TakeSnapshot(ActorRef<SnapshotReply> replyTo) implements RoleMessage {}

  /**
   * @param snapshot null if none could be taken
   * @param problem why not, else null
   */
  record SnapshotReply(Snapshot snapshot, String problem) {}

  /**
   * A quota is used up: the learner takes a snapshot, so that the log can be trimmed.
   *
   * @param merges whether it also has what was deleted leave its tables
   */
  record MakeRoom(boolean merges) implements RoleMessage {}

  /** A snapshot of this node's own is durable. */
  record SnapshotTaken(Snapshot snapshot) implements RoleMessage {}

  /** So much of the snapshot that is being fetched is there. */
  record SnapshotKept(Snapshot snapshot, long upTo) implements RoleMessage {}

  /** The snapshot that was fetched is what it should be, and may be installed. */
  record SnapshotVerified(Snapshot snapshot) implements RoleMessage {}

  /** The snapshot that was fetched can't be used, and nothing of it is left. */
  record SnapshotUnusable(Snapshot snapshot, String reason) implements RoleMessage {}

  /** The learner goes on comparing a part of what it has stored with what the log made of it. */
  record Scrub() implements RoleMessage {}

  /** Asks the learner for what it would report to the other replicas. */
  record ReportQuery(ActorRef<Report> replyTo) implements RoleMessage {}

  /**
   * @param revision the store's
   */
  record Report(Command.ReportState report, long revision) {}

  /** Asks the learner for the digest of the replicated state. */
  record DigestQuery(ActorRef<StateDigest> replyTo) implements RoleMessage {}

  /**
   * The replicated state's digest.
   *
   * @param slot the last slot applied in it
   * @param sha256 equal on all replicas that have applied the same slots
   */
  record StateDigest(long slot, long revision, byte[] sha256) {}
}
