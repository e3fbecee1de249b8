package synod.node;

import java.util.List;

/** A configuration that can't work. Holds everything that is wrong with it, not the first only. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * @param problems one sentence each, naming the setting or the file; at least one
   */
  public ConfigurationException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence each, naming the setting or the file. */
  public List<String> problems() {
    return problems;
  }
}
