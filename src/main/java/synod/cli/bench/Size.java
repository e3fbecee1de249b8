package synod.cli.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * How large what is measured is. A run may go through several sizes, each on clusters of its own.
 *
 * @param varied what the sizes of the run differ in; null if there is but one
 */
record Size(int nodes, int keys, int valueBytes, Varied varied) {
  /** One value of what grows from size to size. */
  record Varied(String name, int value) {}

  /**
   * All sizes of a run.
   *
   * @throws IllegalArgumentException if more than one list has several values
   */
  static List<Size> of(List<Integer> nodes, List<Integer> keys, List<Integer> valueBytes) {
    List<Size> sizes = new ArrayList<>();
    for (int cluster : nodes) {
      for (int count : keys) {
        for (int bytes : valueBytes) {
          Varied varied =
              nodes.size() > 1
                  ? new Varied("nodes", cluster)
                  : keys.size() > 1
                      ? new Varied("keys", count)
                      : valueBytes.size() > 1 ? new Varied("value bytes", bytes) : null;
          sizes.add(new Size(cluster, count, bytes, varied));
        }
      }
    }
    if (sizes.size() > Math.max(nodes.size(), Math.max(keys.size(), valueBytes.size()))) {
      throw new IllegalArgumentException(
          "only one of --nodes, --keys and --value-bytes may have several values");
    }
    if (sizes.stream().distinct().count() < sizes.size()) {
      throw new IllegalArgumentException(
          "a value of --nodes, --keys or --value-bytes is there twice");
    }
    return sizes;
  }
}
