package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void operationsAreDueAtEqualDistancesFromTheStart() {
    Schedule schedule = new Schedule(5_000, 1_000);

    assertThat(schedule.at(0)).isEqualTo(5_000);
    assertThat(schedule.at(3)).isEqualTo(3_005_000);
    assertThat(schedule.dueBy(4_999)).isZero();
    assertThat(schedule.dueBy(5_000)).isEqualTo(1);
    assertThat(schedule.dueBy(1_004_999)).isEqualTo(1);
    assertThat(schedule.dueBy(1_005_000)).isEqualTo(2);
  }

  @Property
  void whatIsDueByATimeIsWhatComesBeforeIt(
      @ForAll @DoubleRange(min = 0.1, max = 5e6) double rate,
      @ForAll long start,
      @ForAll @LongRange(min = 0, max = 100_000_000_000L) long later) {
    Schedule schedule = new Schedule(start, rate);
    long due = schedule.dueBy(start + later);

    assertThat(schedule.at(due - 1) - (start + later)).isLessThanOrEqualTo(0);
    assertThat(schedule.at(due) - (start + later)).isGreaterThan(0);
  }
}
