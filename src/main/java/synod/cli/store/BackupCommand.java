package synod.cli.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import synod.client.RefusedException;
import synod.node.Outcome.Reason;
import synod.storage.SnapshotException;
import synod.storage.SnapshotFile;

/** {@code backup}: everything in the store at one moment, in a file. */
@Command(
    name = "backup",
    sortOptions = false,
    description = {
      "Copy the whole store as it is now to a file, while it serves.",
      "Keys, their history and sessions are in it; synod restore makes a new cluster of it.",
      "Each node that is asked may take as long as --timeout says before it begins to send."
    },
    defaultValueProvider = BackupCommand.Patience.class,
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {"0:the file is there, whole and durable", "1:there is none", "2:wrong usage"})
final class BackupCommand extends StoreCommand {
  /** A node may have to read all of its state before it begins to send. */
  static final class Patience implements IDefaultValueProvider {
    @Override
    public String defaultValue(ArgSpec option) {
      return option instanceof OptionSpec known && known.longestName().equals("--timeout")
          ? "60s"
          : null;
    }
  }

  @Parameters(paramLabel = "FILE", description = "Where to; must not be there yet.")
  private Path file;

  @Option(names = "--force", description = "Replace the file if it is there.")
  private boolean force;

  @Option(
      names = "--stale",
      description = "Take what the node has, without asking the others: perhaps outdated.")
  private boolean stale;

  BackupCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    if (Files.isDirectory(file) || !force && Files.exists(file)) {
      throw new RefusedException(
          Reason.INVALID,
          file + (Files.isDirectory(file) ? " is a directory" : " is there; --force replaces it"));
    }
    long begin = System.nanoTime();
    Path part = file.resolveSibling(file.getFileName() + ".part");
    List<String> troubles = new ArrayList<>();
    for (Address node : access().nodes().gatewaysInTurn()) {
      try {
        Optional<String> problem = fetch(node, part);
        if (problem.isEmpty()) {
          SnapshotFile backup = finish(part);
          report(backup, node, (System.nanoTime() - begin) / 1e9);
          return ExitCode.OK;
        }
        troubles.add(node.name() + ": " + problem.get());
      } catch (ConnectException e) {
        troubles.add(node.name() + ": can't be reached at " + node.url());
      } catch (HttpTimeoutException e) {
        troubles.add(node.name() + ": no answer");
      } catch (IOException | SnapshotException e) {
        troubles.add(node.name() + ": " + e.getMessage());
      } finally {
        delete(part);
      }
    }
    throw new RefusedException(
        Reason.UNAVAILABLE, "no backup was made (" + String.join("; ", troubles) + ")");
  }

  private Optional<String> fetch(Address node, Path to) throws IOException {
    String target = "/v1/snapshot?timeout=" + timeout().toMillis() + "ms";
    return access()
        .nodes()
        .fetch(
            node,
            HttpRequest.newBuilder(node.uri(stale ? target + "&consistency=stale" : target)),
            timeout(),
            body -> write(body, to));
  }

  private static void write(InputStream body, Path to) throws IOException {
    try (StallGuard guarded = new StallGuard(body);
        OutputStream out = Files.newOutputStream(to)) {
      guarded.transferTo(out);
    }
  }

  private SnapshotFile finish(Path part) throws IOException {
    SnapshotFile.open(part).verify();
    try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true);
    }
    return SnapshotFile.open(file);
  }

  private void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      say(part + " can't be deleted: " + e);
    }
  }

  private void report(SnapshotFile backup, Address node, double seconds) {
    if (wantsJson()) {
      streams()
          .line(
              Json.object()
                  .put("file", file.toString())
                  .put("bytes", backup.snapshot().bytes())
                  .put("slot", backup.snapshot().slot())
                  .put("revision", backup.revision())
                  .put("sha256", backup.snapshot().name())
                  .put("node", node.name())
                  .toString());
    } else {
      streams()
          .line(
              String.format(
                  Locale.ROOT,
                  "%s, %.1f MB from %s in %.1f s",
                  backup,
                  backup.snapshot().bytes() / 1e6,
                  node.name(),
                  seconds));
    }
  }
}
