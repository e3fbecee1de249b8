package synod.cli.bench;

/**
 * One operation on one key.
 *
 * @param value of a put; null otherwise
 */
record Operation(Kind kind, byte[] key, byte[] value) {}
