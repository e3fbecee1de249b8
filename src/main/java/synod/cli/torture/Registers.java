package synod.cli.torture;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import synod.check.Bytes;

/**
 * The few keys that all clients use. Each is replaced by a new one after a while, and when the
 * outcome of a write to it remains unknown: what must be searched to judge a key grows with its
 * operations, and much faster with those that may take effect at any time. May be used by any
 * thread.
 */
final class Registers {
  private static final int KEYS = 8;

  /** Operations, until a key is replaced. */
  private static final int LIFE = 300;

  private final int[] generation = new int[KEYS];
  private final int[] uses = new int[KEYS];

  /** A key's place among the few, and the key that is there now. */
  record Register(int place, int generation) {
    Bytes key() {
      return Bytes.utf8("register-" + place + "/" + generation);
    }
  }

  synchronized Register draw(Random random) {
    int place = random.nextInt(KEYS);
    if (++uses[place] > LIFE) {
      replace(place);
    }
    return new Register(place, generation[place]);
  }

  /** Nobody shall use it any more, if it is still in use. */
  synchronized void retire(Register register) {
    if (generation[register.place()] == register.generation()) {
      replace(register.place());
    }
  }

  private void replace(int place) {
    generation[place]++;
    uses[place] = 1;
  }

  /** Those in use. */
  synchronized List<Register> current() {
    return IntStream.range(0, KEYS).mapToObj(i -> new Register(i, generation[i])).toList();
  }
}
