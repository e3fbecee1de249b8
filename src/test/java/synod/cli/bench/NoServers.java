package synod.cli.bench;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Servers that aren't any. */
interface NoServers extends Servers {
  static NoServers of(String version) {
    return () -> version;
  }

  @Override
  default void start(Consumer<String> progress) {}

  @Override
  default List<Long> pids() {
    return List.of();
  }

  @Override
  default Counters counters() {
    return Counters.UNKNOWN;
  }

  @Override
  default Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
