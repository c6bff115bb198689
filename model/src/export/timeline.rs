//! What happened through time: breakpoints as CSV, everything as JSON, pictures as SVG.
//!
//! Rates hold from one breakpoint to the next, levels are those at its end. Breakpoints that reach beyond the span that
//! is asked for are cut at its edge.

use std::io::{self, Write};

use serde_json::ser::Formatter;
use serde_json::{Value, json};

use super::csv::{END, record, text};
use super::json::{SCHEMA_VERSION, part_value, regions, rejection_value, unsigned_zeros};
use crate::comparison::Comparison;
use crate::float;
use crate::plan::{Billed, Plan};
use crate::scenario::{Horizon, Scenario};
use crate::simulate::findings::Figure;
use crate::simulate::{Incident, MonthTotals, Outcome, Sample, Simulation};
use crate::units::{Bytes, Hours};

pub use super::pictures::{Kind, PLATFORMS_MAX, Picture, curve, drawn, shown, svg};

/// What of a comparison is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent<'a> {
    /// One platform by its name; all where there is none.
    pub platform: Option<&'a str>,
    /// From when.
    pub from: Hours,
    /// Until when.
    pub to: Hours,
}

impl<'a> Extent<'a> {
    /// The whole horizon.
    pub fn whole(platform: Option<&'a str>, horizon: &Horizon) -> Self {
        Self { platform, from: Hours::ZERO, to: horizon.end() }
    }

    /// Whether a platform is told of.
    pub fn has(&self, platform: &str) -> bool {
        self.platform.is_none_or(|wanted| wanted == platform)
    }

    /// Whether something that went on for a while went on within the span.
    pub fn overlaps(&self, from: Hours, to: Option<Hours>) -> bool {
        from <= self.to && to.is_none_or(|to| to > self.from || from >= self.from)
    }

    /// The breakpoints of the span.
    pub fn samples(&self, simulation: &Simulation) -> Vec<Sample> {
        cut(&simulation.samples, self.from.as_hours(), self.to.as_hours())
    }
}

/// Samples within a span; those that cross an edge end there, with the levels that they had.
fn cut(samples: &[Sample], from: f64, to: f64) -> Vec<Sample> {
    let first = samples.partition_point(|sample| sample.to <= from);
    let last = samples.partition_point(|sample| sample.from < to);
    let Some(inside) = samples.get(first..last).filter(|_| from < to) else { return Vec::new() };
    let mut inside = inside.to_vec();
    if let Some(sample) = inside.last_mut().filter(|sample| sample.to > to) {
        let before = last.checked_sub(2).map(|index| &samples[index]);
        *sample = sample.ended(before, to);
    }
    if let Some(sample) = inside.first_mut() {
        sample.from = sample.from.max(from);
    }
    inside
}

/// A column of a sample: its name with its unit, and its value.
type Column = (&'static str, fn(&Sample) -> f64);

const GIB: f64 = 1024.0 * 1024.0 * 1024.0;
const MINUTES: f64 = 60.0;
const SECONDS: f64 = 3600.0;

/// A rate in bytes an hour as MiB a second.
pub fn mib_per_sec(rate: f64) -> f64 {
    (Bytes::new(rate) / Hours::new(1.0)).as_mib_per_sec()
}

const BEFORE_BOTTLENECK: &[Column] = &[
    ("offered_mib_per_sec", |sample| mib_per_sec(sample.offered)),
    ("produce_mib_per_sec", |sample| mib_per_sec(sample.produce)),
    ("tail_mib_per_sec", |sample| mib_per_sec(sample.tail)),
    ("behind_mib_per_sec", |sample| mib_per_sec(sample.behind)),
    ("replay_mib_per_sec", |sample| mib_per_sec(sample.replay)),
    ("copy_mib_per_sec", |sample| mib_per_sec(sample.copy)),
    ("network_utilization", |sample| sample.network),
    ("disk_utilization", |sample| sample.disk),
    ("cpu_utilization", |sample| sample.cpu),
    ("busiest_utilization", |sample| sample.busiest),
];

const AFTER_BOTTLENECK: &[Column] = &[
    ("edge_gib", |sample| sample.edge / GIB),
    ("backlog_gib", |sample| sample.backlog / GIB),
    ("lag_minutes", |sample| sample.lag * MINUTES),
    ("wait_minutes", |sample| sample.wait * MINUTES),
    ("local_gib", |sample| sample.local / GIB),
    ("remote_gib", |sample| sample.remote / GIB),
    ("pending_gib", |sample| sample.pending / GIB),
    ("kept_gib", |sample| sample.kept / GIB),
    ("accepted_gib", |sample| sample.accepted / GIB),
    ("expired_gib", |sample| sample.expired / GIB),
    ("brokers_serving", |sample| sample.serving),
    ("brokers_paid", |sample| sample.paid),
    ("produce_p99_ms", |sample| sample.latency * SECONDS * 1e3),
    ("freshness_seconds", |sample| sample.freshness * SECONDS),
    ("disk_fill", |sample| sample.fill),
];

/// Digits of what is measured.
const DIGITS: usize = 9;

/// Digits of moments: a millisecond in a hundred years.
const DIGITS_OF_TIME: usize = 13;

/// A number in so many significant digits; what is not finite is nothing.
fn rounded(value: f64, digits: usize) -> f64 {
    let rounded = float::parse(&format!("{value:.*e}", digits - 1)).unwrap_or(0.0);
    // Plus nothing has no sign.
    if rounded.is_finite() { rounded + 0.0 } else { 0.0 }
}

/// The columns of [`csv()`], in order.
pub fn columns() -> Vec<&'static str> {
    let names = |columns: &'static [Column]| columns.iter().map(|(name, _)| *name);
    ["platform", "part", "from", "from_hours", "to_hours"]
        .into_iter()
        .chain(names(BEFORE_BOTTLENECK))
        .chain(["bottleneck"])
        .chain(names(AFTER_BOTTLENECK))
        .collect()
}

