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
}
