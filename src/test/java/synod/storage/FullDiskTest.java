package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.paxos.Snapshot;

/** Snapshots on a small disk in memory that fills up. Only root can make one. */
class FullDiskTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path temporary;
  private Path disk;
  private boolean mounted;
  private StateNode node;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(temporary.resolve("disk"));
    String problem = run("mount", "-t", "tmpfs", "-o", "size=96m", "synod-test", disk.toString());
    if (!problem.isEmpty()) {
      abort("no small disk can be made here, so full ones are not tested: " + problem);
    }
    mounted = true;
    node = new StateNode(disk.resolve("n1"), "id-1");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      node.close();
      assertThat(run("umount", "--lazy", disk.toString())).isEmpty();
    }
  }

  /**
   * @return what it said if it failed
   */
  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return process.waitFor() == 0 ? "" : said + " (exit code " + process.exitValue() + ")";
  }

  /** Leaves this much free. */
  private Path fill(int left) throws IOException {
    Path filler = disk.resolve("filler");
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[64 << 10];
      while (Files.getFileStore(disk).getUsableSpace() > left) {
        out.write(block);
      }
    }
    return filler;
  }

  @Test
  void aDiskThatIsFullInTheMiddleOfASnapshotLosesNothing() throws Exception {
    // Tables are shared; the rest, up to 8 MiB of the log, is copied.
    for (int i = 0; i < 6; i++) {
      node.applyBytes("k" + i, MEBIBYTE, i);
    }
    Snapshot first = node.checkpoint();
    for (int i = 0; i < 6; i++) {
      node.applyBytes("l" + i, MEBIBYTE, i);
    }
    Map<String, String> content = node.content();
    Path filler = fill(MEBIBYTE);

    assertThatThrownBy(node::checkpoint)
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("can't make a checkpoint of")
        .hasMessageContaining("No space left on device");

    assertThat(disk.resolve("n1/checkpoints/next.tmp")).doesNotExist();
    assertThat(node.checkpoints.newest()).contains(first);
    assertThat(node.checkpoints.read(first, 0, 1000)).isPresent();
    assertThat(node.content()).isEqualTo(content);

    Files.delete(filler);
    Snapshot second = node.checkpoint();
    assertThat(second.slot()).isEqualTo(12);
    node.reopen();
    assertThat(node.content()).isEqualTo(content);
    assertThat(node.checkpoints.newest()).contains(second);
  }
}
