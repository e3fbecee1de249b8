package synod.node;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A node's one stream of events, shared by log, metrics and tests. Listeners are called on the
 * publisher's thread, in the order of each role's events: they return at once and never block.
 */
public final class NodeEvents {
  private final List<Consumer<NodeEvent>> listeners = new CopyOnWriteArrayList<>();

  /** Whether a listener wants {@link NodeEvent.EntriesApplied}, which nobody else looks at. */
  private volatile boolean entriesWanted;

  /**
   * @return to be called to stop listening
   */
  public Runnable listen(Consumer<NodeEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** From now on, whether {@link NodeEvent.EntriesApplied} are published. */
  public void wantEntries(boolean wanted) {
    entriesWanted = wanted;
  }

  boolean entriesWanted() {
    return entriesWanted;
  }

  void publish(NodeEvent event) {
    for (Consumer<NodeEvent> listener : listeners) {
      listener.accept(event);
    }
  }
}
