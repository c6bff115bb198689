//! What happened through time, as charts: one platform in all that it does, or several in what tells them apart.

use super::bars::shade;
use super::timeline::{Extent, mib_per_sec};
use crate::bill::Component;
use crate::chart::{self, Chart, Clock, Drawing, Limit, Look, Mark, Paper, Series};
use crate::comparison::Comparison;
use crate::order;
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::simulate::{Sample, Simulation};
use crate::units::{Bytes, Hours};
use crate::workload::ReaderKind;

/// Platforms that can be told apart in one chart.
pub const PLATFORMS_MAX: usize = 6;

/// What a chart is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// What is offered, accepted, fetched and copied.
    Rates,
    /// Demand over capacity.
    Utilization,
    /// What readers have not read, and what sources hold back.
    Backlog,
    /// How long readers are behind, and how old records are when they are read.
    Lag,
    /// What is kept, and where.
    Retained,
    /// Brokers that are paid for, and that carry load.
    Brokers,
    /// What each month costs.
    Cost,
}

impl Picture {
    /// All of them, in the order in which they are drawn.
    pub const ALL: &'static [Self] = &[
        Self::Rates,
        Self::Utilization,
        Self::Backlog,
        Self::Lag,
        Self::Retained,
        Self::Brokers,
        Self::Cost,
    ];

    /// As it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rates => "rates",
            Self::Utilization => "utilization",
            Self::Backlog => "backlog",
            Self::Lag => "lag",
            Self::Retained => "retained",
            Self::Brokers => "brokers",
            Self::Cost => "cost",
        }
    }

    /// One by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|picture| picture.name() == name)
    }

    fn title(self, alone: bool) -> &'static str {
        match (self, alone) {
            (Self::Rates, true) => "Rates",
            (Self::Rates, false) => "Accepted from producers",
            (Self::Utilization, true) => "Utilization",
            (Self::Utilization, false) => "Utilization of the busiest resource",
            (Self::Backlog, true) => "Not yet read, and held back",
            (Self::Backlog, false) => "Not yet read or held back",
            (Self::Lag, true) => "Lag and freshness",
            (Self::Lag, false) => "Longest lag of a reader",
            (Self::Retained, true) => "Kept, all copies",
            (Self::Retained, false) => "Kept, all copies and tiers",
            (Self::Brokers, true) => "Brokers",
            (Self::Brokers, false) => "Brokers paid for",
            (Self::Cost, true) => "Cost of each month",
            (Self::Cost, false) => "Cost of each month",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Rates => "MiB/s",
            Self::Utilization => "%",
            Self::Backlog | Self::Retained => "GiB",
            Self::Lag => "minutes",
            Self::Brokers => "brokers",
            Self::Cost => "$ a month",
        }
    }
}

/// Charts below each other: of one platform, or of several side by side (see [`shown`]).
pub fn svg(
    comparison: &Comparison,
    scenario: &Scenario,
    extent: Extent,
    pictures: &[Picture],
    paper: Paper,
) -> String {
    chart::svg(&charts(comparison, scenario, extent, pictures), paper)
}

/// The same charts one by one, for a page: each a document of its own at a width in pixels, with where in it things are
/// and the same in figures. [`svg`] of one picture is the file to download.
pub fn drawn(
    comparison: &Comparison,
    scenario: &Scenario,
    extent: Extent,
    pictures: &[Picture],
    width: f64,
) -> Vec<Drawing> {
    let charts = charts(comparison, scenario, extent, pictures);
    let drawing = |(chart, picture): (&Chart, &Picture)| Drawing {
        picture: picture.name().to_owned(),
        ..chart::drawing(chart, Paper::inline(width))
    };
    charts.iter().zip(pictures).map(drawing).collect()
}

