package synod.storage;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library from a copy in the data directory. By itself RocksDB unpacks it to
 * a new temporary file at every start (15 MB), and a process that is killed leaves that behind.
 */
final class NativeLibrary {
  private static boolean loaded;

  private NativeLibrary() {}

  /** Loads the library once per process; later calls do nothing. */
  static synchronized void load(Path dataDirectory) {
    if (loaded) {
      return;
    }
    String resource = Environment.getJniLibraryFileName("rocksdb");
    URL url = RocksDB.class.getClassLoader().getResource(resource);
    try {
      URLConnection connection = url == null ? null : url.openConnection();
      if (connection instanceof JarURLConnection jar) {
        RocksDB.loadLibrary(List.of(unpack(jar, dataDirectory.resolve("native")).toString()));
      } else {
        RocksDB.loadLibrary();
      }
      loaded = true;
    } catch (IOException e) {
      throw new StorageRefusedException(
          "data directory " + dataDirectory + ": RocksDB's library can't be unpacked: " + e, e);
    }
  }

  /** Unpacks the library unless this very version is there; returns its directory. */
  private static Path unpack(JarURLConnection jar, Path parent) throws IOException {
    JarEntry entry = jar.getJarEntry();
    Path directory = parent.resolve(Long.toHexString(entry.getCrc())).toAbsolutePath();
    // Not the resource's name: loadLibrary(List) asks for this one.
    Path library = directory.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
    if (!Files.exists(library) || Files.size(library) != entry.getSize()) {
      Files.createDirectories(directory);
      Path temporary = directory.resolve(library.getFileName() + ".tmp");
      try (InputStream in = jar.getInputStream()) {
        Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(temporary, library, StandardCopyOption.ATOMIC_MOVE);
    }
    return directory;
  }
}
