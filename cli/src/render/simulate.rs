//! One platform through time: lines of characters, months, what happened, what did not hold.

use model::export::incidents;
use model::export::timeline::{Extent, Kind, curve, mib_per_sec};
use model::money::{Usd, largest_remainder};
use model::plan::Billed;
use model::scenario::Horizon;
use model::simulate::findings::Figure;
use model::simulate::{MonthTotals, Outcome, Sample, Simulation};
use model::sizing::Resource;
use model::units::{Bytes, Hours, grouped, separated};
use model::{Comparison, Plan, Scenario};

use super::WIDTH;
use super::compare::rejection;
use super::figures::{amount, percent, time};
use super::paint::{Paint, Tone};
use super::plan::title;
use super::spark::sparkline;
use super::table::{Cell, Table};
use super::text::{counted, fit, visible, width, wrap};

/// The platforms of a comparison in turn: one by its name, or all.
pub(crate) fn platforms(
    comparison: &Comparison,
    scenario: &Scenario,
    extent: Extent,
    paint: Paint,
) -> String {
    let horizon = &scenario.horizon;
    let mut text = paint.strong(&fit(&comparison.title, WIDTH)) + "\n";
    let whole = extent == Extent::whole(extent.platform, horizon);
    let span = format!(
        "{} {} · {}, {} to {}\n",
        comparison.provider,
        comparison.region,
        if whole {
            counted(horizon.months as usize, "month")
        } else {
            format!("part of {}", counted(horizon.months as usize, "month"))
        },
        horizon.written(extent.from),
        horizon.written(extent.to),
    );
    text.push_str(&span);
    for (design, outcome) in scenario.platforms.iter().zip(&comparison.outcomes) {
        if !extent.has(&design.name) {
            continue;
        }
        text.push('\n');
        text.push_str(&match outcome {
            Ok(plan) => platform(plan, horizon, extent, paint),
            Err(found) => rejection(found, paint),
        });
    }
    text
}

/// What happened on one platform and what did not hold, through the whole horizon.
pub(crate) fn through_time(plan: &Plan, horizon: &Horizon, paint: Paint) -> String {
    let Some(simulation) = &plan.simulation else { return String::new() };
    let extent = Extent::whole(Some(&plan.design.name), horizon);
    let happened = events(simulation, horizon, extent, paint);
    let broken = broken(simulation, horizon, extent, paint);
    if happened.is_empty() { broken } else { format!("{happened}\n{broken}") }
}

fn platform(plan: &Plan, horizon: &Horizon, extent: Extent, paint: Paint) -> String {
    let Some(simulation) = &plan.simulation else { return String::new() };
    let sections = [
        title(plan, paint),
        curves(plan, horizon, extent, paint),
        months(plan, simulation, horizon, extent, paint),
        events(simulation, horizon, extent, paint),
        broken(simulation, horizon, extent, paint),
    ];
    let sections: Vec<String> = sections.into_iter().filter(|text| !text.is_empty()).collect();
    sections.join("\n")
}

/// Columns of names, and of lines of characters.
const NAMES: usize = 18;
const LINE: usize = 48;

/// A row: its name, its unit, what it shows, and how.
type Row = (&'static str, &'static str, fn(&Sample) -> f64, Kind);

fn gib(bytes: f64) -> f64 {
    Bytes::new(bytes).as_gib()
}

const ROWS: &[Row] = &[
    ("Accepted", "MiB/s", |sample| mib_per_sec(sample.produce), Kind::Rate),
    ("Held back", "GiB", |sample| gib(sample.edge), Kind::Level),
    ("Fetched", "MiB/s", |sample| mib_per_sec(sample.tail + sample.behind), Kind::Rate),
    ("Replayed", "MiB/s", |sample| mib_per_sec(sample.replay), Kind::Rate),
    ("Copied", "MiB/s", |sample| mib_per_sec(sample.copy), Kind::Rate),
    ("Utilization", "%", |sample| sample.busiest * 100.0, Kind::Rate),
    ("Not yet read", "GiB", |sample| gib(sample.backlog), Kind::Level),
    ("Longest lag", "h", |sample| sample.lag, Kind::Level),
    ("On brokers", "GiB", |sample| gib(sample.local), Kind::Level),
    ("In object storage", "GiB", |sample| gib(sample.remote), Kind::Level),
    ("Brokers", "", |sample| sample.paid, Kind::Rate),
];

/// Rows that say something even when they are nothing.
const ALWAYS: [&str; 4] = ["Accepted", "Utilization", "Not yet read", "Longest lag"];

