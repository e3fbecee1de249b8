package synod.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any bytes go into a URL and come back. */
class PercentTest {
  @Property
  void whatIsEncodedIsDecodedToTheSameBytes(@ForAll byte[] bytes) {
    String encoded = Percent.encode(bytes);

    assertThat(encoded).matches("[A-Za-z0-9._~%-]*");
    assertThat(Percent.decodePath(encoded)).isEqualTo(bytes);
    assertThat(Percent.decodeQuery(encoded)).isEqualTo(bytes);
  }

  @Example
  void aPlusIsASpaceInQueriesOnly() {
    assertThat(Percent.decodePath("a+b")).asString().isEqualTo("a+b");
    assertThat(Percent.decodeQuery("a+b")).asString().isEqualTo("a b");
  }

  @Example
  void whatIsNoEncodingIsRefused() {
    for (String wrong : new String[] {"%", "a%2", "%g0", "%-1", "a%zz"}) {
      assertThatThrownBy(() -> Percent.decodePath(wrong))
          .as(wrong)
          .isInstanceOf(Problem.class)
          .hasMessageContaining("bad percent-encoding");
    }
  }
}
