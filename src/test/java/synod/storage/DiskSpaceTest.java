package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
  @TempDir private Path directory;
  private long usable;

  @Test
  void isLowBelowTheMarkUntilATenthAboveIt() {
    DiskSpace space = new DiskSpace(directory, () -> usable, 1000, 0);
    assertThat(lowAt(space, 1000)).isFalse();
    assertThat(lowAt(space, 999)).isTrue();
    assertThat(lowAt(space, 1000)).isTrue();
    assertThat(lowAt(space, 1099)).isTrue();
    assertThat(lowAt(space, 1100)).isFalse();
    assertThat(lowAt(space, 1000)).isFalse();
    assertThat(lowAt(space, 999)).isTrue();
    assertThat(space.measure().freeBytes()).isEqualTo(999);
  }

  @Test
  void asksTheFileSystemOfTheDirectory() {
    assertThat(DiskSpace.of(directory, Long.MAX_VALUE / 2, 0).measure().low()).isTrue();
    assertThat(DiskSpace.of(directory, 0, 0).measure().low()).isFalse();
    assertThatThrownBy(() -> DiskSpace.of(directory.resolve("missing"), 1, 0))
        .isInstanceOf(StorageRefusedException.class);
  }

  @Test
  void noAnswerIsAFailure() {
    DiskSpace space =
        new DiskSpace(
            directory,
            () -> {
              throw new IOException("gone");
            },
            1,
            0);
    assertThatThrownBy(space::measure)
        .isInstanceOf(StorageFailure.class)
        .hasRootCauseMessage("gone");
  }

  @Test
  void tellsWhatEachPartHoldsAndCountsAFileWithTwoNamesOnce() throws IOException {
    Files.write(directory.resolve("identity"), new byte[7]);
    Path state = Files.createDirectories(directory.resolve("state"));
    Files.write(state.resolve("1.sst"), new byte[100]);
    Path below = Files.createDirectories(directory.resolve("checkpoints/one"));
    Files.createLink(below.resolve("1.sst"), state.resolve("1.sst"));
    Files.write(below.resolve("2.sst"), new byte[30]);

    DiskUse use = DiskSpace.of(directory, 0, 0).measure();

    assertThat(use.usedBytes())
        .containsOnly(entry("other", 7L), entry("state", 100L), entry("checkpoints", 30L));
  }

  @Test
  void isOverItsQuotaUntilATenthBelowIt() throws IOException {
    DiskSpace space = DiskSpace.of(directory, 0, 1000);
    assertThat(overQuotaWith(space, 1000)).isFalse();
    assertThat(overQuotaWith(space, 1001)).isTrue();
    assertThat(overQuotaWith(space, 901)).isTrue();
    assertThat(overQuotaWith(space, 900)).isFalse();
    assertThat(overQuotaWith(space, 1000)).isFalse();
    assertThat(overQuotaWith(DiskSpace.of(directory, 0, 0), 5000)).isFalse();
  }

  private boolean overQuotaWith(DiskSpace space, int bytes) throws IOException {
    Files.write(directory.resolve("file"), new byte[bytes]);
    return space.measure().overQuota();
  }

  private boolean lowAt(DiskSpace space, long bytes) {
    usable = bytes;
    return space.measure().low();
  }
}
