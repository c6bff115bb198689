//! What a comparison is about, in lines: its time, its workload, where it is.

use super::figures::{AT_LEAST, counted, percent};
use crate::comparison::{Comparison, View};
use crate::load::{self, Load};
use crate::parts;
use crate::scenario::Scenario;
use crate::units::{Hours, grouped, separated};

/// What is shown of the horizon.
pub fn period(comparison: &Comparison, scenario: &Scenario) -> String {
    let month = comparison.month;
    let months = scenario.horizon.months;
    match comparison.view {
        View::Horizon => {
            let start = scenario.horizon.start.map(|start| format!(" from {start}"));
            format!("{}{}", counted(months as usize, "month"), start.unwrap_or_default())
        }
        View::Month(_) => format!("month {} of {months}, run through time", month.index + 1),
        View::Steady(_) => format!(
            "month {} of {months}, steady, {} h",
            month.index + 1,
            grouped(month.length.as_hours())
        ),
    }
}

/// What the horizon brings besides its first month.
pub fn later(comparison: &Comparison, scenario: &Scenario, first: &Load) -> String {
    if comparison.view != View::Horizon {
        return String::new();
    }
    let mut parts = Vec::new();
    let last = scenario.horizon.month(scenario.horizon.months - 1);
    if let Some(design) = scenario.platforms.first() {
        let last = load::load(&parts::asked(scenario), design, last, 1);
        if last.produce != first.produce {
            parts.push(format!(
                "in the last month {} stored (peak {})",
                last.produce, last.produce_peak
            ));
        }
    }
    if !scenario.events.is_empty() {
        parts.push(counted(scenario.events.len(), "event"));
    }
    parts.join(" · ")
}

/// What is produced, and what is read and kept.
pub fn workload(scenario: &Scenario, load: &Load) -> [String; 2] {
    let mut produced = format!(
        "{}: {} raw, {} stored (peak {})",
        counted(load.streams.len(), "stream"),
        load.produce_raw,
        load.produce,
        load.produce_peak
    );
    if let Some(records) = records(load) {
        produced.push_str(&format!(" · {records}"));
    }
    let mut read = format!("fan-out {}", grouped(load.fan_out()));
    if load.replay.as_mib_per_sec() > 0.0 {
        let replays = format!(" · replays {} mean, {} peak", load.replay, load.replay_peak);
        read.push_str(&replays);
    }
    let retentions = || scenario.workload.streams.iter().map(|stream| stream.retention);
    let shortest = retentions().fold(Hours::new(f64::MAX), Hours::min);
    let longest = retentions().fold(Hours::ZERO, Hours::max);
    let from = if shortest == longest { String::new() } else { format!("{shortest} to ") };
    let kept = separated(&format!("{:.0}", load.retained().as_gib()));
    [produced, format!("{read} · retention {from}{longest}, {kept} GiB")]
}

/// What is produced and kept where, and what is copied from where to where.
pub fn regions(scenario: &Scenario) -> Vec<String> {
    let mut lines = Vec::new();
    let each = scenario.regions.iter().map(|region| {
        let share = (region.share > 0.0).then(|| percent(region.share));
        let parts: Vec<String> = share.into_iter().chain(region.streams.iter().cloned()).collect();
        format!("{} {}", region.name, parts.join(" and "))
    });
    let each: Vec<String> = each.collect();
    if !each.is_empty() {
        lines.push(each.join(" · "));
    }
    let links = scenario.links.iter().map(|link| {
        let kept = link.retention.map(|kept| format!(", kept {kept}")).unwrap_or_default();
        format!("{} → {}: {}{kept}", link.from, link.to, link.streams.join(", "))
    });
    let links: Vec<String> = links.collect();
    if !links.is_empty() {
        lines.push(links.join(" · "));
    }
    lines
}

/// Records per second, as far as streams say.
fn records(load: &Load) -> Option<String> {
    let known: Vec<f64> =
        load.streams.iter().filter_map(|stream| Some(stream.records?.per_sec())).collect();
    let sum = separated(&format!("{:.0}", known.iter().sum::<f64>()));
    match known.len() {
        0 => None,
        all if all == load.streams.len() => Some(format!("{sum} records/s")),
        _ => Some(format!("{AT_LEAST}{sum} records/s")),
    }
}
