package synod.cli.bench;

import java.util.function.Supplier;

/** A way to a store: the servers, and a client of them. Used by one thread. */
final class Target implements AutoCloseable {
  private final String name;
  private final Servers servers;
  private final Supplier<Driver> connecting;
  private Driver driver;

  /**
   * @param servers maybe those of another target too
   * @param connecting gives a driver when the servers serve
   */
  Target(String name, Servers servers, Supplier<Driver> connecting) {
    this.name = name;
    this.servers = servers;
    this.connecting = connecting;
  }

  String name() {
    return name;
  }

  Servers servers() {
    return servers;
  }

  /** Connects when it is asked for the first time. */
  Driver driver() {
    if (driver == null) {
      driver = connecting.get();
    }
    return driver;
  }

  /** Ends the client, not the servers. */
  @Override
  public void close() {
    if (driver != null) {
      driver.close();
      driver = null;
    }
  }
}
