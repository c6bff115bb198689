//! What the scorecard asks, and where it draws its lines: a table that a scenario can change.

use crate::parameters::{Factor, PerGib, Share, choice, table};
use crate::units::{ByteRate, Hours};

choice! {
    /// How a question of the scorecard is answered.
    Light {
        /// Fine.
        Green = "green",
        /// Worth a look.
        Yellow = "yellow",
        /// Do not go there without a plan.
        Red = "red",
    }
}

/// The questions of the scorecard, by their names, in order.
pub const QUESTIONS: &[&str] = &[
    "reconnect-storm",
    "retention",
    "replay",
    "compute-replacement",
    "scale-out",
    "reader-recovery",
    "migration",
    "cost-visibility",
    "governance",
];

table! {
    /// What the scorecard asks, and where it draws its lines.
    Policy,
    /// Every row of the policy, in the order of the questions.
    POLICY_PARAMETERS;

    /// Utilization of a broker's resource above which it is no longer green.
    utilization_yellow: Share = "80 %" in "60 % .. 90 %", Every, Vendor, "Cruise Control dadba67e: 0.8 of disk and network";
    /// Utilization of a broker's resource above which it is red.
    utilization_red: Share = "100 %" in "90 % .. 100 %", Every, Derived, "beyond it producers wait";

    /// Share of the devices in the storm.
    storm_share: Share = "50 %" in "10 % .. 100 %", Every, RuleOfThumb, "half of a fleet behind one network";
    /// How long they are away.
    storm_outage: Hours = "2 h" in "10 min .. 24 h", Every, RuleOfThumb, "a feeder or a network of a region";
    /// Time over which they send what they held back.
    storm_drain: Hours = "10 min" in "1 min .. 6 h", Every, Derived, "mechanics G1: buffered flush";
    /// Delay of a record beyond its drain above which the storm is no longer green.
    storm_delay_yellow: Hours = "1 min" in "10 s .. 1 h", Every, RuleOfThumb, "alarms are late";
    /// Delay of a record beyond its drain above which the storm is red.
    storm_delay_red: Hours = "15 min" in "1 min .. 6 h", Every, RuleOfThumb, "a quarter of an hour is a reading interval";

    /// What retention is multiplied by.
    retention_times: Factor = "2" in "1.1 .. 30", Every, RuleOfThumb, "the usual wish";
    /// Cost of a GiB more, kept for a month, above which it is no longer green.
    retention_price_yellow: PerGib = "$0.05/GiB" in "$0.02/GiB .. $0.1/GiB", Every, Derived, "object storage is $0.02 to $0.03 (catalogue)";
    /// Cost of a GiB more, kept for a month, above which it is red.
    retention_price_red: PerGib = "$0.2/GiB" in "$0.1/GiB .. $0.5/GiB", Every, Derived, "three copies on volumes 60 % full: $0.23 on st1, $0.40 on gp3";

    /// History that is replayed, at most what is kept.
    replay_window: Hours = "7 d" in "1 h .. 90 d", Every, RuleOfThumb, "a week, to train a model or to rebuild a view";
    /// Time that the replay is to take.
    replay_within: Hours = "8 h" in "1 h .. 72 h", Every, RuleOfThumb, "a night";
    /// Times its time that a replay may take before it is red.
    replay_late_red: Factor = "2" in "1 .. 10", Every, RuleOfThumb, "a second night";

    /// Time to full redundancy above which a broker's loss is no longer green; the scenario's own `slo.recovery` goes first.
    recovery_yellow: Hours = "1 h" in "5 min .. 24 h", Every, Vendor, "Netflix designs for 60 min (service-capacity-modeling dc693073)";
    /// Time to full redundancy above which a broker's loss is red.
    recovery_red: Hours = "12 h" in "1 h .. 72 h", Every, RuleOfThumb, "a second failure within it stops writes";
    /// How long a zone is down.
    zone_outage: Hours = "4 h" in "1 h .. 12 h", Every, RuleOfThumb, "mechanics H: no good public series";

    /// Demand over capacity with a zone down at the peak above which it is red; CPU demand is known to ± 50 % only.
    zone_red: Factor = "1.25" in "1 .. 1.5", Every, RuleOfThumb, "a quarter too little: producers wait at every peak";

    /// What traffic is multiplied by.
    traffic_times: Factor = "2" in "1.1 .. 10", Every, RuleOfThumb, "a new product on the same fleet";
    /// Time until added brokers carry load above which scaling out is no longer green.
    scale_out_yellow: Hours = "30 min" in "5 min .. 6 h", Every, RuleOfThumb, "within an incident";
    /// Time until added brokers carry load above which scaling out is red.
    scale_out_red: Hours = "12 h" in "1 h .. 72 h", Every, RuleOfThumb, "within a day";

    /// How long a group is down.
    reader_outage: Hours = "4 h" in "10 min .. 72 h", Every, RuleOfThumb, "mechanics I: the worked example";
    /// Times its outage that a group may take to catch up before it is no longer green.
    catch_up_yellow: Factor = "2.5" in "0.5 .. 10", Every, Derived, "mechanics I: twice the outage with 1.5 × the rate";
    /// Times its outage that a group may take to catch up before it is red.
    catch_up_red: Factor = "6" in "1 .. 20", Every, Derived, "mechanics I: five times the outage with 1.2 × the rate";

    /// Rate at which history is mirrored, and copied back.
    migration_mirror: ByteRate = "100 MiB/s" in "10 MiB/s .. 1 GiB/s", Every, RuleOfThumb, "as a rebuild: mechanics A8";
    /// Time that both platforms run before clients are cut over.
    migration_dual_run: Hours = "14 d" in "1 d .. 90 d", Every, RuleOfThumb, "two weeks of comparing";
    /// Time after the cut-over at which clients go back.
    migration_roll_back: Hours = "24 h" in "1 h .. 14 d", Every, RuleOfThumb, "a day of doubt";
    /// Time to copy back above which a roll-back is no longer green.
    migration_yellow: Hours = "4 h" in "1 h .. 24 h", Every, RuleOfThumb, "half a shift";
    /// Time to copy back above which a roll-back is red.
    migration_red: Hours = "24 h" in "4 h .. 7 d", Every, RuleOfThumb, "as long as what is rolled back";

    /// Share of the bill that may be at prices nobody has checked before cost visibility is no longer green.
    unverified_yellow: Share = "10 %" in "0 % .. 50 %", Every, RuleOfThumb, "a tenth of a bill is worth a look";
}

/// A row by its key.
pub fn parameter(key: &str) -> Option<&'static crate::parameters::Parameter> {
    POLICY_PARAMETERS.iter().find(|parameter| parameter.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::range;

    #[test]
    fn every_default_is_plausible() {
        let policy = Policy::default();
        for row in POLICY_PARAMETERS {
            let (low, high) = range(row).unwrap_or_else(|| panic!("{}: `{}`", row.key, row.range));
            let value = policy.number(row.key).expect("every row has a scale");
            assert!(low <= value && value <= high, "{}: {value} in `{}`", row.key, row.range);
        }
    }
}
