/**
 * Stable storage: a node's data directory, the acceptor's log and the learner's key-value state on
 * RocksDB.
 *
 * <p>What every class here keeps to: a method that promises durability returns only after fsync; a
 * failed write is final and never retried; a directory that is foreign, damaged or has lost
 * acknowledged writes is refused at opening ({@link synod.storage.StorageRefusedException}) and
 * never repaired by guessing.
 */
package synod.storage;
