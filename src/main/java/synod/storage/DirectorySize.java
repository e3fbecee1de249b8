package synod.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How much a data directory holds, while others write there. */
final class DirectorySize {
  /** Where files are counted that lie in the directory itself. */
  static final String OTHER = "other";

  private DirectorySize() {}

  /**
   * The bytes in files, by the part of the directory: the name of the directory in it that they are
   * below. A file with several names is counted once, in the part whose name comes last: so what
   * checkpoints share with the state is the state's. Blocks.
   *
   * @throws StorageFailure if the directory can't be read
   */
  static SortedMap<String, Long> byPart(Path directory) {
    SortedMap<String, Long> bytes = new TreeMap<>(Map.of(OTHER, 0L));
    Set<Object> counted = new HashSet<>();
    try (Stream<Path> parts = Files.list(directory)) {
      for (Path part : parts.sorted(Comparator.reverseOrder()).toList()) {
        String name = Files.isDirectory(part) ? part.getFileName().toString() : OTHER;
        Files.walkFileTree(
            part,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.fileKey() == null || counted.add(attributes.fileKey())) {
                  bytes.merge(name, attributes.size(), Long::sum);
                }
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException failure)
                  throws IOException {
                return ignoreIfGone(failure);
              }

              @Override
              public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                  throws IOException {
                return ignoreIfGone(failure);
              }
            });
      }
    } catch (IOException e) {
      throw new StorageFailure("can't find out how much " + directory + " holds", e);
    }
    return bytes;
  }

  /** Databases delete files at any time, and a deleted one takes no room. */
  private static FileVisitResult ignoreIfGone(IOException failure) throws IOException {
    if (failure != null && !(failure instanceof NoSuchFileException)) {
      throw failure;
    }
    return FileVisitResult.CONTINUE;
  }
}
