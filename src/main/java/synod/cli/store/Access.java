package synod.cli.store;

/** The ways to the cluster that a command may take. */
interface Access {
  /** For keys. */
  Store store();

  /** For what each node says and does for itself. */
  HttpNodes nodes();
}
