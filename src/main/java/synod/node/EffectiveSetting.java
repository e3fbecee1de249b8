package synod.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import java.util.Comparator;
import java.util.List;

/**
 * One setting of Synod as it is in force, for people.
 *
 * @param value as it would be written in a file
 * @param from the file with the line, {@code command line} or {@code system properties}
 */
public record EffectiveSetting(String path, String value, String from) {
  /**
   * All of them by path, those that can't work and those that nobody knows too.
   *
   * @param config resolved, as {@link ConfigFiles#load} returns it
   */
  public static List<EffectiveSetting> of(Config config) {
    return config.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("synod."))
        .map(
            entry ->
                new EffectiveSetting(
                    entry.getKey(),
                    entry.getValue().render(ConfigRenderOptions.concise()),
                    Settings.place(entry.getValue().origin())))
        .sorted(Comparator.comparing(EffectiveSetting::path))
        .toList();
  }
}
