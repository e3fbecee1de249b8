package synod.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What tests do to directories behind the storage's back. */
final class Directories {
  private Directories() {}

  /**
   * Copies a directory as it is, open databases too: what a process leaves that dies now. A
   * database that merges files meanwhile is copied again, for a process dies in one moment. The
   * copy replaces what the target held.
   */
  static Path copy(Path source, Path target) {
    try {
      Map<String, Long> before = null;
      for (Map<String, Long> now = sizes(source); !now.equals(before); now = sizes(source)) {
        before = now;
        delete(target);
        Files.createDirectory(target);
        for (String file : now.keySet()) {
          copyIfThere(source.resolve(file), target.resolve(file));
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyIfThere(Path source, Path target) throws IOException {
    try {
      Files.copy(source, target);
    } catch (NoSuchFileException e) {
      // It will be missed in the next listing, too.
      Files.deleteIfExists(target);
    }
  }

  /** All files and directories below one, by their relative paths, each before what is in it. */
  private static Map<String, Long> sizes(Path directory) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            if (!path.equals(directory)) {
              sizes.put(directory.relativize(path).toString(), 0L);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            sizes.put(directory.relativize(path).toString(), attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException vanished) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sizes;
  }

  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files whose name matches, in the order of their names. */
  static List<Path> files(Path directory, String name) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().matches(name)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path only(Path directory, String name) {
    List<Path> files = files(directory, name);
    if (files.size() != 1) {
      throw new AssertionError("expected one " + name + " in " + directory + ": " + files);
    }
    return files.get(0);
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