/// A row for each breakpoint of each platform, or of each of its parts, in the order of the scenario. `from` is a date with a time on the
/// horizon's clock; it is empty where the first day is not known.
///
/// Utilizations and `disk_fill` are shares: 1 is full.
pub fn csv(comparison: &Comparison, scenario: &Scenario, extent: Extent) -> String {
    let mut rows = String::new();
    record(&mut rows, columns().into_iter(), END);
    let plans = comparison.plans().filter(|plan| extent.has(&plan.design.name));
    for plan in plans.flat_map(Plan::each) {
        let Some(simulation) = &plan.simulation else { continue };
        for sample in extent.samples(simulation) {
            let mut cells = vec![
                text(&plan.design.name).into_owned(),
                text(&plan.part.name()).into_owned(),
                date_time(&scenario.horizon, sample.from),
                rounded(sample.from, DIGITS_OF_TIME).to_string(),
                rounded(sample.to, DIGITS_OF_TIME).to_string(),
            ];
            let number = |(_, value): &Column| rounded(value(&sample), DIGITS).to_string();
            cells.extend(BEFORE_BOTTLENECK.iter().map(number));
            cells.push(sample.bottleneck.map_or("", |resource| resource.name()).to_owned());
            cells.extend(AFTER_BOTTLENECK.iter().map(number));
            record(&mut rows, cells.iter().map(String::as_str), END);
        }
    }
    rows
}

/// A moment on the horizon's clock to the second, as ISO 8601 writes it.
fn date_time(horizon: &Horizon, at: f64) -> String {
    const DAY: i64 = 24 * 3600;
    let second = libm::round(at * SECONDS) as i64;
    let (day, second) = (second.div_euclid(DAY), second.rem_euclid(DAY));
    let date = horizon.first_day().and_then(|first| first.plus_days(day));
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    date.map_or_else(String::new, |date| format!("{date}T{hour:02}:{minute:02}:{second:02}"))
}

/// Months, events, incidents and breakpoints of each platform, in the order of the scenario. Months, peaks and costs
/// are those of the whole horizon.
pub fn json(comparison: &Comparison, scenario: &Scenario, extent: Extent) -> String {
    let horizon = &scenario.horizon;
    let designs = scenario.platforms.iter().zip(&comparison.outcomes);
    let platforms: Vec<Value> = designs
        .filter(|(design, _)| extent.has(&design.name))
        .map(|(design, outcome)| {
            let mut entry = json!({
                "name": design.name,
                "preset": design.preset.name,
                "architecture": design.architecture(),
            });
            match outcome {
                Ok(plan) => {
                    entry["simulation"] = simulation(plan, extent);
                    if !plan.parts.is_empty() {
                        entry["parts"] = parts(plan, extent);
                    }
                }
                Err(rejection) => entry["rejection"] = rejection_value(rejection),
            }
            entry
        })
        .collect();
    let mut document = json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "simulation",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "title": comparison.title,
        "provider": comparison.provider,
        "region": comparison.region,
        "currency": "USD",
        "horizon": {
            "first_day": horizon.first_day().map(|day| day.to_string()),
            "months": horizon.months,
            "hours": horizon.end(),
            "utc_offset_hours": horizon.clock,
            "log_full": horizon.full,
        },
        "span": { "from_hours": extent.from, "to_hours": extent.to },
        "platforms": platforms,
    });
    if !scenario.regions.is_empty() {
        document["regions"] = regions(scenario);
    }
    lines(&unsigned_zeros(document))
}

