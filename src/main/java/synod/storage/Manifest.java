package synod.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file in which RocksDB keeps which files make up a database. A new one is begun at each
 * opening.
 */
record Manifest(Path file, long number) {
  /**
   * The manifest that a database uses.
   *
   * @throws StorageRefusedException if the database doesn't say which, or it isn't there
   */
  static Manifest current(Path database) throws IOException {
    Path current = database.resolve("CURRENT");
    String name = Files.exists(current) ? Files.readString(current).strip() : "";
    if (!name.matches("MANIFEST-[0-9]{1,18}")) {
      throw new StorageRefusedException(
          "database " + database + ": the file CURRENT is missing or names no manifest");
    }
    Path file = database.resolve(name);
    if (!Files.exists(file)) {
      throw new StorageRefusedException("database " + database + " has lost the file " + name);
    }
    return new Manifest(file, Long.parseLong(name.substring(name.indexOf('-') + 1)));
  }

  long length() {
    return file.toFile().length();
  }

  /**
   * Compares the manifest with what it was known to be.
   *
   * @throws StorageRefusedException if it has lost something, or is damaged in what it must hold
   */
  void check(Path database, long knownNumber, long knownLength) throws IOException {
    if (number < knownNumber) {
      throw new StorageRefusedException(
          "database "
              + database
              + " uses manifest "
              + number
              + ", expected "
              + knownNumber
              + " or a later one");
    }
    long intact = new LogFile(file).read((prefix, offset) -> true).end();
    if (number == knownNumber && intact < knownLength) {
      throw new StorageRefusedException(
          "database "
              + database
              + ": the file "
              + file.getFileName()
              + " is damaged or cut off at byte "
              + intact
              + "; expected at least "
              + knownLength
              + " bytes");
    }
  }
}
