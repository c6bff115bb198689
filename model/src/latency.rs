//! How long a produce request takes at moderate load.

use serde::Serialize;

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
///   E3, F). The 99th percentile takes whole intervals and adds the
///   percentiles of its steps, which is never too low.
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
    let beyond = (ingress * batch - Bytes::from_mib(1.0)).max(Bytes::ZERO) / settings.put_rate;
    let small = Latency {
        p50: batch / 2.0 + settings.put_p50 + settings.commit_p50,
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