/// The same of each part by itself.
fn parts(plan: &Plan, extent: Extent) -> Value {
    let part = |part: &Plan| {
        let mut entry = part_value(part);
        entry["simulation"] = simulation(part, extent);
        entry
    };
    plan.parts.iter().map(part).collect()
}

fn simulation(plan: &Plan, extent: Extent) -> Value {
    let Some(simulation) = &plan.simulation else { return Value::Null };
    let months = plan.months.iter().zip(&simulation.months);
    let outcomes = simulation.outcomes.iter();
    let outcomes = outcomes.filter(|outcome| extent.overlaps(outcome.from, outcome.to));
    let incidents = simulation.incidents.iter();
    let incidents = incidents.filter(|incident| extent.overlaps(incident.from, incident.to));
    json!({
        "machine": plan.machine,
        "bill": {
            "complete": plan.is_complete(),
            "list_cost": plan.bill.list_cost(),
            "contracted_cost": plan.bill.contracted_cost(),
            "gaps": plan.bill.gaps,
        },
        "months": months.map(|(billed, totals)| month(billed, totals)).collect::<Vec<_>>(),
        "events": outcomes.map(event).collect::<Vec<_>>(),
        "incidents": incidents.map(incident).collect::<Vec<_>>(),
        "available_share": simulation.available,
        "peaks": peaks(&simulation.peaks),
        "samples": samples(&extent.samples(simulation)),
    })
}

fn month(billed: &Billed, totals: &MonthTotals) -> Value {
    let hours = billed.month.length.as_hours();
    let of_streams =
        |of: fn(&crate::simulate::StreamTotals) -> f64| totals.streams.iter().map(of).sum::<f64>();
    json!({
        "index": billed.month.index + 1,
        "from_hours": billed.month.start,
        "hours": billed.month.length,
        "brokers_mean": billed.brokers,
        "list_cost": billed.bill.list_cost(),
        "contracted_cost": billed.bill.contracted_cost(),
        "complete": billed.bill.gaps.is_empty(),
        "produced_gib": of_streams(|stream| stream.produce) / GIB,
        "tail_gib": of_streams(|stream| stream.tail) / GIB,
        "replayed_gib": of_streams(|stream| stream.replay_local + stream.replay_remote) / GIB,
        "rebuilt_gib": totals.rebuilt / GIB,
        "moved_gib": totals.moved / GIB,
        "local_mean_gib": totals.local / hours / GIB,
        "local_peak_gib": totals.local_peak / GIB,
        "remote_mean_gib": totals.remote / hours / GIB,
    })
}

fn event(outcome: &Outcome) -> Value {
    let facts: Vec<Value> = outcome
        .facts
        .iter()
        .map(|fact| {
            let (value, unit) = measured(fact.value);
            json!({ "name": fact.name, "value": value, "unit": unit })
        })
        .collect();
    json!({
        "name": outcome.name,
        "kind": outcome.kind,
        "from_hours": outcome.from,
        "to_hours": outcome.to,
        "facts": facts,
    })
}

/// A value and its unit; none for what does not happen within the horizon.
fn measured(figure: Figure) -> (Option<f64>, &'static str) {
    match figure {
        Figure::Bytes(value) => (Some(value / GIB), "GiB"),
        Figure::Hours(value) => (Some(value), "h"),
        Figure::Share(value) => (Some(value), "share"),
        Figure::PerSecond(value) => (Some(value), "per_sec"),
        Figure::Count(value) => (Some(value), "count"),
        Figure::Dollars(value) => (Some(value), "USD"),
        Figure::Never => (None, "never"),
    }
}

fn incident(incident: &Incident) -> Value {
    let (scale, unit) = match incident.matter.unit() {
        "bytes" => (1.0 / GIB, "GiB"),
        unit => (1.0, unit),
    };
    json!({
        "matter": incident.matter,
        "serious": incident.matter.is_serious(),
        "subject": Some(&incident.subject).filter(|subject| !subject.is_empty()),
        "from_hours": incident.from,
        "to_hours": incident.to,
        "worst": rounded(incident.worst * scale, DIGITS),
        "limit": incident.limit.map(|limit| rounded(limit * scale, DIGITS)),
        "unit": unit,
        "why": incident.why,
    })
}

