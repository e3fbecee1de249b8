package synod.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import synod.cli.CommandFailedException;

/** {@code kill -9} of etcd's leader. */
final class EtcdFault implements Fault {
  private final EtcdServers servers;
  private final List<Driver> drivers = new ArrayList<>();
  private int leader;

  EtcdFault(EtcdServers servers) {
    this.servers = servers;
  }

  @Override
  public String target() {
    return TargetOptions.ETCD;
  }

  @Override
  public String how() {
    return "kill";
  }

  @Override
  public String version() {
    return servers.version();
  }

  @Override
  public void prepare(Consumer<String> progress) {
    servers.start(progress);
    for (int i = 0; i < servers.size(); i++) {
      drivers.add(new EtcdDriver(servers.address(i), false));
    }
  }

  @Override
  public List<Driver> aim() {
    leader = servers.leader().orElseThrow(() -> new CommandFailedException("etcd has no leader"));
    List<Driver> left = new ArrayList<>(drivers);
    left.remove(leader);
    return left;
  }

  @Override
  public void strike() {
    servers.kill(leader);
  }

  @Override
  public void repair(Consumer<String> progress) {
    servers.restart(leader, progress);
  }

  @Override
  public void close() {
    drivers.forEach(Driver::close);
    servers.close();
  }
}
