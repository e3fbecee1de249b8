/**
 * Torture: a cluster of real processes under real faults. Each process has a machine to itself, as
 * far as this one can pretend: a network namespace, a small disk, a clock. Everything that is made
 * for a run is named after it and removed with it; nothing of the host's own network is touched.
 */
package synod.cli.torture;
