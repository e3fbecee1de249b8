package synod.cli.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import synod.cli.torture.DiskFault.Depth;

/** All faults that this lab can have. */
final class Faults {
  private Faults() {}

  /**
   * @param missing gets the kinds that the kernel can't do, and why
   */
  static List<Fault> of(Lab lab, Set<Kind> wanted, Map<Kind, String> missing) {
    List<Fault> faults = new ArrayList<>();
    faults.add(new KillFault(lab, "one node", 1));
    faults.add(new KillFault(lab, "two nodes", 2));
    faults.add(new KillFault(lab, "all nodes", Lab.NODES));
    faults.add(new RestartFault(lab));
    faults.add(new PauseFault(lab));
    lab.network().ifPresent(network -> faults.addAll(ofNetwork(lab, network, wanted, missing)));
    lab.disks()
        .ifPresent(
            disks -> {
              faults.add(new DiskFault(lab, disks, "one nearly", 1, Depth.NEARLY));
              faults.add(new DiskFault(lab, disks, "three nearly", 3, Depth.NEARLY));
              faults.add(new DiskFault(lab, disks, "one to the last byte", 1, Depth.FULL));
              faults.add(new DiskFault(lab, disks, "one started on it", 1, Depth.STARTED_ON));
            });
    lab.clocks().ifPresent(clocks -> faults.add(new ClockFault(lab, clocks)));
    return faults.stream().filter(fault -> wanted.contains(fault.kind())).toList();
  }

  private static List<Fault> ofNetwork(
      Lab lab, Network network, Set<Kind> wanted, Map<Kind, String> missing) {
    List<Fault> faults = new ArrayList<>();
    faults.add(new DropFault(lab, network, Kind.PARTITION, "halves", Cuts::halves));
    faults.add(new DropFault(lab, network, Kind.PARTITION, "one way", Cuts::oneWay));
    faults.add(new DropFault(lab, network, Kind.PARTITION, "ring", Cuts::ring));
    faults.add(new DropFault(lab, network, Kind.PARTITION, "clients", Cuts::clients));
    faults.add(new DropFault(lab, network, Kind.LOSS, "", Cuts::loss));
    for (ShapeFault shape :
        List.of(ShapeFault.bandwidth(lab, network), ShapeFault.latency(lab, network))) {
      String whyNot = wanted.contains(shape.kind()) ? shape.whyNot() : "";
      if (whyNot.isEmpty()) {
        faults.add(shape);
      } else {
        missing.put(shape.kind(), whyNot);
      }
    }
    return faults;
  }
}
