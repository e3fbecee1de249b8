package synod.paxos;

import java.util.Locale;

/**
 * The parts a node can play: Lamport's three ("Paxos Made Simple" §2.1), and the gateway that
 * serves clients.
 */
public enum Role {
  ACCEPTOR,
  PROPOSER,
  LEARNER,
  GATEWAY;

  /** The name used in configuration, logs, actor paths and URLs. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
