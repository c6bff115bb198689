use super::Site;
use crate::bill::{Cause, Component, Driver, Usage};
use crate::design::Design;
use crate::lines::{Connector, RunsOn};
use crate::load::Load;
use crate::units::ByteRate;

/// Workers that move records between streams and other systems, for one month; none where no connector is paid for.
///
/// `tasks = tasks said, or ⌈peak rate × share × compression ÷ rate of a task⌉`, `cores = tasks ÷ tasks per core`
///
/// own machines, all connectors together: `quantity = max(zones × workers per zone, ⌈Σ cores ÷ vCPU⌉) × hours`
///
/// a service, each by itself: `quantity = Σ max(zones × workers per zone, ⌈cores ÷ cores of a unit⌉) × hours`
///
/// - **Units:** machine hours; hours of a service's units.
/// - **Assumes:** workers stand all month for the highest hour of it; work is on records as they are before compression;
///   units come one by one, where a service sells workers of 1, 2, 4 or 8. What a sink fetches is part of its stream's
///   tail reads, what a source produces of the stream.
/// - **Source:** rate of a task: Redpanda Cloud documentation; tasks per core and least workers: Confluent documentation; a
///   unit: MSK developer guide (see `LINE_PARAMETERS`).
pub fn connectors(site: &Site) -> Vec<Usage> {
    let lines = &site.design.lines;
    let mut list = Vec::new();
    if !lines.asked(Component::Connectors) {
        return list;
    }
    let least = f64::from(site.design.settings.zones)
        * f64::from(lines.settings.connector_workers_per_zone);
    let on = |place| lines.connectors.iter().filter(move |one| lines.runs_on(one) == place);
    let hours = site.month.as_hours() * site.alive;
    let usage = |workers: f64, price| Usage {
        component: Component::Connectors,
        cause: Cause::Connect,
        grows_with: if workers > least { Driver::Ingest } else { Driver::Fixed },
        price,
        amount: workers * hours,
    };
    if let Some((price, vcpu)) = site.tariff.lines.connector_machine
        && on(RunsOn::Machines).next().is_some()
    {
        let cores: f64 = on(RunsOn::Machines).map(|one| cores(site, one)).sum();
        list.push(usage(whole(cores / vcpu).max(least), price));
    }
    if let Some(price) = site.tariff.lines.connector_unit {
        let unit = lines.settings.connector_unit_cores.0;
        for connector in on(RunsOn::Service) {
            list.push(usage(whole(cores(site, connector) / unit).max(least), price));
        }
    }
    list
}

/// Sums of the same numbers in another order differ in their last digits, and that buys no worker.
fn whole(count: f64) -> f64 {
    const SLACK: f64 = 1e-9;
    (count - SLACK).ceil().max(0.0)
}

fn cores(site: &Site, connector: &Connector) -> f64 {
    connector_tasks(site.load, site.design, connector)
        / site.design.lines.settings.connector_tasks_per_core.0
}

/// Tasks of a connector: those that the scenario says, or as many as its rate asks for.
pub fn connector_tasks(load: &Load, design: &Design, connector: &Connector) -> f64 {
    connector.tasks.map_or_else(|| tasks_needed(load, design, connector), f64::from)
}

/// Tasks that a connector's highest hour asks for: one at least.
pub fn tasks_needed(load: &Load, design: &Design, connector: &Connector) -> f64 {
    let usual = design.lines.settings.connector_task_rate;
    let rate = connector.task_rate.unwrap_or(usual);
    whole(peak(load, connector) / rate).max(1.0)
}

/// What goes through a connector in the highest hour of the month, before compression.
fn peak(load: &Load, connector: &Connector) -> ByteRate {
    let topics = || load.of_stream(&connector.stream);
    let produce: ByteRate = topics().map(|topic| topic.produce).sum();
    let raw: ByteRate = topics().map(|topic| topic.produce_raw).sum();
    let peak: ByteRate = topics().map(|topic| topic.produce_peak).sum();
    let compression = if produce > ByteRate::ZERO { raw / produce } else { 1.0 };
    peak * (compression * connector.share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digits_of_a_sum_buy_no_worker() {
        for (count, expected) in [
            (0.0, 0.0),
            (0.1, 1.0),
            (2.0, 2.0),
            (0.1 + 0.2 + 0.7, 1.0),
            (2.1, 3.0),
            (3.0 + 1e-12, 3.0),
        ] {
            assert_eq!(whole(count), expected, "{count}");
        }
    }
}
