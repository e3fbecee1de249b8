package synod.node;

import java.util.Map;
import java.util.function.IntSupplier;
import synod.paxos.Proposer;

/**
 * How much a node has in hand: what waits in its queues, and how a leader sees the acceptors. Each
 * number is written by one role and read by anybody; together they are no moment of the node.
 */
public final class NodeLoad {
  private volatile int requestsInFlight;
  private volatile int requestsWaiting;
  private volatile int submissionsQueued;
  private volatile int slotsInFlight;
  private volatile long slotsInLog;
  private volatile Map<String, Proposer.Contact> contacts = Map.of();
  private volatile IntSupplier writesQueued = () -> 0;

  void gateway(int inFlight, int waiting) {
    requestsInFlight = inFlight;
    requestsWaiting = waiting;
  }

  void proposer(int queued, int inFlight) {
    submissionsQueued = queued;
    slotsInFlight = inFlight;
  }

  void contacts(Map<String, Proposer.Contact> seen) {
    contacts = Map.copyOf(seen);
  }

  void acceptor(long slots) {
    slotsInLog = slots;
  }

  void log(IntSupplier queued) {
    writesQueued = queued;
  }

  /** Requests that the gateway has taken and not answered. */
  public int requestsInFlight() {
    return requestsInFlight;
  }

  /** Those of them that have not left for the leader. */
  public int requestsWaiting() {
    return requestsWaiting;
  }

  /** Batches of gateways that wait for a slot at this proposer. */
  public int submissionsQueued() {
    return submissionsQueued;
  }

  /** Slots that this proposer has proposed a value for that isn't chosen yet. */
  public int slotsInFlight() {
    return slotsInFlight;
  }

  /** Slots from the first one that the acceptor's log still holds to the last it voted in. */
  public long slotsInLog() {
    return slotsInLog;
  }

  /** Writes that wait for the acceptor's log, those being written not counted. */
  public int writesQueued() {
    return writesQueued.getAsInt();
  }

  /** Each acceptor as this node's proposer sees it; nothing if it doesn't lead. */
  public Map<String, Proposer.Contact> contacts() {
    return contacts;
  }
}
