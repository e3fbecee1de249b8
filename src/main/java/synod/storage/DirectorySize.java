package synod.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** How much a data directory holds, while others write there. */
final class DirectorySize {
  /** Where files are counted that lie in the directory itself. */
  static final String OTHER = "other";

  private DirectorySize() {}

  /**
   * The bytes in files, by the part of the directory: the name of the directory in it that they are
   * below. A file with several names, as a checkpoint makes them, is counted once. Blocks.
   *
   * @throws StorageFailure if the directory can't be read
   */
  static SortedMap<String, Long> byPart(Path directory) {
    SortedMap<String, Long> bytes = new TreeMap<>(Map.of(OTHER, 0L));
    Set<Object> counted = new HashSet<>();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.fileKey() == null || counted.add(attributes.fileKey())) {
                bytes.merge(part(directory, file), attributes.size(), Long::sum);
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

  private static String part(Path directory, Path file) {
    Path below = directory.relativize(file);
    return below.getNameCount() > 1 ? below.getName(0).toString() : OTHER;
  }
}
