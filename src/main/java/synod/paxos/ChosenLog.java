package synod.paxos;

import java.util.List;

/** Read access to the values that a node's learner has applied. Calls may block on the disk. */
public interface ChosenLog {
  /**
   * The values of consecutive slots, all chosen.
   *
   * @param maxBytes stop after the value that brings the total to this many bytes; at least one is
   *     returned if there is any
   * @return none if the slot is not known to be chosen
   */
  List<byte[]> values(long from, int maxBytes);
}