fn charts(
    comparison: &Comparison,
    scenario: &Scenario,
    extent: Extent,
    pictures: &[Picture],
) -> Vec<Chart> {
    let plans = shown(comparison, extent);
    let who = match plans.as_slice() {
        [] => "nothing can be planned".to_owned(),
        [only] => only.design.name.clone(),
        some if some.len() < comparison.plans().count() => {
            format!("{} of {} platforms", some.len(), comparison.plans().count())
        }
        _ => "all platforms".to_owned(),
    };
    let marks = marks(&plans, extent);
    let short = is_short(&plans, extent);
    let chart = |&picture: &Picture| {
        let alone = plans.len() == 1;
        let paced = pace(extent).filter(|_| is_paced(picture, alone));
        let per = paced.map_or_else(String::new, |(_, per)| format!(", highest of each {per}"));
        let mut chart = Chart {
            title: format!("{} · {who} · {}", picture.title(alone), comparison.title),
            unit: format!("{}{per}", picture.unit()),
            from: extent.from,
            to: extent.to,
            clock: Clock { start: scenario.horizon.first_day() },
            series: series(picture, &plans, extent),
            limits: limits(picture, scenario),
            marks: marks.clone(),
        };
        if picture == Picture::Lag && short {
            in_seconds(&mut chart);
        }
        chart
    };
    pictures.iter().map(chart).collect()
}

/// Whether nobody is ever late by minutes.
fn is_short(plans: &[&Plan], extent: Extent) -> bool {
    let mut samples = plans
        .iter()
        .filter_map(|plan| plan.simulation.as_ref())
        .flat_map(|run| extent.samples(run));
    samples.all(|sample| sample.lag.max(sample.freshness) * 60.0 < 2.0)
}

/// Turns minutes into seconds.
fn in_seconds(chart: &mut Chart) {
    chart.unit = chart.unit.replacen("minutes", "seconds", 1);
    for (_, value) in chart.series.iter_mut().flat_map(|series| &mut series.points) {
        *value *= 60.0;
    }
    for limit in &mut chart.limits {
        limit.value *= 60.0;
    }
}

/// The platforms that charts show: all that are told of, or those of them that cost least where they are too many.
pub fn shown<'a>(comparison: &'a Comparison, extent: Extent) -> Vec<&'a Plan> {
    let wanted = |plan: &&Plan| plan.simulation.is_some() && extent.has(&plan.design.name);
    let mut plans: Vec<(usize, &Plan)> = comparison.plans().filter(wanted).enumerate().collect();
    order::sort_by_key(&mut plans, |(_, plan)| {
        (!plan.is_complete(), plan.fleet.short, plan.monthly_cost())
    });
    plans.truncate(PLATFORMS_MAX);
    order::sort_by_key(&mut plans, |(index, _)| *index);
    plans.into_iter().map(|(_, plan)| plan).collect()
}

fn series(picture: Picture, plans: &[&Plan], extent: Extent) -> Vec<Series> {
    match plans {
        [only] => of_one(picture, only, extent),
        several => several.iter().map(|plan| compared(picture, plan, extent)).collect(),
    }
}

/// A value through the span in a row of points, each of which holds until the next; slopes are small steps.
pub fn curve(
    plan: &Plan,
    extent: Extent,
    value: fn(&Sample) -> f64,
    kind: Kind,
) -> Vec<(Hours, f64)> {
    let pieces = pieces(plan, extent, value, kind);
    let end = pieces.last().map(|piece| (Hours::new(piece.to), piece.end));
    let stairs = pieces.iter().flat_map(|piece| match kind {
        Rate => vec![(Hours::new(piece.from), piece.end)],
        Level => piece.stairs(extent).collect(),
    });
    stairs.chain(end).collect()
}

/// A curve of a platform: its name, what it shows, and whether it is a rate or a level.
type Curve = (&'static str, fn(&Sample) -> f64, Kind);

/// How a value goes from one breakpoint to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Holds from one breakpoint to the next.
    Rate,
    /// Goes straight from one breakpoint to the next.
    Level,
}

use Kind::{Level, Rate};

fn gib(bytes: f64) -> f64 {
    Bytes::new(bytes).as_gib()
}

