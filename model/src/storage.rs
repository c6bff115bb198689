//! Step 3: what is kept where, open segments and headroom included.

use serde::Serialize;

use crate::design::{Architecture, Design};
use crate::load::{Load, StreamLoad};
use crate::units::{Bytes, Hours};

/// What one platform keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Storage {
    /// One copy of everything within its retention.
    #[serde(rename = "logical_gib")]
    pub logical: Bytes,
    /// All copies on brokers' disks.
    #[serde(rename = "on_brokers_gib")]
    pub on_brokers: Bytes,
    /// Broker disk that is provisioned, free space included.
    #[serde(rename = "provisioned_gib")]
    pub provisioned: Bytes,
    /// In object storage or a remote tier.
    #[serde(rename = "remote_gib")]
    pub remote: Bytes,
}

/// Whether closed segments of a stream go to the remote tier.
///
/// Compacted logs do not, some services ask for a smallest retention, and not every topic has to be tiered.
pub fn is_tiered(stream: &StreamLoad, design: &Design) -> bool {
    design.architecture() == Architecture::Tiered
        && stream.tiered
        && !stream.compacted
        && stream.retention >= design.settings.tier_retention_min
}

/// Time that a segment stays open: until it is full or too old.
pub fn roll_time(stream: &StreamLoad, design: &Design) -> Hours {
    let full = design.settings.segment_bytes / stream.partition_rate();
    full.min(design.settings.segment_ms)
}

/// What one platform keeps.
///
/// - **Replicated:** `RF · Σ W·(R + T_roll/2 + deletion delay)`, divided by the share of the disk that may be full
///   (mechanics A1, A9).
/// - **Tiered:** brokers keep `RF · Σ W·(R_local + T_roll/2 + copy lag + deletion delay)`; the tier keeps
///   `Σ W·(R − T_roll/2)`, or `W·(R − R_local)` where segments move instead of being copied (B1).
/// - **Shared storage:** one copy, `Σ W·R` (C).
pub fn storage(load: &Load, design: &Design) -> Storage {
    let logical = load.retained();
    if !design.replicates() {
        return Storage { logical, remote: logical, ..Storage::default() };
    }
    let settings = &design.settings;
    let copies = f64::from(settings.disk_copies.unwrap_or(settings.replication_factor));
    let on_brokers =
        load.streams.iter().map(|stream| local(stream, design)).sum::<Bytes>() * copies;
    let remote = load.streams.iter().map(|stream| remote(stream, design)).sum();
    Storage { logical, on_brokers, provisioned: on_brokers / settings.disk_utilization, remote }
}

/// One copy of what brokers keep of a stream.
fn local(stream: &StreamLoad, design: &Design) -> Bytes {
    if stream.compacted { stream.retained } else { stream.produce * local_age(stream, design) }
}

/// How old a record is on average when brokers let it go: its retention there, half of the time that its segment was
/// open, and the wait for deletion.
pub fn local_age(stream: &StreamLoad, design: &Design) -> Hours {
    let local = design.settings.local_retention.filter(|_| is_tiered(stream, design));
    let (beyond, copying) = waits(stream, design);
    match local {
        // Copied or not, a segment goes when its retention ends.
        Some(local) => (local + copying).min(stream.retention) + beyond,
        None => stream.retention + beyond,
    }
}

/// How long records wait on brokers when they could go: in open segments and for deletion, and to be copied to a tier.
pub fn waits(stream: &StreamLoad, design: &Design) -> (Hours, Hours) {
    let settings = &design.settings;
    if settings.open_segments && stream.produce > crate::units::ByteRate::ZERO {
        (roll_time(stream, design) / 2.0 + settings.deletion_delay, settings.copy_lag)
    } else {
        (Hours::ZERO, Hours::ZERO)
    }
}

