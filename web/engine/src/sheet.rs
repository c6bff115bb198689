//! A comparison as the page shows it.

use model::bill::{Bill, Component, Driver};
use model::comparison::Comparison;
use model::export::timeline::Extent;
use model::export::{about, figures, incidents};
use model::load::{self, Load};
use model::money::{Usd, largest_remainder};
use model::parts;
use model::plan::{Plan, Rejection};
use model::sizing::Resource;
use model::units::{ByteRate, Bytes, Hours, separated};
use rust_decimal::Decimal;

use crate::case::Case;
use crate::protocol::{Data, Moment, Per, Row, Sheet, Shown, StreamFigures};

/// Everything about a case that the page shows at once.
pub fn sheet(case: &Case, shown: Shown) -> Sheet {
    let comparison = &case.comparison;
    let components = figures::components(comparison.plans());
    let drivers = figures::drivers(comparison.plans());
    let load = case.scenario.platforms.first().map(|design| {
        // Rates do not depend on the platform.
        load::load(&parts::asked(&case.scenario), design, comparison.month, 1)
    });
    let columns = Columns { components: &components, drivers: &drivers, shown };
    Sheet {
        title: comparison.title.clone(),
        place: format!("{} {}", comparison.provider, comparison.region),
        span: about::period(comparison, &case.scenario),
        dates: dates(comparison),
        facts: facts(comparison),
        workload: load.iter().flat_map(|load| workload(case, load, shown.data)).collect(),
        streams: load.map_or_else(Vec::new, |load| streams(&load, shown.data)),
        futures: match case.scenario.uncertainty.inputs.len() {
            0 => 0,
            _ => case.scenario.uncertainty.draws,
        },
        verdict: comparison.verdict.sentences.clone(),
        cheapest: cheapest(comparison).map(|plan| plan.design.name.clone()),
        components: components.iter().map(|component| component.name().to_owned()).collect(),
        drivers: drivers.iter().map(|driver| driver.name().to_owned()).collect(),
        rows: comparison
            .outcomes
            .iter()
            .flat_map(|outcome| match outcome {
                Ok(plan) => columns.rows(plan, case),
                Err(rejection) => vec![rejected(rejection)],
            })
            .collect(),
        absent: absent(comparison),
        events: events(case),
    }
}

/// An amount for a month on average as one for the time that is shown.
pub fn in_time(plan: &Plan, a_month: Usd, per: Per) -> Usd {
    match per {
        Per::Month => a_month,
        Per::Year => a_month * Decimal::from(12),
        Per::Hour => {
            let hours: f64 = plan.months.iter().map(|billed| billed.month.length.as_hours()).sum();
            let months = plan.months.len().max(1) as f64;
            let share = Decimal::try_from(months / hours.max(1.0)).unwrap_or_default();
            a_month * share
        }
    }
}

/// Digits behind the point that amounts are shown with.
pub fn decimals(per: Per) -> u32 {
    if per == Per::Hour { 2 } else { 0 }
}

/// Amounts that add up as shown.
pub fn dollars(amounts: &[Usd], per: Per) -> Vec<String> {
    let rounded = largest_remainder(amounts, decimals(per));
    rounded.into_iter().map(|amount| figures::dollars(amount, decimals(per))).collect()
}

/// An amount marked where something is missing from it, or where it is the upper end of a range.
pub fn marked(bill: &Bill, amount: &str) -> String {
    match bill.bound() {
        "" => amount.to_owned(),
        bound => format!("{bound}\u{a0}{amount}"),
    }
}

struct Columns<'a> {
    components: &'a [Component],
    drivers: &'a [Driver],
    shown: Shown,
}

