/**
 * What programs share that let clients loose on a cluster and check the result: clients that repeat
 * and record, what nodes say of themselves, and what their disks hold in the end.
 */
package synod.cli.workload;
