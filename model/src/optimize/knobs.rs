//! What whoever runs a platform chooses besides its machines, as a table.
//!
//! A setting stands here when the model knows both what it saves and what it costs: one that only saves would always go to
//! the end of its range, and nobody should believe that. Left out for that reason: smaller segments (open files and requests
//! to controllers are not counted), rarer merges (readers of small objects wait), slower uploads (the default is the slowest
//! already), hard disks for solid-state ones (their latency is another).

use crate::design::{Architecture, Design};
use crate::parameters::Wal;
use crate::prices::PriceList;

/// A setting that is chosen freely.
#[derive(Clone, Copy, Debug)]
pub struct Knob {
    /// As a scenario has it.
    pub key: &'static str,
    /// Values to choose from, within the range of the setting's row.
    pub values: &'static [&'static str],
    /// Where it means something.
    applies: fn(&Design) -> bool,
    /// Whether brokers are asked for something else then. Otherwise it changes requests and latency only.
    pub moves_demand: bool,
}

/// Every one of them.
pub static KNOBS: &[Knob] = &[
    // Longer: fewer writes to object storage, and a later answer.
    Knob {
        key: "flush_interval",
        values: &["50 ms", "100 ms", "150 ms", "250 ms", "400 ms", "500 ms", "750 ms", "1 s"],
        applies: |design| design.appends_objects(),
        moves_demand: false,
    },
    // Larger: fewer writes where batches fill before their interval is over, and a later answer.
    Knob {
        key: "flush_size",
        values: &["1 MiB", "2 MiB", "4 MiB", "8 MiB", "16 MiB"],
        applies: |design| design.appends_objects(),
        moves_demand: false,
    },
    // Shorter: less disk; readers that are further behind read the tier, as fast as it gives, and are billed for it.
    Knob {
        key: "local_retention",
        values: &["1 h", "2 h", "3 h", "6 h", "12 h", "24 h", "36 h", "3 d"],
        applies: |design| design.architecture() == Architecture::Tiered,
        moves_demand: true,
    },
];

/// Whether a setting of a platform may be chosen: neither its service nor its user did.
pub fn is_free(design: &Design, key: &str) -> bool {
    !design.preset.fixed.contains(&key) && !design.overrides.iter().any(|own| own == key)
}

/// The settings of a platform that are chosen, each with the values that it does not have.
pub fn knobs(design: &Design) -> impl Iterator<Item = (&'static Knob, Vec<&'static str>)> {
    KNOBS.iter().filter(|knob| (knob.applies)(design) && is_free(design, knob.key)).map(|knob| {
        let mut other = design.settings.clone();
        let differs = |value: &&&'static str| {
            let read = other.set(knob.key, value).is_ok();
            read && other.number(knob.key) != design.settings.number(knob.key)
        };
        let values: Vec<&str> = {
            let mut differs = differs;
            knob.values.iter().filter(|value| differs(value)).copied().collect()
        };
        (knob, values)
    })
}

/// What a disk of spinning plates is for; the latencies of settings are those of solid-state ones.
const HARD_DISK: &str = "hard-disk";

/// The setting that names a platform's volumes, where they are bought, with other kinds that would do: attached to a machine
/// like what there is, priced here, with a stated limit of operations, and not slower by nature.
pub fn disks<'a>(design: &Design, prices: &'a PriceList) -> Option<(&'static str, Vec<&'a str>)> {
    let settings = &design.settings;
    let (key, named) = match design.architecture() {
        Architecture::SharedNothing | Architecture::Tiered => ("disk", &settings.disk),
        Architecture::SharedStorage if settings.wal == Wal::Block => {
            ("wal_disk", &settings.wal_disk)
        }
        Architecture::SharedStorage | Architecture::ListPrice => return None,
    };
    let present = prices.disk(named).ok()?;
    // What a service has no volumes like other people's.
    if !is_free(design, key) || !present.attached || present.local || design.preset.managed {
        return None;
    }
    let slow = present.role == HARD_DISK;
    let priced = |price: Option<crate::prices::PriceId>| {
        price.is_none_or(|price| price.is_missing().is_none())
    };
    let others = prices.disks.values().filter(|disk| {
        let usable = disk.attached && !disk.local && disk.iops_max.is_some();
        let like = slow || disk.role != HARD_DISK;
        let bought = disk.capacity.is_some() && priced(disk.capacity);
        let bought = bought && priced(disk.iops) && priced(disk.throughput);
        usable && like && bought && disk.name != present.name
    });
    Some((key, others.map(|disk| disk.name.as_str()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::{Settings, parameter, range};
    use crate::presets::preset;

    #[test]
    fn every_value_is_in_the_range_of_its_row() {
        for knob in KNOBS {
            let row = parameter(knob.key).expect("a row");
            let (low, high) = range(row).expect("a range");
            for value in knob.values {
                let mut settings = Settings::default();
                settings.set(knob.key, value).expect("a value of it");
                let number = settings.number(knob.key).expect("a number");
                let within = low * (1.0 - 1e-9)..=high * (1.0 + 1e-9);
                assert!(within.contains(&number), "{} = {value}", knob.key);
            }
        }
    }

    #[test]
    fn what_the_user_set_stays() {
        let mut design = Design::of(preset("automq-s3-wal").expect("a preset"));
        let keys =
            |design: &Design| -> Vec<&str> { knobs(design).map(|(knob, _)| knob.key).collect() };
        assert_eq!(keys(&design), ["flush_interval", "flush_size"]);
        design.overrides.push("flush_interval".to_owned());
        assert_eq!(keys(&design), ["flush_size"]);
        // The value that there is comes from the rules.
        let sizes = knobs(&design).next().expect("a knob").1;
        assert_eq!(sizes, ["1 MiB", "2 MiB", "4 MiB", "16 MiB"]);
    }
}