impl Columns<'_> {
    /// A platform, and its parts below it where it has several.
    fn rows(&self, plan: &Plan, case: &Case) -> Vec<Row> {
        let mut rows = vec![self.row(plan, case)];
        rows.extend(plan.parts.iter().map(|part| Row {
            name: part.part.name(),
            part: true,
            // What is compared is whole platforms.
            against: String::new(),
            ..self.row(part, case)
        }));
        rows
    }

    fn row(&self, plan: &Plan, case: &Case) -> Row {
        let per = self.shown.per;
        let time = |amount: Usd| in_time(plan, amount, per);
        let exact: Vec<Usd> =
            self.components.iter().map(|one| time(plan.of_component(*one))).collect();
        let amounts = dollars(&exact, per);
        let total = dollars(&[time(plan.monthly_cost())], per).concat();
        let grows: Vec<Usd> = self.drivers.iter().map(|one| time(plan.of_driver(*one))).collect();
        let none = |text: String, amount: &Usd| {
            if *amount == Usd::ZERO { "–".to_owned() } else { text }
        };
        let horizon = &case.scenario.horizon;
        let told = plan
            .simulation
            .as_ref()
            .map(|run| incidents::grouped(run, horizon, Extent::whole(None, horizon)));
        let tightest = plan.tightest();
        let asked = tightest.binding().filter(|asked| asked.resource != Resource::Placement);
        let used = asked.map(|asked| tightest.fleet.utilization(asked));
        Row {
            name: plan.design.name.clone(),
            part: false,
            title: plan.design.preset.title.to_owned(),
            architecture: plan.design.architecture().name().to_owned(),
            rejected: Vec::new(),
            fleet: figures::fleet(plan),
            binds: tightest.fleet.bottleneck.name().to_owned(),
            used,
            headroom: match used {
                Some(used) => format!(
                    "{} of what policy allows, {} left",
                    figures::percent(used),
                    figures::percent((1.0 - used).max(0.0))
                ),
                None => "as many as there must be; nothing else binds".to_owned(),
            },
            total: marked(&plan.bill, &total),
            dollars: time(plan.monthly_cost()).as_f64(),
            horizon: marked(
                &plan.bill,
                &dollars(&[plan.bill.contracted_cost()], Per::Month).concat(),
            ),
            against: against(plan, &case.comparison),
            amounts: self
                .components
                .iter()
                .zip(exact.iter().zip(amounts))
                .map(|(component, (exact, text))| {
                    match (plan.bill.lacks(*component), *exact == Usd::ZERO) {
                        (true, true) => "?".to_owned(),
                        (true, false) => format!("{}\u{a0}{text}", figures::AT_LEAST),
                        // Less than half a dollar is a cost too.
                        (false, _) => none(text, exact),
                    }
                })
                .collect(),
            grows: dollars(&grows, per)
                .into_iter()
                .zip(&grows)
                .map(|(text, amount)| none(text, amount))
                .collect(),
            latency: figures::produce_p50(plan),
            recovery: figures::redundant(plan.recovery),
            gaps: plan.bill.gaps.iter().map(|gap| (gap.what.clone(), gap.hint.clone())).collect(),
            warnings: plan.warnings.clone(),
            incidents: told.into_iter().flatten().map(|told| in_words(&told, case)).collect(),
        }
    }
}

fn in_words(told: &incidents::Told, case: &Case) -> String {
    let from = case.scenario.horizon.written(told.from);
    let why = if told.why.is_empty() { String::new() } else { format!(" ({})", told.why) };
    format!("{from}: {}{why}", told.heading)
}

fn rejected(rejection: &Rejection) -> Row {
    let design = &rejection.design;
    Row {
        name: design.name.clone(),
        title: design.preset.title.to_owned(),
        architecture: design.architecture().name().to_owned(),
        rejected: rejection
            .reasons
            .iter()
            .map(|reason| (reason.to_string(), reason.hint()))
            .collect(),
        ..Row::default()
    }
}

/// The platform of the verdict.
fn first(comparison: &Comparison) -> Option<&Plan> {
    let name = comparison.verdict.cheapest()?;
    comparison.plans().find(|plan| plan.design.name == name)
}

/// The same, unless a bill that is not complete is below it so far: then nobody knows who costs least.
fn cheapest(comparison: &Comparison) -> Option<&Plan> {
    let first = first(comparison)?;
    let below = |plan: &Plan| !plan.is_complete() && plan.monthly_cost() < first.monthly_cost();
    (!comparison.plans().any(below)).then_some(first)
}

/// How a platform compares to the cheapest.
fn against(plan: &Plan, comparison: &Comparison) -> String {
    let sure = cheapest(comparison).is_some();
    match first(comparison) {
        Some(least) if least.design.name == plan.design.name => {
            if sure { "least" } else { "least of complete bills" }.to_owned()
        }
        _ if plan.fleet.short => "too few brokers".to_owned(),
        Some(least) if plan.is_complete() => {
            figures::against(plan.monthly_cost(), least.monthly_cost())
        }
        _ => String::new(),
    }
}

/// The oldest and the newest date of a price that any bill uses.
fn dates(comparison: &Comparison) -> Option<(String, String)> {
    let dates = figures::price_dates(comparison.plans())?;
    let (first, last) = dates.split_once(" to ").unwrap_or((&dates, &dates));
    Some((first.to_owned(), last.to_owned()))
}

