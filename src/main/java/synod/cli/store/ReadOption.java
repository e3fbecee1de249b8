package synod.cli.store;

import java.time.Duration;
import picocli.CommandLine.Option;
import synod.client.ReadOptions;

/** The options that say how fresh a read must be. */
final class ReadOption {
  @Option(
      names = "--stale",
      description = "Take what the node has, without asking the others: fast, perhaps outdated.")
  private boolean stale;

  @Option(
      names = "--min-revision",
      paramLabel = "N",
      description = "As --stale, but wait until the node has reached this revision.")
  private long minRevision;

  ReadOptions with(Duration timeout) {
    ReadOptions options =
        stale || minRevision > 0 ? ReadOptions.staleFrom(minRevision) : ReadOptions.LINEARIZABLE;
    return options.withTimeout(timeout);
  }
}
