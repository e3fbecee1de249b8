package synod.explore;

/** A state of the whole world, laid out to be worked on. */
final class Situation {
  final Block[] blocks;
  final int[] proposers;
  Header header;

  Situation(Block[] blocks, int[] proposers, Header header) {
    this.blocks = blocks;
    this.proposers = proposers;
    this.header = header;
  }

  static Situation first(World world) {
    Block[] blocks = {Block.FIRST, Block.FIRST, Block.FIRST};
    return new Situation(blocks, new int[] {Machine.ROOT, Machine.ROOT}, Header.first(world));
  }

  Situation with(Header changed) {
    return new Situation(blocks.clone(), proposers.clone(), changed);
  }
}
