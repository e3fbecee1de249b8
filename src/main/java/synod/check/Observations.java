package synod.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import synod.check.KeyModel.Op;

/**
 * What a key's puts of unknown outcome must have done, told by those who saw their values.
 *
 * <ul>
 *   <li>If just one put wrote a value, and somebody saw that value at a revision, then this put
 *       took effect, made that revision, and did so before whoever saw it had ended: it is like one
 *       that was acknowledged then.
 *   <li>If nobody saw the value, it doesn't matter which it was: such puts are all alike. They may
 *       still have taken effect, for a failed condition may need one.
 * </ul>
 *
 * The history is linearizable exactly if it is so with this knowledge, but there is much less to
 * try.
 */
final class Observations {
  private final Map<Bytes, Integer> writers = new HashMap<>();
  private final Map<Bytes, Sighting> sightings = new HashMap<>();
  private final Set<Bytes> seen = new HashSet<>();
  private Bytes anyUnseen;

  /**
   * The first who was told a value with its revision.
   *
   * @param before the place of that one's end
   */
  private record Sighting(long revision, int before) {}

  Observations(KeyState initial, List<Interval<Op>> operations) {
    if (!initial.absent()) {
      writers.put(initial.value(), 1);
    }
    for (Interval<Op> each : operations) {
      if (each.operation().operation() instanceof Operation.Put put) {
        writers.merge(put.value(), 1, Integer::sum);
      }
      Seen told = each.operation().seen();
      if (told != null && !told.absent()) {
        seen.add(told.value());
        if (told.modRevision() != Outcome.UNREPORTED) {
          sightings.merge(
              told.value(),
              new Sighting(told.modRevision(), each.end()),
              (a, b) -> a.before() <= b.before() ? a : b);
        }
      }
    }
  }

  List<Interval<Op>> applyTo(List<Interval<Op>> operations) {
    List<Interval<Op>> known = new ArrayList<>(operations.size());
    operations.forEach(each -> known.add(known(each)));
    return known;
  }

  private Interval<Op> known(Interval<Op> each) {
    if (each.operation().outcome() != null
        || !(each.operation().operation() instanceof Operation.Put put)) {
      return each;
    }
    Sighting sighting = sightings.get(put.value());
    if (sighting != null && writers.get(put.value()) == 1 && sighting.before() > each.call()) {
      Op applied = new Op(put, new Outcome.Applied(sighting.revision()));
      return new Interval<>(applied, each.call(), sighting.before(), each.source());
    }
    if (!seen.contains(put.value())) {
      anyUnseen = anyUnseen == null ? put.value() : anyUnseen;
      Operation any = new Operation.Put(put.key(), anyUnseen, put.condition());
      return new Interval<>(new Op(any, null), each.call(), each.end(), each.source());
    }
    return each;
  }
}