fn of_one(picture: Picture, plan: &Plan, extent: Extent) -> Vec<Series> {
    let curves: &[Curve] = match picture {
        Picture::Rates => &[
            ("offered by sources", |sample| mib_per_sec(sample.offered), Rate),
            ("accepted", |sample| mib_per_sec(sample.produce), Rate),
            ("fetched from caches", |sample| mib_per_sec(sample.tail), Rate),
            ("fetched behind caches", |sample| mib_per_sec(sample.behind), Rate),
            ("replayed", |sample| mib_per_sec(sample.replay), Rate),
            ("copied between brokers", |sample| mib_per_sec(sample.copy), Rate),
        ],
        Picture::Utilization => &[
            ("network", |sample| sample.network * 100.0, Rate),
            ("disks", |sample| sample.disk * 100.0, Rate),
            ("CPU", |sample| sample.cpu * 100.0, Rate),
        ],
        Picture::Backlog => &[
            ("not yet read", |sample| gib(sample.backlog), Level),
            ("held back by sources", |sample| gib(sample.edge), Level),
        ],
        Picture::Lag => &[
            ("longest lag", |sample| sample.lag * 60.0, Level),
            ("from produce to consume", |sample| sample.freshness * 60.0, Level),
        ],
        Picture::Retained => return retained(plan, extent),
        Picture::Brokers => &[
            ("paid for", |sample| sample.paid, Rate),
            ("carrying load", |sample| sample.serving, Rate),
        ],
        Picture::Cost => return cost(plan, extent),
    };
    let all = curves.iter().map(|(name, value, kind)| {
        let (points, look) = traced(plan, extent, (*value, *kind), is_paced(picture, true));
        Series { name: (*name).to_owned(), points, look, shade: None }
    });
    something(all.collect())
}

/// Those that are not nothing all the time, or the first.
fn something(mut series: Vec<Series>) -> Vec<Series> {
    let is_something = |series: &Series| series.points.iter().any(|(_, value)| *value != 0.0);
    let any = series.iter().any(is_something);
    let mut first = true;
    series.retain(|one| std::mem::replace(&mut first, false) && !any || is_something(one));
    series
}

/// What tells a platform from the others.
fn compared(picture: Picture, plan: &Plan, extent: Extent) -> Series {
    let (value, kind): (fn(&Sample) -> f64, Kind) = match picture {
        Picture::Rates => (|sample| mib_per_sec(sample.produce), Rate),
        Picture::Utilization => (|sample| sample.busiest * 100.0, Rate),
        Picture::Backlog => (|sample| gib(sample.backlog + sample.edge), Level),
        Picture::Lag => (|sample| sample.lag * 60.0, Level),
        Picture::Retained => (|sample| gib(sample.local + sample.remote), Level),
        Picture::Brokers => (|sample| sample.paid, Rate),
        Picture::Cost => {
            let points = months(plan, extent, |billed| billed.bill.contracted_cost().as_f64());
            return Series {
                name: plan.design.name.clone(),
                points,
                look: Look::Steps,
                shade: None,
            };
        }
    };
    let (points, look) = traced(plan, extent, (value, kind), is_paced(picture, false));
    Series { name: plan.design.name.clone(), points, look, shade: None }
}

/// Local and remote on top of each other.
fn retained(plan: &Plan, extent: Extent) -> Vec<Series> {
    let area = |name: &str, value: fn(&Sample) -> f64| {
        let pieces = pieces(plan, extent, value, Level);
        let points = pieces.iter().flat_map(|piece| piece.stairs(extent)).collect();
        Series { name: name.to_owned(), points, look: Look::Area, shade: None }
    };
    something(vec![
        area("on brokers", |sample| gib(sample.local)),
        area("in object storage", |sample| gib(sample.remote)),
    ])
}

/// A bar a month, by component; those that never cost anything are left out.
fn cost(plan: &Plan, extent: Extent) -> Vec<Series> {
    let bars = Component::ALL.iter().map(|component| {
        let cost = |billed: &crate::plan::Billed| billed.bill.of_component(*component).as_f64();
        let points = months(plan, extent, cost);
        Series {
            name: component.name().to_owned(),
            points,
            look: Look::Bars,
            shade: Some(shade(*component)),
        }
    });
    something(bars.collect())
}

fn months(
    plan: &Plan,
    extent: Extent,
    value: impl Fn(&crate::plan::Billed) -> f64,
) -> Vec<(Hours, f64)> {
    let inside = plan
        .months
        .iter()
        .filter(|billed| billed.month.end() > extent.from && billed.month.start < extent.to);
    inside.map(|billed| (billed.month.start.max(extent.from), value(billed))).collect()
}