fn curves(plan: &Plan, horizon: &Horizon, extent: Extent, paint: Paint) -> String {
    let (from, to) = (horizon.written(extent.from), horizon.written(extent.to));
    let between = LINE.saturating_sub(width(&from) + width(&to)).max(1);
    let axis = format!("{}{from}{}{to}", " ".repeat(NAMES), " ".repeat(between));
    let mut text = format!("{}{}\n", paint.faint(&axis), paint.faint("  least to most"));
    for (name, unit, value, kind) in ROWS {
        let points = curve(plan, extent, *value, *kind);
        let (least, most) = range(&points);
        if most <= 0.0 && !ALWAYS.contains(name) {
            continue;
        }
        let line = sparkline(&points, extent.from, extent.to, LINE);
        let mut said = told(least, most, unit);
        if *name == "Utilization" && most > 0.0 {
            said.push_str(&busiest(plan, extent));
        }
        if *name == "Brokers" {
            said.push_str(&format!(" × {}", fit(&plan.machine, 24)));
        }
        let line = format!("{}{line}  {said}", paint.faint(&format!("{name:<NAMES$}")));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text + &cost_line(plan, extent, paint)
}

fn range(points: &[(Hours, f64)]) -> (f64, f64) {
    let values = || points.iter().map(|point| point.1);
    (values().fold(f64::INFINITY, f64::min).min(f64::MAX), values().fold(0.0, f64::max))
}

/// From the least to the most of a row.
fn told(least: f64, most: f64, unit: &str) -> String {
    if most <= 0.0 {
        return "none".to_owned();
    }
    if unit == "h" {
        let (least, most) = (time(Hours::new(least)), time(Hours::new(most)));
        return if least == most {
            most
        } else {
            format!("{} to {most}", least.replace("0 ms", "0"))
        };
    }
    let (least, most) = match unit {
        "%" => (rounded(least), rounded(most)),
        _ => (amount(least), amount(most)),
    };
    let amounts = if least == most { most } else { format!("{least} to {most}") };
    format!("{amounts} {unit}").trim_end().to_owned()
}

fn rounded(percent: f64) -> String {
    separated(&format!("{percent:.0}"))
}

/// What is busiest where the busiest moment of the span is.
fn busiest(plan: &Plan, extent: Extent) -> String {
    let samples = plan.simulation.iter().flat_map(|simulation| extent.samples(simulation));
    let most = samples.max_by(|one, other| one.busiest.total_cmp(&other.busiest));
    let bottleneck = most.and_then(|sample| sample.bottleneck);
    // Processors hold more than sizing rules count on.
    let ceiling = plan.design.settings.cpu_ceiling.0;
    let beyond = |resource| match resource {
        Resource::Cpu if ceiling != 1.0 => format!(" at {} × its rule", grouped(ceiling)),
        _ => String::new(),
    };
    bottleneck
        .map_or_else(String::new, |resource| format!(", {}{}", resource.name(), beyond(resource)))
}

fn inside<'a>(plan: &'a Plan, extent: Extent<'a>) -> impl Iterator<Item = (usize, &'a Billed)> {
    let months = plan.months.iter().enumerate();
    months.filter(move |(_, billed)| {
        billed.month.end() > extent.from && billed.month.start < extent.to
    })
}

fn cost_line(plan: &Plan, extent: Extent, paint: Paint) -> String {
    let costs = inside(plan, extent).map(|(_, billed)| {
        (billed.month.start.max(extent.from), billed.bill.contracted_cost().as_f64())
    });
    let costs: Vec<(Hours, f64)> = costs.collect();
    let (least, most) = range(&costs);
    let whole = |dollars: f64| separated(&format!("{dollars:.0}"));
    let (least, most) = (whole(least), whole(most));
    let amounts = if least == most { most } else { format!("{least} to ${most}") };
    let mark = plan.bill.bound();
    let line = sparkline(&costs, extent.from, extent.to, LINE);
    format!("{}{line}  {mark}${amounts} a month\n", paint.faint(&format!("{:<NAMES$}", "Cost")))
}

