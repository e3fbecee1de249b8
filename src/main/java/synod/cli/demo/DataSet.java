package synod.cli.demo;

import java.util.List;

/** What the demo stores: capitals, and who was there last. */
final class DataSet {
  /** A key and its first value. */
  record Item(String key, String value) {}

  static final List<Item> ITEMS =
      List.of(
          new Item("capital/austria", "Vienna"),
          new Item("capital/belgium", "Brussels"),
          new Item("capital/denmark", "Copenhagen"),
          new Item("capital/finland", "Helsinki"),
          new Item("capital/france", "Paris"),
          new Item("capital/germany", "Berlin"),
          new Item("capital/greece", "Athens"),
          new Item("capital/iceland", "Reykjavik"),
          new Item("capital/ireland", "Dublin"),
          new Item("capital/italy", "Rome"),
          new Item("capital/netherlands", "Amsterdam"),
          new Item("capital/norway", "Oslo"),
          new Item("capital/poland", "Warsaw"),
          new Item("capital/portugal", "Lisbon"),
          new Item("capital/spain", "Madrid"),
          new Item("capital/sweden", "Stockholm"));

  private DataSet() {}

  /** A value that no other write of the demo has. */
  static String visit(Item item, String client, long number) {
    return item.value() + ", visit " + number + " of " + client;
  }
}
