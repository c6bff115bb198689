//! What a batch coordinator keeps: a row for every partition's part of every batch.

use serde::Serialize;

use crate::design::Design;
use crate::load::Load;
use crate::units::{Frequency, Hours};

/// Rows of a batch coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coordinator {
    /// Rows written in a second.
    #[serde(rename = "rows_per_sec")]
    pub written: Frequency,
    /// Rows that there are, as long as nothing merges them.
    pub rows_kept: f64,
    /// Rows of the fastest partition in a second.
    #[serde(rename = "fastest_partition_rows_per_sec")]
    pub fastest: Frequency,
}

/// Rows of a design's coordinator; `None` where none orders batches by rows, or nobody says how.
///
/// `rows/s = Σ P · min(A·max(1/T, w/S), records/s of a partition)`: each zone's owner of a partition writes a row for it with
/// every batch that has a record of it. `rows kept = Σ rows/s · R`.
///
/// - **Source:** mechanics E1, after aiven/inkless b1fcb5f6.
pub fn coordinator(load: &Load, design: &Design, brokers: f64) -> Option<Coordinator> {
    let settings = &design.settings;
    if !design.is_leaderless() || settings.batch_removal_max.0 <= 0.0 {
        return None;
    }
    // A partition has an owner in each zone, and those write as often as their batches are full or old.
    let by_size = load.produce / brokers.max(1.0) * Hours::from_secs(1.0) / settings.flush_size;
    let flushes = by_size.max(1.0 / settings.flush_interval.as_secs());
    let most = f64::from(settings.zones) * flushes;
    let (mut written, mut rows_kept, mut fastest) = (0.0, 0.0, 0.0);
    for stream in &load.streams {
        let partitions = f64::from(stream.partitions);
        let records = stream.records.map_or(most, |records| records.per_sec() / partitions);
        let each = if stream.produce.as_mib_per_sec() > 0.0 { most.min(records) } else { 0.0 };
        written += partitions * each;
        rows_kept += partitions * each * stream.retention.as_secs();
        fastest = f64::max(fastest, each);
    }
    Some(Coordinator {
        written: Frequency::new(written),
        rows_kept,
        fastest: Frequency::new(fastest),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Month, load};
    use crate::presets::preset;
    use crate::units::ByteRate;
    use crate::workload::{Cleanup, Growth, Stream, Workload};

    fn stream(partitions: u32, records: Option<f64>) -> Workload {
        Workload {
            streams: vec![Stream {
                name: "events".to_owned(),
                owner: None,
                sources: None,
                produce_raw: ByteRate::from_mib_per_sec(100.0),
                records: records.map(Frequency::new),
                compression: 1.0,
                shape: crate::shape::Shape::flat(),
                clock: Hours::ZERO,
                growth: Growth::none(),
                start: None,
                end: None,
                keys: None,
                partitions: Some(partitions),
                retention: Hours::from_days(7.0),
                cleanup: Cleanup::Delete,
                tiered: true,
                readers: Vec::new(),
            }],
            links: Vec::new(),
        }
    }

    fn rows(preset_name: &str, partitions: u32, records: Option<f64>) -> Option<Coordinator> {
        let design = Design::of(preset(preset_name).expect("a preset"));
        let month = Month { index: 0, start: Hours::ZERO, length: Hours::new(730.0) };
        coordinator(&load(&stream(partitions, records), &design, month, 1), &design, 9.0)
    }

    #[test]
    fn every_zone_writes_a_row_for_each_partition_and_interval() {
        let found = rows("diskless", 300, None).expect("a coordinator");
        assert!((found.written.per_sec() - 3_600.0).abs() < 1e-9);
        assert!((found.rows_kept - 3_600.0 * 604_800.0).abs() < 1.0, "{}", found.rows_kept);
        // Retention removes 33 a second from a partition: enough for 12.
        assert!((found.fastest.per_sec() - 12.0).abs() < 1e-9);
    }

    #[test]
    fn no_more_rows_than_records() {
        let found = rows("diskless", 300, Some(30.0)).expect("a coordinator");
        assert!((found.written.per_sec() - 30.0).abs() < 1e-9);
    }

    #[test]
    fn a_silent_stream_writes_no_rows() {
        let mut workload = stream(300, None);
        workload.streams[0].produce_raw = ByteRate::ZERO;
        let design = Design::of(preset("diskless").expect("a preset"));
        let month = Month { index: 0, start: Hours::ZERO, length: Hours::new(730.0) };
        let found = coordinator(&load(&workload, &design, month, 1), &design, 9.0);
        let found = found.expect("a coordinator");
        assert_eq!((found.written.per_sec(), found.rows_kept), (0.0, 0.0));
    }

    #[test]
    fn only_where_someone_says_how() {
        assert_eq!(rows("leaderless", 300, None), None);
        assert_eq!(rows("kafka-gp3", 300, None), None);
    }
}
