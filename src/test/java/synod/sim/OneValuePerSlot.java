package synod.sim;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import synod.paxos.Ballot;

/** No two values are chosen at one slot, at whatever ballots. */
final class OneValuePerSlot implements Watcher {
  private final Map<Long, byte[]> chosen = new HashMap<>();
  private final Map<Long, Ballot> chosenAt = new HashMap<>();

  @Override
  public void chosen(long slot, Ballot ballot, byte[] value) {
    byte[] first = chosen.putIfAbsent(slot, value);
    Ballot firstAt = chosenAt.putIfAbsent(slot, ballot);
    if (first != null && first != value && !Arrays.equals(first, value)) {
      throw new SimulationFailure(
          "one value per slot", "slot %d: chosen at %s, another at %s", slot, firstAt, ballot);
    }
  }
}
