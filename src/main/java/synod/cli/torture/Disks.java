package synod.cli.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import synod.cli.CommandFailedException;

/** A small disk, made of memory, for the data of each node. Needs root. */
final class Disks implements AutoCloseable {
  private static final String FILLER = "filler";
  private static final int BLOCK = 256 << 10;

  private final Map<String, Path> directories;
  private final List<Path> mounted = new ArrayList<>();

  private Disks(Map<String, Path> directories) {
    this.directories = Map.copyOf(directories);
  }

  /**
   * Makes them, or none.
   *
   * @param name of this run, shown as the device
   * @param directories what each node's disk is to be mounted on; made if they aren't there
   * @throws CommandFailedException saying why that can't be
   */
  static Disks mount(String name, Map<String, Path> directories, long bytes) {
    Disks disks = new Disks(directories);
    try {
      for (Path directory : directories.values()) {
        Files.createDirectories(directory);
        Shell.run(
            List.of(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "mode=0700,size=" + bytes,
                name,
                directory.toString()));
        disks.mounted.add(directory);
      }
    } catch (IOException | CommandFailedException e) {
      disks.close();
      throw new CommandFailedException(e.getMessage(), e);
    }
    return disks;
  }

  long usable(String node) {
    try {
      return Files.getFileStore(directories.get(node)).getUsableSpace();
    } catch (IOException e) {
      throw new CommandFailedException("the disk of " + node + ": " + e, e);
    }
  }

  /**
   * Fills a node's disk further.
   *
   * @param left bytes that are to stay free; 0 to go on until nothing can be written
   */
  void fill(String node, long left) {
    byte[] block = new byte[BLOCK];
    Path file = directories.get(node).resolve(FILLER);
    try (OutputStream filler =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (left == 0 || usable(node) > left) {
        filler.write(block);
      }
    } catch (IOException e) {
      if (left > 0) {
        throw new CommandFailedException("the disk of " + node + " can't be filled: " + e, e);
      }
      // Else that is what was wanted: the disk is full.
    }
  }

  void free(String node) {
    try {
      Files.deleteIfExists(directories.get(node).resolve(FILLER));
    } catch (IOException e) {
      throw new CommandFailedException("the disk of " + node + " can't be freed: " + e, e);
    }
  }

  /** Copies what is on the disks to where it outlives them. */
  void rescue(Path target) throws IOException {
    for (Map.Entry<String, Path> disk : directories.entrySet()) {
      free(disk.getKey());
      Files.createDirectories(target);
      Shell.run(
          List.of(
              "cp", "-a", disk.getValue().toString(), target.resolve(disk.getKey()).toString()));
    }
  }

  /**
   * Removes them with all that is on them; no node may run any more. Their memory is free when this
   * program has ended at the latest, since it may have a library loaded from there.
   */
  @Override
  public void close() {
    for (Path directory : List.copyOf(mounted)) {
      Shell.run(List.of("umount", "--lazy", directory.toString()));
      mounted.remove(directory);
    }
  }
}
