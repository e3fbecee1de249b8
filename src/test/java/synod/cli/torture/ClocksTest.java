package synod.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.cli.CommandFailedException;

/** Clocks that can be set, where libfaketime is installed; making them looks that waits stay. */
class ClocksTest {
  @TempDir Path directory;

  private Clocks clocks() {
    try {
      return Clocks.create(directory, List.of("n1", "n2"));
    } catch (CommandFailedException e) {
      return abort("no clocks that can be set here: " + e.getMessage());
    }
  }

  private static long secondsAhead(Clocks clocks, String node) {
    long theirs =
        Long.parseLong(
            Shell.run(
                Stream.concat(clocks.wearing(node).stream(), Stream.of("date", "+%s")).toList()));
    return theirs - System.currentTimeMillis() / 1_000;
  }

  @Test
  void eachClockJumpsAloneAndBack() {
    Clocks clocks = clocks();
    clocks.set("n1", -3_600);
    assertThat(secondsAhead(clocks, "n1")).isBetween(-3_660L, -3_540L);
    assertThat(secondsAhead(clocks, "n2")).isBetween(-60L, 60L);
    clocks.set("n1", 0);
    assertThat(secondsAhead(clocks, "n1")).isBetween(-60L, 60L);
  }
}