/// The largest value of each column, wherever it was.
fn peaks(peaks: &Sample) -> Value {
    let mut entries = serde_json::Map::new();
    for (name, value) in BEFORE_BOTTLENECK {
        entries.insert((*name).to_owned(), rounded(value(peaks), DIGITS).into());
    }
    entries.insert("bottleneck".to_owned(), json!(peaks.bottleneck));
    let levels = AFTER_BOTTLENECK.iter();
    for (name, value) in levels.filter(|(name, _)| !["accepted_gib", "expired_gib"].contains(name))
    {
        entries.insert((*name).to_owned(), rounded(value(peaks), DIGITS).into());
    }
    entries.into()
}

/// Columns and rows: a thousandth of the keys.
fn samples(samples: &[Sample]) -> Value {
    let names: Vec<&str> =
        columns().into_iter().filter(|name| !["platform", "part", "from"].contains(name)).collect();
    let row = |sample: &Sample| -> Value {
        let number = |(_, value): &Column| Value::from(rounded(value(sample), DIGITS));
        let times = [sample.from, sample.to].map(|at| Value::from(rounded(at, DIGITS_OF_TIME)));
        let mut cells = times.to_vec();
        cells.extend(BEFORE_BOTTLENECK.iter().map(number));
        cells.push(json!(sample.bottleneck));
        cells.extend(AFTER_BOTTLENECK.iter().map(number));
        cells.into()
    };
    json!({ "columns": names, "rows": samples.iter().map(row).collect::<Vec<_>>() })
}

/// As other documents, with each row of a table on one line.
fn lines(document: &Value) -> String {
    let mut bytes = Vec::new();
    let formatter = Lines::default();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    serde::Serialize::serialize(document, &mut serializer).expect("memory takes every document");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("JSON is text")
}

/// Indents, but for what is within an array of an array.
#[derive(Default)]
struct Lines<'a> {
    pretty: serde_json::ser::PrettyFormatter<'a>,
    /// Whether each open container is an array.
    open: Vec<bool>,
    /// How many of them are rows.
    rows: usize,
}

impl Formatter for Lines<'_> {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let is_row = self.open.last() == Some(&true);
        self.open.push(true);
        if is_row || self.rows > 0 {
            self.rows += 1;
            return writer.write_all(b"[");
        }
        self.pretty.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.pop();
        if self.rows > 0 {
            self.rows -= 1;
            return writer.write_all(b"]");
        }
        self.pretty.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        match (self.rows, first) {
            (0, _) => self.pretty.begin_array_value(out, first),
            (_, true) => Ok(()),
            (_, false) => out.write_all(b", "),
        }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.rows > 0 { Ok(()) } else { self.pretty.end_array_value(writer) }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.push(false);
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open.pop();
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(from: f64, to: f64, level: f64) -> Sample {
        Sample { from, to, produce: level, backlog: level, ..Sample::default() }
    }

    #[test]
    fn samples_end_at_the_edges_of_the_span() {
        let samples = [sample(0.0, 2.0, 2.0), sample(2.0, 4.0, 6.0), sample(4.0, 6.0, 0.0)];
        let times = |from, to| -> Vec<_> {
            let cut = cut(&samples, from, to);
            cut.iter().map(|sample| (sample.from, sample.to, sample.backlog)).collect()
        };
        assert_eq!(times(0.0, 6.0).len(), 3);
        assert_eq!(times(1.0, 3.0), [(1.0, 2.0, 2.0), (2.0, 3.0, 4.0)]);
        assert_eq!(times(2.5, 3.5), [(2.5, 3.5, 5.0)]);
        assert_eq!(times(2.0, 4.0), [(2.0, 4.0, 6.0)]);
        assert_eq!(times(7.0, 8.0), []);
        assert_eq!(times(3.0, 3.0), []);
    }

    #[test]
    fn numbers_are_plain() {
        for (value, expected) in [
            (1.0 / 3.0, "0.333333333"),
            (123_456_789_012.0, "123456789000"),
            (-0.0, "0"),
            (1e-12, "0.000000000001"),
            (f64::NAN, "0"),
            (f64::INFINITY, "0"),
        ] {
            assert_eq!(rounded(value, DIGITS).to_string(), expected);
        }
    }

    #[test]
    fn rows_of_a_table_have_a_line_each() {
        let document = json!({ "a": [1, 2], "rows": [[1, "b"], []], "c": { "d": [] } });
        assert_eq!(
            lines(&document),
            "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"rows\": [\n    [1, \"b\"],\n    []\n  ],\n  \"c\": {\n    \"d\": []\n  }\n}\n"
        );
    }
}