/// A value between two breakpoints.
#[derive(Clone, Copy)]
struct Piece {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

/// Steps that a slope is drawn with, across a chart.
const STAIRS: f64 = 480.0;

impl Piece {
    fn at(&self, at: f64) -> f64 {
        let share =
            if self.to > self.from { (at - self.from) / (self.to - self.from) } else { 1.0 };
        self.start + (self.end - self.start) * share.clamp(0.0, 1.0)
    }

    /// A slope in steps too small to be seen.
    fn stairs(self, extent: Extent) -> impl Iterator<Item = (Hours, f64)> {
        let step = (extent.to - extent.from).as_hours() / STAIRS;
        let count = libm::ceil((self.to - self.from) / step).clamp(1.0, STAIRS) as u32;
        (0..count).map(move |index| {
            let at = self.from + (self.to - self.from) * f64::from(index) / f64::from(count);
            (Hours::new(at), self.at(at))
        })
    }
}

fn pieces(plan: &Plan, extent: Extent, value: fn(&Sample) -> f64, kind: Kind) -> Vec<Piece> {
    let Some(simulation) = &plan.simulation else { return Vec::new() };
    let samples = extent.samples(simulation);
    let mut last = samples.first().map_or(0.0, |first| value(&before(simulation, extent, first)));
    let piece = |sample: &Sample| {
        let end = value(sample);
        let start = if kind == Rate { end } else { last };
        last = end;
        Piece { from: sample.from, to: sample.to, start, end }
    };
    samples.iter().map(piece).collect()
}

/// The levels at the beginning of the span.
fn before(simulation: &Simulation, extent: Extent, first: &Sample) -> Sample {
    let earlier = Extent { from: Hours::ZERO, to: extent.from, ..extent };
    if let Some(sample) = earlier.samples(simulation).pop() {
        return sample;
    }
    // Logs start as full as one copy of them was; nobody is behind yet.
    let full = if first.kept > 0.0 { simulation.before / first.kept } else { 0.0 };
    Sample {
        kept: simulation.before,
        local: first.local * full,
        remote: first.remote * full,
        freshness: first.latency,
        ..Sample::default()
    }
}

/// Spans from here on show the highest value of each day, and much longer ones that of each week: hours of a day side
/// by side would be a surface.
const LONG: [(f64, f64, &str); 2] =
    [(3.0 * 366.0 * 24.0, 168.0, "week"), (45.0 * 24.0, 24.0, "day")];

fn pace(extent: Extent) -> Option<(f64, &'static str)> {
    let span = (extent.to - extent.from).as_hours();
    LONG.iter().find(|(long, ..)| span > *long).map(|(_, hours, name)| (*hours, *name))
}

fn is_paced(picture: Picture, alone: bool) -> bool {
    match picture {
        Picture::Retained => !alone,
        Picture::Brokers | Picture::Cost => false,
        Picture::Rates | Picture::Utilization | Picture::Backlog | Picture::Lag => true,
    }
}

fn traced(
    plan: &Plan,
    extent: Extent,
    (value, kind): (fn(&Sample) -> f64, Kind),
    paced: bool,
) -> (Vec<(Hours, f64)>, Look) {
    let pieces = pieces(plan, extent, value, kind);
    let points = |of: fn(&Piece) -> (f64, f64)| {
        pieces.iter().map(of).map(|(at, value)| (Hours::new(at), value))
    };
    match (pace(extent).filter(|_| paced), kind) {
        (Some((hours, _)), _) => (highest(&pieces, hours), Look::Steps),
        (None, Rate) => (points(|piece| (piece.from, piece.end)).collect(), Look::Steps),
        (None, Level) => {
            let start = points(|piece| (piece.from, piece.start)).take(1);
            (start.chain(points(|piece| (piece.to, piece.end))).collect(), Look::Line)
        }
    }
}

/// The highest value in each so many hours.
fn highest(pieces: &[Piece], hours: f64) -> Vec<(Hours, f64)> {
    let mut highest: Vec<(Hours, f64)> = Vec::new();
    let mut current = None;
    for piece in pieces {
        let mut from = piece.from;
        while from < piece.to {
            let slot = libm::floor(from / hours + 1e-9);
            let to = ((slot + 1.0) * hours).min(piece.to);
            let most = piece.at(from).max(piece.at(to));
            match highest.last_mut().filter(|_| current == Some(slot)) {
                Some((_, value)) => *value = value.max(most),
                None => highest.push((Hours::new(from), most)),
            }
            current = Some(slot);
            if to <= from {
                break;
            }
            from = to;
        }
    }
    highest
}

fn limits(picture: Picture, scenario: &Scenario) -> Vec<Limit> {
    let slo = &scenario.slo;
    let limit = |name: &str, value: f64| Limit { name: name.to_owned(), value };
    let minutes = |name: &str, hours: Hours| limit(name, hours.as_hours() * 60.0);
    match picture {
        Picture::Utilization => vec![limit("capacity", 100.0)],
        Picture::Lag => {
            let freshness = slo.freshness.map(|hours| minutes("freshness", hours));
            let readers = scenario.workload.streams.iter().flat_map(|stream| &stream.readers);
            let budgets = readers.filter_map(|reader| match reader.kind {
                ReaderKind::Tail { lag_budget } => lag_budget,
                ReaderKind::Replay { .. } => None,
            });
            let least = budgets.reduce(Hours::min).map(|hours| minutes("least lag budget", hours));
            freshness.into_iter().chain(least).collect()
        }
        Picture::Cost => slo.budget.map(|usd| limit("budget", usd.as_f64())).into_iter().collect(),
        Picture::Rates | Picture::Backlog | Picture::Retained | Picture::Brokers => Vec::new(),
    }
}

/// What happened: on one platform until it was over, on several when it began.
fn marks(plans: &[&Plan], extent: Extent) -> Vec<Mark> {
    let alone = plans.len() == 1;
    let mut marks: Vec<Mark> = Vec::new();
    // What platforms stand on differs between them; an event in a region is the same to all.
    let parts = plans.iter().flat_map(|plan| plan.each());
    let runs: Vec<(&Plan, Option<&String>)> = match alone {
        true => plans.iter().map(|plan| (*plan, None)).collect(),
        false => parts.map(|part| (part, part.part.region.as_ref())).collect(),
    };
    for (plan, region) in runs {
        let outcomes = plan.simulation.iter().flat_map(|simulation| &simulation.outcomes);
        for outcome in outcomes.filter(|outcome| extent.overlaps(outcome.from, outcome.to)) {
            let name = match region {
                Some(region) => format!("{}, {region}", outcome.name),
                None => outcome.name.clone(),
            };
            let to = alone.then_some(outcome.to.unwrap_or(extent.to));
            if !marks.iter().any(|mark| mark.name == name) {
                marks.push(Mark { name, from: outcome.from, to });
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(from: f64, to: f64, start: f64, end: f64) -> Piece {
        Piece { from, to, start, end }
    }

    #[track_caller]
    fn check(pieces: &[Piece], expected: &[(f64, f64)]) {
        let found = highest(pieces, 24.0);
        let found: Vec<_> = found.iter().map(|(at, value)| (at.as_hours(), *value)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn each_day_shows_its_highest_value() {
        check(&[], &[]);
        check(&[piece(0.0, 6.0, 1.0, 1.0), piece(6.0, 7.0, 9.0, 9.0)], &[(0.0, 9.0)]);
        check(&[piece(12.0, 60.0, 0.0, 48.0)], &[(12.0, 12.0), (24.0, 36.0), (48.0, 48.0)]);
        check(
            &[piece(23.0, 24.0, 0.0, 5.0), piece(24.0, 25.0, 1.0, 1.0)],
            &[(23.0, 5.0), (24.0, 1.0)],
        );
    }

    #[test]
    fn every_picture_has_a_name() {
        for picture in Picture::ALL {
            assert_eq!(Picture::named(picture.name()), Some(*picture));
        }
        assert_eq!(Picture::named("rate"), None);
    }
}
