package synod.node;

import java.util.List;
import synod.paxos.Effect;
import synod.paxos.Message;

/**
 * One life of a role: what its actor needs of the core, whichever it is. Belongs to that actor, and
 * for the time of a {@link #receive} that {@link #readsDisk} to the thread that reads.
 */
interface RoleShell {
  /** Takes a message of the protocol from a role of the named node. */
  List<Effect> receive(String from, Message message, long now);

  /**
   * Whether {@link #receive} may wait for the disk with this message. It is then called on a thread
   * that may, and until it has returned nothing else is, but {@link #close}. Roles that have such a
   * thread to themselves needn't tell.
   */
  default boolean readsDisk(Message message) {
    return false;
  }

  /** Takes what only this role understands. */
  default List<Effect> receiveHere(RoleMessage message, long now) {
    throw new IllegalArgumentException("not for this role: " + message);
  }

  /** Whether a {@link #flush} has something to do. */
  default boolean wantsFlush() {
    return false;
  }

  /** Does what was put off until no more messages are at hand. */
  default List<Effect> flush(long now) {
    return List.of();
  }

  /** Does what is due. */
  default List<Effect> tick(long now) {
    return List.of();
  }

  /** When {@link #tick} is next due. */
  default long wakeUpAt() {
    return Long.MAX_VALUE;
  }

  /** All writes up to this {@link Effect.Persist#id()} are durable. */
  default void persisted(long id) {
    throw new IllegalStateException("this role writes nothing");
  }

  /** Applies chosen values. */
  default void apply(Effect.Apply values) {
    throw new IllegalStateException("this role applies nothing");
  }

  /** Keeps bytes of the snapshot that is being fetched. */
  default void keep(Effect.KeepSnapshotPart part) {
    throw new IllegalStateException("this role fetches no snapshots");
  }

  /** Installs the snapshot that was fetched. */
  default void install(Effect.InstallSnapshot whole) {
    throw new IllegalStateException("this role fetches no snapshots");
  }

  /** Called after each message, when all of its effects are done. */
  default void settle() {}

  /** The end of this life. */
  default void close() {}
}
