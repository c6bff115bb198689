//! How long a produce request takes at moderate load.

use serde::Serialize;

use crate::costs;
use crate::design::Design;
use crate::load::Load;
use crate::units::{ByteRate, Bytes, Hours};

/// Time from a produce request to its acknowledgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Latency {
    /// Median.
    #[serde(rename = "p50_ms", serialize_with = "millis")]
    pub p50: Hours,
    /// 99th percentile.
    #[serde(rename = "p99_ms", serialize_with = "millis")]
    pub p99: Hours,
}

fn millis<S: serde::Serializer>(value: &Hours, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(value.as_millis())
}

/// Produce latency at moderate load; `None` for a service that is known by its price list only.
///
/// - **On disks:** measured figures, as parameters.
/// - **In object storage:** half of the flush interval, or less when batches fill sooner, and one write, longer for what
///   is beyond its first MiB; a zone router does that twice (its positions are small) and reads once (mechanics C1, C4,
///   E3, F). The first request of a batch waits for all of the interval, and half of the time between two requests comes
///   on top of the half: the whole interval where hardly any batch has a second. The 99th percentile takes whole intervals
///   and adds the percentiles of its steps, which is never too low.
/// - **Checked:** medians within 10 % of a simulation, 99th percentiles up to 16 % above it (`tests/opinion`).
pub fn latency(load: &Load, design: &Design, domains: f64) -> Option<Latency> {
    let settings = &design.settings;
    if design.is_list_price() {
        return None;
    }
    if !design.appends_objects() {
        return Some(Latency { p50: settings.disk_produce_p50, p99: settings.disk_produce_p99 });
    }
    let ingress = load.produce / domains.max(1.0);
    // Copies go out side by side; the coordinator learns of a batch when it is stored.
    let batch = if ingress > ByteRate::ZERO {
        settings.flush_interval.min(settings.flush_size / ingress)
    } else {
        settings.flush_interval
    };
    let records = load.records.map(|records| records.per_sec() / domains.max(1.0));
    let between = if ingress > ByteRate::ZERO {
        Hours::from_secs(costs::between_requests(settings, ingress, records))
    } else {
        Hours::ZERO
    };
    let waited = batch.min((batch + between) / 2.0);
    let beyond = (ingress * batch - Bytes::from_mib(1.0)).max(Bytes::ZERO) / settings.put_rate;
    let small = Latency {
        p50: waited + settings.put_p50 + settings.commit_p50,
        p99: batch + settings.put_p99 + settings.commit_p99,
    };
    let once = Latency { p50: small.p50 + beyond, p99: small.p99 + beyond };
    if !design.is_routed() {
        return Some(once);
    }
    Some(Latency {
        p50: once.p50 + small.p50 + settings.get_p50,
        p99: once.p99 + small.p99 + settings.get_p99,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::tests::{MONTH, design, workload};
    use crate::load::{Month, load};
    use crate::presets::preset;
    use crate::scenario::{Vocabulary, parse};

    /// 30 MiB/s in batches of three brokers, so many requests a second each; the median in milliseconds.
    fn median(requests: Option<f64>) -> f64 {
        let text = "schema = 1\ntitle = \"t\"\n[prices]\nprovider = \"aws\"\nregion = \"r\"\n[[stream]]\nname = \"s\"\n\
            produce = \"30 MiB/s\"\nretention = \"1 d\"\n[[platform]]\npreset = \"diskless\"\n";
        let regions = [("aws".to_owned(), ["r".to_owned()].into())].into();
        let vocabulary = Vocabulary { regions, ..Vocabulary::default() };
        let mut workload = parse(text, &vocabulary).expect("a scenario").workload;
        workload.streams[0].records = requests.map(|each| crate::units::Frequency::new(each * 3.0));
        let design = Design::of(preset("diskless").expect("a preset"));
        let month = Month { index: 0, start: Hours::ZERO, length: Hours::new(730.0) };
        latency(&load(&workload, &design, month, 1), &design, 3.0)
            .expect("a latency")
            .p50
            .as_millis()
    }

    #[test]
    fn the_first_of_a_batch_waits_longest() {
        // 125 ms, a write and its commit, and 1.5 MiB beyond the first at 80 MiB/s.
        let rest = 100.0 + 10.0 + 1.5 / 80.0 * 1000.0;
        assert!((median(None) - 125.0 - rest).abs() < 1e-9);
        assert!((median(Some(10.0)) - 175.0 - rest).abs() < 1e-9);
        assert!((median(Some(1.0)) - 250.0 - rest).abs() < 1e-9);
    }

    /// Median and 99th percentile in milliseconds, on so many brokers.
    fn millis(name: &str, brokers: f64, mib_per_sec: f64) -> Option<(f64, f64)> {
        let secs = Hours::from_secs;
        let design = design(name, |settings| {
            (settings.disk_produce_p50, settings.disk_produce_p99) = (secs(0.003), secs(0.015));
            (settings.flush_interval, settings.flush_size) = (secs(0.25), Bytes::from_mib(8.0));
            (settings.put_p50, settings.put_p99) = (secs(0.1), secs(0.3));
            (settings.get_p50, settings.get_p99) = (secs(0.06), secs(0.2));
            (settings.commit_p50, settings.commit_p99) = (secs(0.01), secs(0.02));
            settings.put_rate = ByteRate::from_mib_per_sec(100.0);
            // Requests come so often that the first of a batch is at its begin.
            settings.produce_request = Bytes::ZERO;
        });
        let mut workload = workload();
        workload.streams[0].records = None;
        workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(mib_per_sec);
        let load = crate::load::load(&workload, &design, MONTH, 1);
        let found = latency(&load, &design, brokers)?;
        let rounded = |span: Hours| libm::round(span.as_secs() * 1e9) / 1e6;
        Some((rounded(found.p50), rounded(found.p99)))
    }

    #[test]
    fn a_write_waits_for_its_batch_its_object_and_its_router() {
        assert_eq!(millis("kafka-gp3", 4.0, 100.0), Some((3.0, 15.0)));
        assert_eq!(millis("msk-serverless", 4.0, 100.0), None);
        // Half of 250 ms, 100 ms and 10 ms; a batch of 1 MiB, or of nothing.
        assert_eq!(millis("leaderless", 25.0, 100.0), Some((235.0, 570.0)));
        assert_eq!(millis("leaderless", 25.0, 0.0), Some((235.0, 570.0)));
        // 6 MiB: 5 of them at 100 MiB/s are 50 ms more.
        assert_eq!(millis("leaderless", 4.0, 96.0), Some((285.0, 620.0)));
        // 64 MiB/s fill a batch in 125 ms: 7 MiB are beyond the first.
        assert_eq!(
            millis("leaderless", 4.0, 256.0),
            Some((62.5 + 110.0 + 70.0, 125.0 + 320.0 + 70.0))
        );
        // A router writes positions besides, and reads: twice the wait, once the bytes.
        assert_eq!(
            millis("automq-s3-wal", 4.0, 96.0),
            Some((285.0 + 235.0 + 60.0, 620.0 + 570.0 + 200.0))
        );
    }
}
