package synod.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line is split into the words that a shell would make of it. */
class WordsTest {
  private static List<String> words(String line) {
    return Words.of(line).orElseThrow();
  }

  @Test
  void blanksSeparateAndQuotesJoin() {
    assertThat(words("  put  a\tb ")).containsExactly("put", "a", "b");
    assertThat(words("put 'a b' \"c d\"e")).containsExactly("put", "a b", "c de");
    assertThat(words("put k ''")).containsExactly("put", "k", "");
    assertThat(words("put k \"\" ")).containsExactly("put", "k", "");
  }

  @Test
  void aBackslashMeansWhatItSaysWhereItStands() {
    assertThat(words("a\\ b \"c\\\"d\\\\e\\nf\\tg\\xh\" 'i\\nj'"))
        .containsExactly("a b", "c\"d\\e\nf\tg\\xh", "i\\nj");
    assertThat(words("one\\\ntwo")).containsExactly("onetwo");
  }

  @Test
  void emptyLinesAndCommentsHaveNoWords() {
    assertThat(words("")).isEmpty();
    assertThat(words(" \t")).isEmpty();
    assertThat(words("# it's a comment")).isEmpty();
    assertThat(words("a#b")).containsExactly("a#b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"put k \"a", "put k 'a", "put k a\\", "put k \"a\\\"", "'"})
  void aLineThatGoesOnHasNoWordsYet(String line) {
    assertThat(Words.of(line)).isEmpty();
  }

  @Property(tries = 300)
  void whatIsQuotedComesOutAsItWas(@ForAll @NotEmpty List<String> words) {
    String line =
        String.join(" ", words.stream().map(w -> "'" + w.replace("'", "'\\''") + "'").toList());
    assertThat(words(line)).isEqualTo(words);
  }

  @Property(tries = 300)
  void noLineDoesAnyHarm(@ForAll String line) {
    assertThat(Words.of(line)).isNotNull();
  }
}
