package synod.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import synod.Certificates;
import synod.Certificates.Ended;
import synod.cli.CommandFailedException;
import synod.cli.Main;
import synod.cli.store.Streams;

/**
 * {@code scripts/deploy} against machines in network namespaces, each with an sshd: installs, runs
 * and removes a cluster there, and says of each machine what became of it. They share one file
 * system, so each node has a directory of its own in it.
 */
@Timeout(400)
class DeployScriptTest {
  private static final List<String> NODES = List.of("n1", "n2", "n3");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private final List<Process> daemons = new ArrayList<>();
  private Network network;
  private Path hosts;

  @BeforeEach
  void makeMachines() throws IOException {
    for (String tool : List.of("sshd", "ssh", "ssh-keygen", "rsync", "setsid")) {
      if (Shell.find(tool).isEmpty()) {
        abort(tool + " is not installed (Debian: apt install openssh-server rsync)");
      }
    }
    try {
      network = Network.create("synod-dep" + ProcessHandle.current().pid() % 10_000, NODES);
    } catch (CommandFailedException e) {
      abort("no network namespaces here: " + e.getMessage());
    }
    makePackage();
    makeKeys();
    for (String node : NODES) {
      startSshd(node);
    }
    hosts = hosts("hosts.txt", "");
  }

  @AfterEach
  void removeMachines() throws IOException {
    if (hosts != null) {
      deploy(hosts, "uninstall", "--purge");
    }
    for (Process daemon : daemons) {
      daemon.destroyForcibly().onExit().join();
    }
    if (network != null) {
      network.close();
    }
  }

  // What the machines are made of

  /** As the package is laid out, with the classes under test and the libraries where they are. */
  private void makePackage() throws IOException {
    Path scripts = Files.createDirectories(directory.resolve("package/scripts"));
    try (Stream<Path> files = Files.list(Path.of("scripts"))) {
      for (Path file : files.toList()) {
        Files.copy(file, scripts.resolve(file.getFileName()));
      }
    }
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    main.put(
        Attributes.Name.CLASS_PATH,
        classPath.stream()
            .filter(Files::isRegularFile)
            .map(jar -> jar.toUri().toString())
            .collect(Collectors.joining(" ")));
    try (JarOutputStream jar =
        new JarOutputStream(
            Files.newOutputStream(directory.resolve("package/synod.jar")), manifest)) {
      addAll(Path.of("target/classes"), jar);
    }
  }

