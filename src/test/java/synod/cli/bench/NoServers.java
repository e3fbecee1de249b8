package synod.cli.bench;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Servers that aren't any. */
record NoServers(String version) implements Servers {
  @Override
  public void start(Consumer<String> progress) {}

  @Override
  public List<Long> pids() {
    return List.of();
  }

  @Override
  public Counters counters() {
    return Counters.UNKNOWN;
  }

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
