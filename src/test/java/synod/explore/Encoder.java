package synod.explore;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import synod.paxos.Ballot;

/**
 * The state of a role as bytes: two roles with the same bytes behave alike for ever. Every field of
 * every object of Synod's is in it, found by reflection, except those named here with the reason;
 * an object of a type that it doesn't know is refused, so that a new field can't be overlooked.
 */
final class Encoder {
  /** Fields that can't make a difference in a world where the clock stands still. */
  static final Set<String> LEFT_OUT =
      Set.of(
          // The same in every state of a world, or encoded beside (the log).
          "Acceptor.node",
          "Acceptor.learnerBeside",
          "Acceptor.settings",
          "Acceptor.log",
          "Proposer.node",
          "Proposer.incarnation",
          "Proposer.group",
          "Proposer.settings",
          "Proposer.assemble",
          "Proposer.random",
          "Phase1.quorums",
          "Phase2.quorums",
          "Phase2.settings",
          "Phase2.assemble",
          "ReadRounds.quorums",
          // How much waits for the disk: a small world stays far below the bound.
          "Acceptor.unwritten",
          // Times. Nothing is ever due but what the explorer lets happen.
          "Acceptor.leaderHeardAt",
          "Proposer.deadline",
          "Proposer.repeatAt",
          "Proposer.heartbeatAt",
          "Proposer.heardAt",
          "InFlight.startedAt",
          "InFlight.interval",
          "InFlight.repeatAt",
          "ReadRounds.repeatAt",
          // Numbers of writes only name them; those under way are encoded relative to the first.
          "Acceptor.lastWrite",
          "Proposer.lastWrite",
          // Numbers of heartbeats, whose answers are not in this world, and whom to hand over to.
          "Proposer.nonce",
          "Proposer.votedUpTo",
          // Compared with heartbeats only; a leader's own ballot is in its phase 2 as well.
          "Proposer.leader");

  /** Fields that hold the number of a write. */
  static final Set<String> WRITES = Set.of("PendingWrite.id", "Persist.id");

  /** A higher round that was heard of counts at the next campaign only, and if it is higher. */
  static final String HEARD_OF = "Proposer.highestSeen";

  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return fields(type);
        }
      };

  private final long firstWrite;

  private Encoder(long firstWrite) {
    this.firstWrite = firstWrite;
  }

  /**
   * @param firstWrite the number of the first write under way, 0 if there is none
   */
  static byte[] encode(long firstWrite, Object... parts) {
    return new Encoder(firstWrite).bytes(Arrays.asList(parts));
  }

  /** All fields of a class, those left out as well. */
  static List<Field> fields(Class<?> type) {
    List<Field> found = new ArrayList<>();
    for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          found.add(field);
        }
      }
    }
    return found;
  }

  static String name(Field field) {
    return field.getDeclaringClass().getSimpleName() + "." + field.getName();
  }

  private byte[] bytes(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream to = new DataOutputStream(bytes)) {
      write(value, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(Object value, DataOutputStream to) throws IOException {
    if (value == null) {
      to.writeByte('0');
    } else if (value instanceof Long || value instanceof Integer) {
      to.writeByte('#');
      to.writeLong(((Number) value).longValue());
    } else if (value instanceof Boolean || value instanceof String || value instanceof Enum<?>) {
      to.writeByte('"');
      to.writeUTF(value.toString());
    } else if (value instanceof byte[] array) {
      to.writeByte('b');
      writeBytes(array, to);
    } else if (value instanceof Map<?, ?> map) {
      to.writeByte('m');
      writeSorted(map.entrySet().stream().map(this::pair).toList(), to);
    } else if (value instanceof Set<?> set) {
      to.writeByte('s');
      writeSorted(set.stream().map(this::bytes).toList(), to);
    } else if (value instanceof Collection<?> list) {
      to.writeByte('l');
      to.writeInt(list.size());
      for (Object element : list) {
        write(element, to);
      }
    } else if (value.getClass().getName().startsWith("synod.")) {
      to.writeByte('{');
      to.writeUTF(value.getClass().getSimpleName());
      for (Field field : FIELDS.get(value.getClass())) {
        writeField(value, field, to);
      }
    } else {
      throw new IllegalStateException("can't encode a " + value.getClass().getName());
    }
  }

  private byte[] pair(Map.Entry<?, ?> entry) {
    return bytes(Arrays.asList(entry.getKey(), entry.getValue()));
  }

  private void writeField(Object owner, Field field, DataOutputStream to) throws IOException {
    String name = name(field);
    if (LEFT_OUT.contains(name)) {
      return;
    }
    Object value = get(field, owner);
    if (WRITES.contains(name)) {
      write((long) value - firstWrite, to);
    } else if (name.equals(HEARD_OF)) {
      long heard = ((Ballot) value).round();
      write(heard > roundOf(owner) ? heard : 0L, to);
    } else {
      write(value, to);
    }
  }

  private static long roundOf(Object proposer) {
    return FIELDS.get(proposer.getClass()).stream()
        .filter(field -> name(field).equals("Proposer.round"))
        .mapToLong(field -> (long) get(field, proposer))
        .findFirst()
        .orElseThrow();
  }

  private static Object get(Field field, Object owner) {
    try {
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void writeSorted(List<byte[]> parts, DataOutputStream to) throws IOException {
    List<byte[]> sorted = new ArrayList<>(parts);
    sorted.sort(Arrays::compare);
    to.writeInt(sorted.size());
    for (byte[] part : sorted) {
      writeBytes(part, to);
    }
  }

  private static void writeBytes(byte[] array, DataOutputStream to) throws IOException {
    to.writeInt(array.length);
    to.write(array);
  }
}
