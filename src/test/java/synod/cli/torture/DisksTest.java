package synod.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.cli.CommandFailedException;

/** Small disks, where this machine allows them. */
class DisksTest {
  private static final long BYTES = 8 << 20;

  @TempDir Path directory;
  private Disks disks;

  @BeforeEach
  void mount() {
    try {
      disks = Disks.mount("synod-test", Map.of("n1", directory.resolve("n1")), BYTES);
    } catch (CommandFailedException e) {
      abort("no disks of memory here: " + e.getMessage());
    }
  }

  @AfterEach
  void unmount() {
    if (disks != null) {
      disks.close();
    }
  }

  @Test
  void aDiskIsFilledAsFarAsWantedAndFreedAgain() {
    assertThat(disks.usable("n1")).isEqualTo(BYTES);
    disks.fill("n1", 2 << 20);
    assertThat(disks.usable("n1")).isBetween(1L << 20, 2L << 20);
    disks.fill("n1", 0);
    assertThat(disks.usable("n1")).isZero();
    assertThatThrownBy(() -> Files.write(directory.resolve("n1/more"), new byte[4_096]))
        .isInstanceOf(IOException.class);
    disks.free("n1");
    assertThat(disks.usable("n1")).isGreaterThan(BYTES / 2);
  }

  @Test
  void whatIsRescuedOutlivesTheDisk() throws IOException {
    Files.writeString(directory.resolve("n1/log"), "evidence");
    disks.fill("n1", 2 << 20);
    disks.rescue(directory.resolve("rescued"));
    disks.close();
    assertThat(directory.resolve("n1")).isEmptyDirectory();
    assertThat(directory.resolve("rescued/n1/log")).hasContent("evidence");
    assertThat(directory.resolve("rescued/n1/filler")).doesNotExist();
  }
}