/// Presets of what is planned, and the dates of their facts.
fn facts(comparison: &Comparison) -> Vec<(String, String)> {
    let mut facts: Vec<(String, String)> = Vec::new();
    for preset in comparison.plans().map(|plan| plan.design.preset) {
        let known = facts.iter().any(|(name, _)| name == preset.name);
        if !known {
            facts.push((preset.name.to_owned(), preset.as_of.to_owned()));
        }
    }
    facts
}

/// Lines that no platform's bill has because nobody asked for them.
fn absent(comparison: &Comparison) -> Option<String> {
    let absent = |component: &Component| {
        comparison.plans().all(|plan| {
            let mut absent = plan.bill.absent.iter();
            absent.any(|one| one.component == *component && one.included.is_none())
        })
    };
    let names: Vec<&str> =
        Component::OPTIONAL.iter().filter(|one| absent(one)).map(|one| one.name()).collect();
    (!names.is_empty() && comparison.plans().next().is_some()).then(|| names.join(", "))
}

/// What is produced, read and kept, in the unit that is shown.
fn workload(case: &Case, load: &Load, data: Data) -> Vec<String> {
    let mut lines: Vec<String> = match data {
        Data::Binary => about::workload(&case.scenario, load).into(),
        Data::Decimal => vec![
            format!(
                "{}: {} raw, {} stored (peak {})",
                figures::counted(load.streams.len(), "stream"),
                rate(load.produce_raw, data),
                rate(load.produce, data),
                rate(load.produce_peak, data)
            ),
            format!(
                "fan-out {} · {} kept",
                model::units::grouped(load.fan_out()),
                amount(load.retained(), data)
            ),
        ],
    };
    lines.extend(about::regions(&case.scenario));
    let later = about::later(&case.comparison, &case.scenario, load);
    if !later.is_empty() && data == Data::Binary {
        lines.push(later);
    }
    lines
}

fn streams(load: &Load, data: Data) -> Vec<StreamFigures> {
    let figures = |stream: &load::StreamLoad| {
        let records = stream.records.map(|records| {
            let rate = records.per_sec();
            let shown = if rate < 9.95 { format!("{rate:.1}") } else { format!("{rate:.0}") };
            format!("{} records/s, ", separated(&shown))
        });
        StreamFigures {
            name: stream.name.clone(),
            rates: format!(
                "{}{} raw, {} stored",
                records.unwrap_or_default(),
                rate(stream.produce_raw, data),
                rate(stream.produce, data)
            ),
            kept: format!(
                "{} stored at the peak; keeps {}, one copy; read at {}{}",
                rate(stream.produce_peak, data),
                amount(stream.retained, data),
                rate(stream.tail, data),
                match stream.replay() {
                    none if none == ByteRate::ZERO => String::new(),
                    replay => format!(" and replayed at {} on average", rate(replay, data)),
                }
            ),
        }
    };
    load.streams.iter().map(figures).collect()
}

/// A rate in the unit that is shown.
fn rate(rate: ByteRate, data: Data) -> String {
    match data {
        Data::Binary => rate.to_string(),
        Data::Decimal => {
            let bytes = (rate * Hours::new(1.0)).base_bytes() / 3600.0;
            format!("{}/s", decimal(bytes))
        }
    }
}

/// An amount of data in the unit that is shown.
fn amount(bytes: Bytes, data: Data) -> String {
    match data {
        Data::Binary => bytes.rounded().to_string(),
        Data::Decimal => decimal(bytes.base_bytes()),
    }
}

fn decimal(bytes: f64) -> String {
    let units = [(1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let (size, unit) = units.into_iter().find(|(size, _)| bytes >= *size).unwrap_or((1.0, "B"));
    let scaled = bytes / size;
    let digits = if scaled < 9.95 { 2 } else { usize::from(scaled < 99.5) };
    format!("{} {unit}", separated(&format!("{scaled:.digits$}")))
}

/// What happens, each with a span that shows it.
fn events(case: &Case) -> Vec<Moment> {
    let horizon = &case.scenario.horizon;
    let each = case.scenario.events.iter().map(|event| {
        let day = Hours::from_days(1.0);
        let from = if event.at > day { event.at - day } else { Hours::ZERO };
        let to = (event.at + Hours::from_days(3.0)).min(horizon.end());
        Moment {
            name: event.name.clone(),
            at: horizon.written(event.at),
            span: (horizon.written(from), horizon.written(to)),
        }
    });
    each.collect()
}