/// An amount of a month: its head, and its bytes.
type Amount = (&'static str, fn(&MonthTotals) -> f64);

const AMOUNTS: &[Amount] = &[
    ("produced\nGiB", |totals| totals.streams.iter().map(|stream| stream.produce).sum()),
    ("rebuilt\nGiB", |totals| totals.rebuilt),
    ("moved\nGiB", |totals| totals.moved),
    ("on brokers\nGiB, mean", |totals| totals.local / totals.month.length.as_hours()),
    ("object store\nGiB, mean", |totals| totals.remote / totals.month.length.as_hours()),
];

fn months(
    plan: &Plan,
    simulation: &Simulation,
    horizon: &Horizon,
    extent: Extent,
    paint: Paint,
) -> String {
    let any = |of: fn(&MonthTotals) -> f64| simulation.months.iter().any(|month| of(month) > 0.0);
    let columns: Vec<&Amount> = AMOUNTS.iter().filter(|(_, of)| any(*of)).collect();

    let mut table = Table::new().words("Month").words("from").numbers("brokers\nmean");
    for (head, _) in &columns {
        table = table.numbers(head);
    }
    table = table.numbers("dollars");
    let costs: Vec<Usd> =
        inside(plan, extent).map(|(_, billed)| billed.bill.contracted_cost()).collect();
    let shown = largest_remainder(&costs, 2);
    let dollars =
        |amount: Usd, mark: &str| format!("{mark}{}", amount.to_string().replace('$', ""));
    for ((index, billed), cost) in inside(plan, extent).zip(&shown) {
        let mut cells: Vec<Cell> = vec![
            (billed.month.index + 1).to_string().into(),
            horizon.written(billed.month.start).into(),
            amount(billed.brokers).into(),
        ];
        let totals = simulation.months.get(index);
        cells.extend(columns.iter().map(|(_, of)| {
            let bytes = totals.map_or(0.0, of);
            Cell::from(if bytes > 0.0 { amount(gib(bytes)) } else { "–".to_owned() })
        }));
        cells.push(dollars(*cost, billed.bill.bound()).into());
        table.row(cells);
    }
    if shown.len() > 1 {
        table.rule();
        let mut cells = vec![Cell::toned("total", Tone::Strong)];
        cells.resize(3 + columns.len(), Cell::default());
        let total = dollars(shown.iter().copied().sum(), plan.bill.bound());
        cells.push(Cell::toned(total, Tone::Strong));
        table.row(cells);
    }
    table.render(WIDTH, paint)
}

/// Columns of a moment: `2027-02-10 18:30`.
const MOMENT: usize = 18;

/// Something with its moment: a heading, and a paragraph about it.
fn entry(moment: &str, heading: &str, tone: Tone, about: &str, paint: Paint) -> String {
    let room = WIDTH - MOMENT;
    let headings = wrap(heading, room, "");
    let about = if about.is_empty() { String::new() } else { wrap(about, room, "") };
    let lines = headings.lines().map(|line| (tone, line));
    let lines = lines.chain(about.lines().map(|line| (Tone::Plain, line)));
    let mut text = String::new();
    for (index, (tone, line)) in lines.enumerate() {
        let start = paint.faint(&format!("{:<MOMENT$}", if index == 0 { moment } else { "" }));
        text.push_str(&format!("{start}{}\n", paint.paint(tone, line)));
    }
    text
}

fn events(simulation: &Simulation, horizon: &Horizon, extent: Extent, paint: Paint) -> String {
    let outcomes = simulation.outcomes.iter();
    let mut outcomes: Vec<&Outcome> =
        outcomes.filter(|outcome| extent.overlaps(outcome.from, outcome.to)).collect();
    if outcomes.is_empty() {
        return String::new();
    }
    outcomes.sort_by(|one, other| one.from.as_hours().total_cmp(&other.from.as_hours()));
    let mut text = paint.strong("What happened") + "\n";
    for outcome in outcomes {
        let never = outcome.facts.iter().any(is_never_over);
        let course = match outcome.to {
            Some(to) if to > outcome.from && !says_when_over(outcome, to) => {
                format!(": over after {}", time(to - outcome.from))
            }
            Some(_) => String::new(),
            None if never => ": not over within the horizon".to_owned(),
            None => ": did not happen here".to_owned(),
        };
        let heading = format!("{} ({}){course}", visible(&outcome.name), outcome.kind.name());
        let facts = outcome.facts.iter().filter(|fact| !is_never_over(fact));
        let facts: Vec<String> =
            facts.map(|fact| format!("{}: {}", fact.name, figure(fact.value))).collect();
        let tone = if never { Tone::Warning } else { Tone::Strong };
        text.push_str(&entry(
            &horizon.written(outcome.from),
            &heading,
            tone,
            &facts.join("; "),
            paint,
        ));
    }
    text
}

/// Whether a fact says the same as the end.
fn says_when_over(outcome: &Outcome, to: Hours) -> bool {
    let length = (to - outcome.from).as_hours();
    outcome.facts.iter().any(|fact| match fact.value {
        Figure::Hours(hours) => fact.name.ends_with("after") && (hours - length).abs() < 1e-6,
        _ => false,
    })
}

fn is_never_over(fact: &model::simulate::Fact) -> bool {
    fact.name == "over" && fact.value == Figure::Never
}

fn figure(value: Figure) -> String {
    match value {
        Figure::Bytes(bytes) => Bytes::new(bytes).rounded().to_string(),
        Figure::Hours(hours) => time(Hours::new(hours)),
        Figure::Share(share) => percent(share),
        Figure::PerSecond(rate) => format!("{}/s", amount(rate)),
        Figure::Count(count) => amount(count),
        Figure::Dollars(dollars) => format!("${}", separated(&format!("{dollars:.2}"))),
        Figure::Never => "never within the horizon".to_owned(),
    }
}

fn broken(simulation: &Simulation, horizon: &Horizon, extent: Extent, paint: Paint) -> String {
    let groups = incidents::grouped(simulation, horizon, extent);
    if groups.is_empty() {
        return paint.paint(Tone::Good, "Everything held.") + "\n";
    }
    let mut text = paint.strong("What did not hold") + "\n";
    for group in &groups {
        let tone = if group.serious { Tone::Bad } else { Tone::Warning };
        let heading = visible(&group.heading);
        text.push_str(&entry(&horizon.written(group.from), &heading, tone, &group.why, paint));
    }
    text
}