/// What the remote tier keeps of a stream.
fn remote(stream: &StreamLoad, design: &Design) -> Bytes {
    let settings = &design.settings;
    if !is_tiered(stream, design) {
        return Bytes::ZERO;
    }
    let kept = if !settings.tier_overlap {
        stream.retention - settings.local_retention.unwrap_or(stream.retention)
    } else if settings.open_segments {
        stream.retention - roll_time(stream, design) / 2.0
    } else {
        stream.retention
    };
    stream.produce * kept.max(Hours::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets::preset;
    use crate::units::ByteRate;

    /// 1 MiB/s in so many partitions, kept for a week.
    fn stream(partitions: u32) -> StreamLoad {
        let produce = ByteRate::from_mib_per_sec(1.0);
        StreamLoad {
            name: "events".to_owned(),
            produce,
            produce_raw: produce,
            produce_peak: produce,
            records: None,
            tail: ByteRate::ZERO,
            behind: ByteRate::ZERO,
            followed: 0.0,
            replays: Vec::new(),
            partitions,
            hot_factor: 1.0,
            retention: Hours::from_days(7.0),
            compacted: false,
            tiered: true,
            retained: produce * Hours::from_days(7.0),
        }
    }

    #[test]
    fn a_segment_closes_when_it_is_full_or_old() {
        let kafka = Design::of(preset("kafka-gp3").expect("a preset"));
        assert_eq!(roll_time(&stream(1), &kafka).as_secs(), 1024.0);
        assert_eq!(roll_time(&stream(10), &kafka).as_secs(), 10_240.0);
        // Below 1.7 KiB/s a partition never fills its segment within a week.
        assert_eq!(roll_time(&stream(1000), &kafka), Hours::from_days(7.0));
    }

    #[test]
    fn slow_partitions_store_half_as_much_again() {
        let mut kafka = Design::of(preset("kafka-gp3").expect("a preset"));
        kafka.settings.deletion_delay = Hours::ZERO;
        let kept = |partitions| local(&stream(partitions), &kafka) / stream(partitions).retained;
        assert!((kept(1) - 1.0).abs() < 0.001, "{}", kept(1));
        assert!((kept(1000) - 1.5).abs() < 1e-12, "{}", kept(1000));
    }

    #[test]
    fn records_wait_half_of_the_time_that_a_segment_is_open() {
        let kafka = Design::of(preset("kafka-tiered").expect("a preset"));
        let waits_of = |stream: &StreamLoad, open_segments| {
            let mut kafka = kafka.clone();
            kafka.settings.open_segments = open_segments;
            (kafka.settings.deletion_delay, kafka.settings.copy_lag) =
                (Hours::from_secs(210.0), Hours::from_secs(30.0));
            let (beyond, copying) = waits(stream, &kafka);
            (beyond.as_secs(), copying.as_secs())
        };
        // 1 GiB at 1 MiB/s: 1024 s.
        assert_eq!(waits_of(&stream(1), true), (512.0 + 210.0, 30.0));
        assert_eq!(waits_of(&stream(1), false), (0.0, 0.0));
        let silent = StreamLoad { produce: ByteRate::ZERO, ..stream(1) };
        assert_eq!(waits_of(&silent, true), (0.0, 0.0));
    }

    #[test]
    fn a_tier_keeps_what_is_closed_or_what_brokers_do_not() {
        let kept = |overlap, open| {
            let mut kafka = Design::of(preset("kafka-tiered").expect("a preset"));
            kafka.settings.local_retention = Some(Hours::from_days(2.0));
            (kafka.settings.tier_overlap, kafka.settings.open_segments) = (overlap, open);
            remote(&stream(1), &kafka).as_mib()
        };
        let day = 86_400.0;
        assert_eq!(kept(false, true), 5.0 * day);
        assert_eq!(kept(true, false), 7.0 * day);
        // Half of the 1 GiB of an open segment is not there yet.
        assert!((kept(true, true) - (7.0 * day - 512.0)).abs() < 1e-6);
    }

    #[test]
    fn brokers_keep_nothing_beyond_its_retention_for_being_copied() {
        let kept = |local: Hours| {
            let mut kafka = Design::of(preset("kafka-tiered").expect("a preset"));
            kafka.settings.local_retention = Some(local);
            kafka.settings.copy_lag = Hours::new(1.0);
            local_age(&stream(10), &kafka).as_hours()
        };
        let all = kept(Hours::from_days(7.0));
        assert!((kept(Hours::from_days(6.0)) - (all - 23.0)).abs() < 1e-9);
        assert!((kept(Hours::new(167.5)) - all).abs() < 1e-9);
    }

    #[test]
    fn only_what_may_be_tiered_is_tiered() {
        let tiered = |name: &str, change: fn(&mut StreamLoad)| {
            let mut stream = stream(10);
            change(&mut stream);
            is_tiered(&stream, &Design::of(preset(name).expect("a preset")))
        };
        assert!(tiered("kafka-tiered", |_| ()));
        assert!(!tiered("kafka-gp3", |_| ()));
        assert!(!tiered("kafka-tiered", |stream| stream.compacted = true));
        assert!(tiered("kafka-tiered", |stream| stream.retention = Hours::from_days(1.0)));
        // The service asks for three days at least.
        assert!(!tiered("msk-tiered", |stream| stream.retention = Hours::from_days(1.0)));
    }
}