  private static void addAll(Path classes, JarOutputStream jar) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = classes.relativize(file).toString();
        if (!name.equals("META-INF/MANIFEST.MF")) {
          jar.putNextEntry(new ZipEntry(name));
          Files.copy(file, (OutputStream) jar);
        }
      }
    }
  }

  private void makeKeys() throws IOException {
    for (String key : List.of("host.key", "user.key")) {
      Shell.run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path(key)));
    }
    Files.writeString(
        directory.resolve("ssh.conf"),
        """
        IdentityFile %s
        UserKnownHostsFile %s
        StrictHostKeyChecking accept-new
        LogLevel ERROR
        """
            .formatted(path("user.key"), path("known_hosts")));
    // What sshd wants to be there, and a service manager would make.
    Files.createDirectories(Path.of("/run/sshd"));
  }

  private String path(String file) {
    return directory.resolve(file).toString();
  }

  private void startSshd(String node) throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("sshd-" + node + ".conf"),
            """
            ListenAddress %s:22
            HostKey %s
            AuthorizedKeysFile %s
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no
            PidFile none
            SetEnv JAVA_HOME=%s
            """
                .formatted(
                    network.address(node),
                    path("host.key"),
                    path("user.key.pub"),
                    System.getProperty("java.home")));
    List<String> command = new ArrayList<>(network.enter(node));
    command.addAll(List.of(Shell.find("sshd").orElseThrow(), "-D", "-e", "-f", config.toString()));
    daemons.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("sshd-" + node + ".log").toFile())
            .start());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(network.address(node), 22), 1000);
        return;
      } catch (IOException e) {
        assertThat(System.nanoTime()).as("sshd answers: " + e).isLessThan(deadline);
      }
    }
  }

  private Path hosts(String name, String more) throws IOException {
    StringBuilder text = new StringBuilder("# made by a test\n");
    for (String node : NODES) {
      text.append("%s %s dir=%s\n".formatted(node, network.address(node), path("m-" + node)));
      // No time is spent on preparing fast starts.
      Path archive = directory.resolve("m-" + node + "/app/synod.jsa");
      Files.createDirectories(archive.getParent());
      Files.writeString(archive, "");
      Files.setLastModifiedTime(archive, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
    }
    return Files.writeString(directory.resolve(name), text + more);
  }

  private Ended deploy(Path hostsFile, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(path("package/scripts/deploy"), hostsFile.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SYNOD_SSH", "ssh -F " + path("ssh.conf"));
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.print("deploy " + String.join(" ", arguments) + "\n" + said);
    return new Ended(process.onExit().join().exitValue(), said);
  }

  /** The line about a node. */
  private static String line(Ended ended, String node) {
    return ended.said().lines().filter(line -> line.startsWith(node + " ")).findAny().orElse("");
  }

  // The test

  private String[] secured() throws IOException {
    Certificates.make(
        directory.resolve("certs"),
        NODES.stream().map(node -> node + "=" + network.address(node)).toArray(String[]::new));
    for (String file : List.of("tokens:write write-0123456789", "token:write-0123456789")) {
      Path secret = directory.resolve(file.split(":")[0]);
      Files.writeString(secret, file.split(":")[1]);
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }
    return new String[] {"install", "--certs", path("certs"), "--tokens", path("tokens")};
  }

  private String client(String node, String... command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--http", network.address(node) + ":8080", "--timeout", "20s"));
    line.addAll(List.of("--ca", path("certs/ca.crt"), "--token-file", path("token")));
    int code =
        Main.commandLine(
                new Streams(new ByteArrayInputStream(new byte[0]), out, Streams.Manner.RAW))
            .setErr(new PrintWriter(err))
            .execute(line.toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aClusterIsInstalledRunAndRemoved() throws IOException {
    String[] install = secured();
    Path withAbsent = hosts("hosts4.txt", "n4 " + network.address("n1") + "23 roles=learner\n");
    Certificates.make(directory.resolve("certs"), "n4=127.0.0.1");

    Ended partly = deploy(withAbsent, install);
    assertThat(partly.exitCode()).isEqualTo(1);
    assertThat(line(partly, "n4")).contains("can't be reached: ssh: ");
    NODES.forEach(node -> assertThat(line(partly, node)).contains("installed in "));
    assertThat(deploy(hosts, install).exitCode()).isZero();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("m-n1/etc/certs/n1.key"))))
        .isEqualTo("rw-------");

    Ended started = deploy(hosts, "start");
    assertThat(started.exitCode()).isZero();
    NODES.forEach(
        node ->
            assertThat(line(started, node))
                .contains("started, serves at https://" + network.address(node) + ":8080, pid "));
    assertThat(client("n1", "put", "deployed", "yes")).startsWith("revision 1");
    assertThat(line(deploy(hosts, "start"), "n2")).contains("runs already");
    assertThat(
            deploy(hosts, "install", "--certs", path("certs"), "--tokens", path("tokens"))
                .exitCode())
        .isZero();

    assertThat(deploy(hosts, "restart").exitCode()).isZero();
    assertThat(client("n3", "get", "deployed")).isEqualTo("yes");
    assertThat(deploy(hosts, "logs").said()).contains("== n1 ", "n1 serves at https://");

    String pid = Files.readString(directory.resolve("m-n2/node.pid")).split(" ")[0];
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    ProcessHandle.of(Long.parseLong(pid)).ifPresent(process -> process.onExit().join());
    Ended status = deploy(hosts, "status");
    assertThat(status.exitCode()).isEqualTo(1);
    assertThat(line(status, "n1")).contains("serves at https://");
    assertThat(line(status, "n2")).contains("isn't running");
    assertThat(line(deploy(hosts, "start"), "n2")).contains("started, serves at ");

    Ended stopped = deploy(hosts, "stop");
    assertThat(stopped.exitCode()).isZero();
    NODES.forEach(node -> assertThat(line(stopped, node)).endsWith(" stopped"));
    assertThat(line(deploy(hosts, "stop"), "n1")).contains("isn't running");
    assertThat(line(deploy(hosts, "uninstall"), "n1")).contains("its data is kept in ");
    assertThat(directory.resolve("m-n1/data/n1")).isDirectory();
    assertThat(directory.resolve("m-n1/app")).doesNotExist();
    assertThat(line(deploy(hosts, "status"), "n1")).contains("not installed");
  }

  @Test
  void aNodeThatMayNotStartSaysWhy() throws IOException {
    assertThat(deploy(hosts, "install").exitCode()).isZero();

    Ended started = deploy(hosts, "start");

    assertThat(started.exitCode()).isEqualTo(1);
    assertThat(line(started, "n1"))
        .contains("ended at once: synod.security: other machines can reach n1");
  }

  @Test
  void whatIsWrongInTheFileOrTheCommandIsOneLine() throws IOException {
    Path wrong = hosts("wrong.txt", "n4 10.0.0.4 memory=4g\n");
    assertThat(deploy(wrong, "status").said())
        .contains("wrong.txt: line 5: \"memory=4g\" is none of");
    assertThat(deploy(hosts("twice.txt", "n1 10.0.0.4\n"), "status").said())
        .contains("another node is named n1");
    assertThat(deploy(directory.resolve("nowhere"), "status").said()).contains("no such file");
    assertThat(deploy(hosts, "explode").said()).contains("no such command: explode");
    assertThat(deploy(hosts, "start", "--purge").said()).contains("start doesn't take --purge");
    assertThat(deploy(hosts, "install", "--certs", path("wrong.txt")).said())
        .contains("lacks ca.crt");
  }
}
