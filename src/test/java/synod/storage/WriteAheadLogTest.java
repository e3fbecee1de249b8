package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs put together by hand: what RocksDB doesn't write, but a bad disk may leave. */
class WriteAheadLogTest {
  private static final int BLOCK = 32 * 1024;

  @TempDir Path directory;

  @Test
  void ofNoFileHoldsNothing() throws IOException {
    assertThat(WriteAheadLog.read(directory).lastSequence()).isZero();
    assertThat(WriteAheadLog.read(directory).damage()).isNull();
  }

  @Test
  void filesAreReadInTheOrderOfTheirNumbers() throws IOException {
    write("9.log", record(1, 2), record(3, 1));
    write("10.log", record(4, 1));
    write("11.log");
    WriteAheadLog log = WriteAheadLog.read(directory);
    assertThat(log.damage()).isNull();
    assertThat(log.lastSequence()).isEqualTo(4);
  }

  @Test
  void aWriteThatIsMissingWithoutATraceIsNoticed() throws IOException {
    write("1.log", record(1, 2), record(4, 1));
    assertDamaged("1.log", record(1, 2).length, 2, true, true);
  }

  @Test
  void aWriteThatIsThereTwiceIsNoticed() throws IOException {
    write("1.log", record(1, 2), record(3, 1), record(3, 1));
    assertDamaged("1.log", 2 * record(1, 1).length, 3, true, true);
  }

  @Test
  void aFileThatIsMissingBetweenOthersIsNoticed() throws IOException {
    write("1.log", record(1, 2));
    write("3.log", record(7, 1));
    assertDamaged("3.log", 0, 2, true, true);
  }

  @Test
  void aTornEndIsToldFromDamageByWhatStandsBehindIt() throws IOException {
    byte[] torn = Arrays.copyOf(record(3, 1), 12);
    write("1.log", record(1, 2), torn);
    assertDamaged("1.log", record(1, 2).length, 2, false, true);
    write("2.log");
    assertDamaged("1.log", record(1, 2).length, 2, false, true);
    write("2.log", new byte[] {1, 2, 3});
    assertDamaged("1.log", record(1, 2).length, 2, false, false);
    write("2.log", record(4, 1));
    assertDamaged("1.log", record(1, 2).length, 2, true, false);
    write("2.log");
    write("1.log", record(1, 2), torn, new byte[3 * BLOCK], record(4, 1));
    assertDamaged("1.log", record(1, 2).length, 2, true, true);
  }

  @Test
  void partsOfTheTornWriteItselfProveNothing() throws IOException {
    byte[] first = fragment(2, record(3, 1), 7, BLOCK - 2 * 7 - record(1, 2).length);
    byte[] last = fragment(4, new byte[100], 0, 100);
    write("1.log", record(1, 2), first, new byte[7 + BLOCK], last);
    assertDamaged("1.log", record(1, 2).length, 2, false, true);
  }

  @Test
  void aTornFirstWriteIsForgottenToo() throws IOException {
    write("1.log", Arrays.copyOf(record(41, 1), 20));
    assertDamaged("1.log", 0, 0, false, true);
  }

  private void assertDamaged(
      String file, long offset, long lastSequence, boolean beyond, boolean last)
      throws IOException {
    WriteAheadLog log = WriteAheadLog.read(directory);
    assertThat(log.damage())
        .isEqualTo(new WriteAheadLog.Damage(directory.resolve(file), offset, beyond, last));
    assertThat(log.lastSequence()).isEqualTo(lastSequence);
  }

  private void write(String file, byte[]... parts) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.write(part);
    }
    Files.write(directory.resolve(file), content.toByteArray());
  }

  /** A whole write in one fragment. */
  private static byte[] record(long sequence, int changes) {
    ByteBuffer write = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    write.putLong(sequence).putInt(changes);
    return fragment(1, write.array(), 0, write.capacity());
  }

  private static byte[] fragment(int type, byte[] payload, int from, int length) {
    ByteBuffer fragment = ByteBuffer.allocate(7 + length).order(ByteOrder.LITTLE_ENDIAN);
    fragment.position(4);
    fragment.putShort((short) length).put((byte) type);
    fragment.put(Arrays.copyOfRange(payload, from, from + length));
    CRC32C crc = new CRC32C();
    crc.update(fragment.array(), 6, 1 + length);
    return fragment.putInt(0, Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8).array();
  }
}
