package synod.sim.actors;

import java.util.List;
import synod.kv.KvStateMachine;
import synod.kv.OrderedStore;
import synod.sim.MemoryStore;

/** What a node's learner has applied. Each commit is compared with what should stand there. */
final class WatchedStore implements OrderedStore {
  private final Host host;
  private final MemoryStore store;

  WatchedStore(Host host, MemoryStore store) {
    this.host = host;
    this.store = store;
  }

  @Override
  public byte[] get(byte[] key) {
    return store.get(key);
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    return store.scan(from, to);
  }

  @Override
  public void commit(List<Change> changes) {
    store.commit(changes);
    host.sim().rules().applied(host, new KvStateMachine(store));
    if (host.sim().random().nextInt(20) == 0) {
      store.flush();
    }
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    store.deleteRange(from, to);
  }

  @Override
  public void flush() {
    store.flush();
  }
}
