use super::{Brokers, Site};
use crate::bill::{Cause, Component, Driver, Usage};
use crate::design::Architecture;
use crate::units::{Bytes, Dimension};

/// Metrics and logs that are stored, for one month; none where they are not asked for.
///
/// `quantity = brokers × max(0, series of a broker − those that the service stores) + partitions × (copies × series of a
/// replica + series of a partition)`, and of logs `days × (brokers × logs of a broker + replicas × logs of a replica)`
///
/// - **Units:** series held for a month; bytes moved.
/// - **Assumes:** series and logs are there as long as brokers are; shared storage has one copy of each partition.
/// - **Source:** series of a replica: apache/kafka 1eb76443; the rest are rules of thumb (see `LINE_PARAMETERS`).
pub fn observability(site: &Site, brokers: &Brokers) -> Vec<Usage> {
    let component = Component::Observability;
    let settings = &site.design.lines.settings;
    let mut list = Vec::new();
    if !site.design.lines.asked(component) {
        return list;
    }
    let mut push = |grows_with, price: Option<_>, amount| {
        if let Some(price) = price {
            list.push(Usage { component, cause: Cause::Observe, grows_with, price, amount });
        }
    };
    let copies = match site.design.architecture() {
        Architecture::SharedStorage => 1.0,
        _ => f64::from(site.design.settings.replication_factor),
    };
    let partitions = f64::from(site.load.partitions) * site.alive;
    let replicas = partitions * copies;
    let prices = &site.tariff.lines;
    let of_broker =
        f64::from(settings.metrics_per_broker.saturating_sub(settings.metrics_included));
    push(Driver::Brokers, prices.metric, brokers.count * of_broker);
    let of_partitions = replicas * f64::from(settings.metrics_per_replica)
        + partitions * f64::from(settings.metrics_per_partition);
    push(Driver::Partitions, prices.metric, of_partitions);

    let days = site.month.as_hours() / 24.0;
    let logs = |each: Bytes, count: f64| each.base() * (count * days);
    push(Driver::Brokers, prices.log, logs(settings.logs_per_broker, brokers.count));
    push(Driver::Partitions, prices.log, logs(settings.logs_per_replica, replicas));
    list
}
