package synod.cli;

import java.nio.file.Path;
import java.util.List;

/**
 * What lies where in the directory of a local cluster.
 *
 * <pre>
 * cluster.conf       the nodes and their ports
 * application.conf   settings that differ from the defaults
 * data/NODE/         what the node must remember
 * logs/NODE.log      what it printed
 * run/NODE.pid       its process
 * run/lock           held by a command that starts or stops nodes
 * </pre>
 */
record LocalFiles(Path directory) {
  LocalFiles {
    directory = directory.toAbsolutePath().normalize();
  }

  Path cluster() {
    return directory.resolve("cluster.conf");
  }

  Path settings() {
    return directory.resolve("application.conf");
  }

  Path data() {
    return directory.resolve("data");
  }

  Path log(String node) {
    return directory.resolve("logs").resolve(node + ".log");
  }

  Path run() {
    return directory.resolve("run");
  }

  Path pid(String node) {
    return run().resolve(node + ".pid");
  }

  Path lock() {
    return run().resolve("lock");
  }

  /** What {@code synod node NAME} is told beside the name. */
  List<String> nodeArguments() {
    return List.of(
        "--cluster", cluster().toString(),
        "--config", settings().toString(),
        "--data", data().toString());
  }
}
