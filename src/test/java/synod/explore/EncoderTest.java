package synod.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import synod.paxos.Ballot;
import synod.paxos.Entry;

class EncoderTest {
  private record Holder(Object held) {}

  @Test
  void whatIsLeftOutIsThere() throws ClassNotFoundException {
    List<String> fields = new ArrayList<>();
    for (String type :
        List.of(
            "Acceptor",
            "Acceptor$PendingWrite",
            "Proposer",
            "Phase1",
            "Phase2",
            "Phase2$InFlight",
            "ReadRounds",
            "Effect$Persist")) {
      for (Field field : Encoder.fields(Class.forName("synod.paxos." + type))) {
        fields.add(Encoder.name(field));
      }
    }

    assertThat(fields).containsAll(Encoder.LEFT_OUT).containsAll(Encoder.WRITES);
    assertThat(fields).contains(Encoder.HEARD_OF);
  }

  @Test
  void aTypeThatIsNotKnownIsRefused() {
    assertThatThrownBy(() -> Encoder.encode(0, new Holder(new AtomicLong())))
        .hasMessageContaining("AtomicLong");
  }

  @Test
  void everyFieldOfARecordCounts() {
    byte[] bytes = encode(new Entry(1, new Ballot(2, "p", 0), new byte[] {3}));

    assertThat(encode(new Entry(1, new Ballot(2, "p", 0), new byte[] {3}))).isEqualTo(bytes);
    assertThat(encode(new Entry(2, new Ballot(2, "p", 0), new byte[] {3}))).isNotEqualTo(bytes);
    assertThat(encode(new Entry(1, new Ballot(2, "q", 0), new byte[] {3}))).isNotEqualTo(bytes);
    assertThat(encode(new Entry(1, new Ballot(2, "p", 0), new byte[] {4}))).isNotEqualTo(bytes);
  }

  @Test
  void theOrderOfAListCountsAndThatOfASetOrMapDoesNot() {
    assertThat(encode(List.of(1, 2))).isNotEqualTo(encode(List.of(2, 1)));
    assertThat(encode(new LinkedHashSet<>(List.of(1, 2))))
        .isEqualTo(encode(new LinkedHashSet<>(List.of(2, 1))));
    assertThat(encode(map("a", "b"))).isEqualTo(encode(map("b", "a")));
    assertThat(encode(Set.of(1))).isNotEqualTo(encode(List.of(1)));
  }

  private static Map<String, Integer> map(String... keys) {
    Map<String, Integer> map = new LinkedHashMap<>();
    for (String key : keys) {
      map.put(key, 1);
    }
    return map;
  }

  private static byte[] encode(Object value) {
    return Encoder.encode(0, new Holder(value));
  }
}
