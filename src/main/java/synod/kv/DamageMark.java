package synod.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;

/**
 * The mark in a replica's store that says that its state has gone wrong, and how that was found:
 * whoever opens the store again must not serve from it. Not part of the replicated state; a state
 * that is fetched anew comes without it.
 */
public final class DamageMark {
  private DamageMark() {}

  /** Why the state must not be served, if it must not. */
  public static Optional<String> read(OrderedStore store) {
    return Optional.ofNullable(store.get(StoreKeys.damage()))
        .map(reason -> new String(reason, UTF_8));
  }

  /** Durable on return. */
  public static void write(OrderedStore store, String reason) {
    store.commit(List.of(new OrderedStore.Change(StoreKeys.damage(), reason.getBytes(UTF_8))));
    store.flush();
  }
}
