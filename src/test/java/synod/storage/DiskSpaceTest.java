package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
  private long usable;

  @Test
  void isLowBelowTheMarkUntilATenthAboveIt() {
    DiskSpace space = new DiskSpace(() -> usable, 1000);
    assertThat(lowAt(space, 1000)).isFalse();
    assertThat(lowAt(space, 999)).isTrue();
    assertThat(lowAt(space, 1000)).isTrue();
    assertThat(lowAt(space, 1099)).isTrue();
    assertThat(lowAt(space, 1100)).isFalse();
    assertThat(lowAt(space, 1000)).isFalse();
    assertThat(lowAt(space, 999)).isTrue();
    assertThat(space.usableBytes()).isEqualTo(999);
  }

  @Test
  void asksTheFileSystemOfTheDirectory(@TempDir Path directory) {
    assertThat(DiskSpace.of(directory, Long.MAX_VALUE / 2).isLow()).isTrue();
    assertThat(DiskSpace.of(directory, 0).isLow()).isFalse();
    assertThatThrownBy(() -> DiskSpace.of(directory.resolve("missing"), 1))
        .isInstanceOf(StorageRefusedException.class);
  }

  @Test
  void noAnswerIsAFailure() {
    DiskSpace space =
        new DiskSpace(
            () -> {
              throw new IOException("gone");
            },
            1);
    assertThatThrownBy(space::isLow).isInstanceOf(StorageFailure.class).hasRootCauseMessage("gone");
  }

  private boolean lowAt(DiskSpace space, long bytes) {
    usable = bytes;
    return space.isLow();
  }
}
