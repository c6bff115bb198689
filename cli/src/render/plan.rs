//! One platform in full: the fleet and why, what moves, what is kept, what it costs, what else was considered.

use std::collections::BTreeMap;

use model::Month;
use model::bill::{Bill, Component};
use model::costs::RequestClass;
use model::export::{Origin, line_settings, settings};
use model::flows::Edge;
use model::money::{Usd, largest_remainder};
use model::parameters::CpuRule;
use model::plan::Candidate;
use model::plan::Course;
use model::scorecard::Scorecard;
use model::sizing::{Requirement, Unfit};
use model::units::{Bytes, grouped, separated};
use model::{Comparison, Plan, Scenario};

use super::WIDTH;
use super::figures::{
    AT_LEAST, against, amount, fleet, percent, quantity, redundant, time, unit_price,
};
use super::paint::{Paint, Tone};
use super::table::{Cell, Table};
use super::text::{fit, wrap};

/// How much to show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Every machine that was considered, with its reason.
    pub all_machines: bool,
}

/// The platforms of a comparison in turn: one by its name, or all.
pub(crate) fn platforms(
    comparison: &Comparison,
    scenario: &Scenario,
    platform: Option<&str>,
    cards: &[Scorecard],
    extent: Extent,
    paint: Paint,
) -> String {
    let mut text = super::compare::in_turn(comparison, scenario, platform, paint, |plan| {
        let mut text = self::plan(plan, scenario, extent, paint);
        if let Some(card) = cards.iter().find(|card| card.platform == plan.design.name) {
            text.push('\n');
            text.push_str(&super::scorecard::lights(card, paint));
        }
        text
    });
    text.push('\n');
    text.push_str(&super::compare::foot(scenario, comparison.view, paint));
    text
}

fn plan(plan: &Plan, scenario: &Scenario, extent: Extent, paint: Paint) -> String {
    if plan.parts.is_empty() {
        return part(plan, scenario, true, extent, paint);
    }
    let sections = [
        title(plan, paint),
        fact("Cost", &cost(plan), paint),
        super::compare::in_parts(plan, paint),
        gaps(&plan.bill),
        super::simulate::through_time(plan, &scenario.horizon, paint),
        overlap(plan, paint),
    ];
    let sections = sections.into_iter().filter(|text| !text.is_empty());
    let parts = plan.parts.iter().map(|one| part(one, scenario, false, extent, paint));
    sections.chain(parts).collect::<Vec<_>>().join("\n")
}

/// What the platform that is left costs: that is on no part's own bill.
fn overlap(plan: &Plan, paint: Paint) -> String {
    let mut rest = plan.bill.clone();
    rest.lines.retain(|line| line.component == Component::Migration);
    if rest.lines.is_empty() {
        return String::new();
    }
    rest.gaps.clear();
    rest.absent.clear();
    bill(&rest, paint)
}

/// One part in full, or the only one.
fn part(plan: &Plan, scenario: &Scenario, alone: bool, extent: Extent, paint: Paint) -> String {
    // What happened to a platform in parts is told once, of all of them.
    let happened = match alone {
        true => super::simulate::through_time(plan, &scenario.horizon, paint),
        false => String::new(),
    };
    let sections = [
        title(plan, paint),
        summary(plan, paint),
        capacity(plan, paint),
        bill(&plan.bill, paint),
        happened,
        flows(plan, paint),
        storage(plan, paint),
        requests(plan, plan.month, paint),
        machines(plan, extent, paint),
        changed(plan, paint),
        warnings(plan, paint),
    ];
    let sections: Vec<String> = sections.into_iter().filter(|text| !text.is_empty()).collect();
    sections.join("\n")
}

pub(crate) fn title(plan: &Plan, paint: Paint) -> String {
    let preset = plan.design.preset;
    let name = fit(&plan.design.name, WIDTH / 2);
    let from =
        if name == preset.name { String::new() } else { format!("preset `{}`, ", preset.name) };
    let kind = plan.design.architecture().name();
    let part = match plan.part.is_whole() {
        true => String::new(),
        false => format!(", {}", plan.part.name()),
    };
    let line = format!("{name}{part}: {} ({from}{kind})", preset.title);
    let rule = "━".repeat(WIDTH);
    format!("{}\n{}\n", paint.strong(&rule), paint.strong(&fit(&line, WIDTH)))
}

/// A fact and its name.
fn fact(name: &str, value: &str, paint: Paint) -> String {
    const NAMES: usize = 16;
    let lines = wrap(value, WIDTH - NAMES, "");
    let mut text = String::new();
    for (index, line) in lines.lines().enumerate() {
        let head = if index == 0 { name } else { "" };
        text.push_str(&format!("{}{line}\n", paint.faint(&format!("{head:<NAMES$}"))));
    }
    text
}

fn summary(plan: &Plan, paint: Paint) -> String {
    let settings = &plan.design.settings;
    let zones = settings.zones;
    let vcpu =
        if plan.vcpu > 0.0 { format!(", {} vCPU", grouped(plan.vcpu)) } else { String::new() };
    let (rebuild, after) = (plan.recovery.rebuild, redundant(plan.recovery));
    let cpu = plan.cpu;
    let mut text = String::new();
    let mut add = |name: &str, value: String| text.push_str(&fact(name, &value, paint));

    add("Cost", cost(plan));
    if plan.months.len() > 1 {
        let month = plan.month.index + 1;
        add("Shown", format!("month {month}, the busiest; the bill is of all months"));
    }
    let in_zones = if zones == 1 { "1 zone".to_owned() } else { format!("{zones} zones") };
    add("Fleet", format!("{} in {in_zones}{vcpu}", fleet(plan)));
    add("What binds", binding(plan));
    if plan.design.settings.cpu_rule != CpuRule::Off {
        add(
            "CPU demand",
            format!(
                "{} vCPU (Google's rule, mean), {} (Google's, peak), {} (Netflix's): known to ± 50 %",
                amount(cpu.google_mean),
                amount(cpu.google_peak),
                amount(cpu.netflix)
            ),
        );
    }
    add(
        "Produce",
        match plan.latency {
            Some(latency) => format!(
                "{} median, {} 99th percentile, at moderate load",
                time(latency.p50),
                time(latency.p99)
            ),
            None => "not published".to_owned(),
        },
    );
    add(
        "A broker lost",
        match plan.recovery.course {
            Course::Rebuild => format!("{after} until every replica is back: {rebuild} to copy"),
            Course::TakeOver if plan.recovery.rebuild == Bytes::ZERO => {
                format!("{after} until others have taken over: it held nothing of its own")
            }
            Course::TakeOver => {
                format!("{after} until others have taken over and read {rebuild} not uploaded")
            }
            Course::NotPublished => {
                "the service repairs its storage; how long it takes is not published".to_owned()
            }
            Course::DataLost => "one copy: its records are lost".to_owned(),
            Course::NoSpareThroughput => {
                format!("never whole again: live traffic leaves nothing to copy {rebuild} with")
            }
            Course::NoOtherBroker => "there is no other to take over".to_owned(),
        },
    );
    if let Some(reach) = plan.page_cache {
        let behind = "readers further behind read from disk or the tier";
        add("Page cache", format!("reaches back {} at the mean; {behind}", time(reach)));
    }
    add("Partitions", partitions(plan));
    if let Some(rows) = plan.coordinator {
        add(
            "Coordinator",
            format!(
                "{} rows a second, {} kept as long as nothing merges them",
                grouped(rows.written.per_sec()),
                grouped(rows.rows_kept)
            ),
        );
    }
    if let Some(units) = plan.capacity_units {
        add(
            "Capacity units",
            format!(
                "{} for what clients write, read and keep partitions of, without copies and headroom: a check, not a price",
                grouped(units)
            ),
        );
    }
    text
}

fn cost(plan: &Plan) -> String {
    let (list, contracted) = (plan.a_month(plan.bill.list_cost()), plan.monthly_cost());
    let mark = plan.bill.bound();
    let mut text = format!("{mark}{contracted} a month");
    if plan.months.len() > 1 {
        let months = || plan.months.iter().map(|billed| billed.bill.contracted_cost());
        let (least, most) =
            (months().min().unwrap_or_default(), months().max().unwrap_or_default());
        let total = plan.bill.contracted_cost();
        let months = plan.months.len();
        text = format!("{text} on average, {least} to {most}; {mark}{total} in {months} months");
    }
    if list != contracted {
        text.push_str(&format!("; list price {list} a month, {} off", list - contracted));
    }
    text
}

fn binding(plan: &Plan) -> String {
    let fleet = &plan.fleet;
    match plan.binding() {
        Some(asked) => format!(
            "{}: {} of what may be planned for",
            asked.resource.name(),
            percent(fleet.utilization(asked))
        ),
        None => fleet.bottleneck.name().to_owned(),
    }
}

fn partitions(plan: &Plan) -> String {
    let load = &plan.load;
    let hottest = load.streams.iter().max_by(|one, other| {
        let peak =
            |stream: &model::load::StreamLoad| stream.hottest_partition_peak().as_mib_per_sec();
        peak(one).total_cmp(&peak(other))
    });
    let total = separated(&load.partitions.to_string());
    match hottest {
        Some(stream) => format!(
            "{total}; the hottest, of `{}`, peaks at {}",
            fit(&stream.name, 40),
            stream.hottest_partition_peak()
        ),
        None => total,
    }
}

/// Demand against what the fleet may be planned for, the fullest first.
fn capacity(plan: &Plan, paint: Paint) -> String {
    let fleet = &plan.fleet;
    let mut table = Table::new()
        .words("Capacity at peak")
        .numbers("demand")
        .numbers("a broker")
        .numbers("the fleet")
        .words("unit")
        .numbers("used")
        .numbers("headroom")
        .numbers("asks for");
    let mut asked: Vec<&Requirement> = fleet.requirements.iter().collect();
    asked.sort_by(|one, other| fleet.utilization(other).total_cmp(&fleet.utilization(one)));
    for asked in asked {
        let used = fleet.utilization(asked);
        let all = asked.per_broker * f64::from(fleet.brokers);
        let tone = if asked.resource == fleet.bottleneck { Tone::Strong } else { Tone::Plain };
        table.row(vec![
            Cell::toned(asked.resource.name(), tone),
            amount(asked.demand).into(),
            amount(asked.per_broker).into(),
            amount(all).into(),
            asked.resource.unit().into(),
            Cell::toned(percent(used), tone),
            percent(1.0 - used).replace('-', "−").into(),
            format!("{} brokers", grouped(asked.brokers())).into(),
        ]);
    }
    table.render(WIDTH, paint)
}

fn bill(bill: &Bill, paint: Paint) -> String {
    let lines = &bill.lines;
    let costs: Vec<Usd> = lines.iter().map(|line| line.contracted_cost).collect();
    let shown = largest_remainder(&costs, 2);
    let mut table = Table::new()
        .words("Bill")
        .words("price")
        .gives_way()
        .numbers("quantity")
        .words("unit")
        .numbers("unit price")
        .numbers("cost")
        .words("dated");
    for component in Component::ALL {
        let own = lines.iter().zip(&shown).filter(|(line, _)| line.component == *component);
        let own: Vec<_> = own.collect();
        let gap = bill.gaps.iter().find(|gap| gap.component == *component);
        if let Some(absent) = bill.absent.iter().find(|one| one.component == *component) {
            let words = format!("{}: {}", component.name(), absent.why());
            let mut row = vec![Cell::spanning(fit(&words, WIDTH / 2), Tone::Faint)];
            row.resize(5, Cell::default());
            row.push(Cell::toned(Usd::ZERO.to_string(), Tone::Faint));
            table.row(row);
            continue;
        }
        if own.is_empty() && gap.is_none() {
            continue;
        }
        let sum: Usd = own.iter().map(|(_, shown)| **shown).sum();
        let sum = match gap {
            Some(_) if sum == Usd::ZERO => "?".to_owned(),
            Some(_) => format!("{AT_LEAST}{sum}"),
            None => sum.to_string(),
        };
        let mut heading = vec![Cell::spanning(component.name(), Tone::Strong)];
        heading.resize(5, Cell::default());
        heading.push(Cell::toned(sum, Tone::Strong));
        table.row(heading);
        for (line, shown) in own {
            let tone = if line.quantity.is_zero() { Tone::Faint } else { Tone::Plain };
            table.row(vec![
                Cell::toned(format!("  {}", line.cause.name()), tone),
                Cell::toned(&line.sku, tone),
                Cell::toned(quantity(line.quantity), tone),
                Cell::toned(line.unit.name(), tone),
                Cell::toned(unit_price(line.contracted_unit_price), tone),
                Cell::toned(shown.to_string(), tone),
                Cell::toned(&line.price_as_of, Tone::Faint),
            ]);
        }
    }
    table.rule();
    let total = bill.contracted_cost().to_string();
    let total = format!("{}{total}", bill.bound());
    let mut last = vec![Cell::toned("total", Tone::Strong)];
    last.resize(5, Cell::default());
    last.push(Cell::toned(total, Tone::Strong));
    table.row(last);
    table.render(WIDTH, paint) + &gaps(bill)
}

fn gaps(bill: &Bill) -> String {
    let notes = bill.gaps.iter().map(|gap| {
        let note = format!("? {}: {}; {}.", gap.component.name(), gap.what, gap.hint);
        wrap(&note, WIDTH, "")
    });
    notes.collect()
}

fn edge(edge: Edge) -> &'static str {
    match edge {
        Edge::ClientToBroker => "clients → brokers",
        Edge::BrokerToClient => "brokers → clients",
        Edge::BrokerToBroker => "brokers → brokers",
        Edge::BrokerToDisk => "brokers → disks",
        Edge::DiskToBroker => "disks → brokers",
        Edge::BrokerToObjectStore => "brokers → object store",
        Edge::ObjectStoreToBroker => "object store → brokers",
    }
}

fn flows(plan: &Plan, paint: Paint) -> String {
    let mut table = Table::new()
        .words("What moves")
        .words("for")
        .numbers("mean MiB/s")
        .numbers("peak MiB/s")
        .numbers("crosses a zone");
    for flow in &plan.flows.flows {
        if flow.peak.as_mib_per_sec() == 0.0 && flow.mean.as_mib_per_sec() == 0.0 {
            continue;
        }
        let crossing = if flow.crossing > 0.0 { percent(flow.crossing) } else { String::new() };
        table.row(vec![
            edge(flow.edge).into(),
            flow.cause.name().into(),
            amount(flow.mean.as_mib_per_sec()).into(),
            amount(flow.peak.as_mib_per_sec()).into(),
            crossing.into(),
        ]);
    }
    table.render(WIDTH, paint)
}

fn storage(plan: &Plan, paint: Paint) -> String {
    let storage = &plan.storage;
    let mut table = Table::new().words("What is kept").numbers("GiB");
    let rows = [
        ("one copy of everything retained", storage.logical),
        ("all copies on brokers' disks", storage.on_brokers),
        ("broker disk provisioned", storage.provisioned),
        ("object storage or remote tier", storage.remote),
    ];
    for (name, bytes) in rows {
        if bytes.as_gib() > 0.0 {
            table.row(vec![name.into(), amount(bytes.as_gib()).into()]);
        }
    }
    table.render(WIDTH, paint)
}

fn requests(plan: &Plan, month: Month, paint: Paint) -> String {
    let mut table =
        Table::new().words("Object requests").words("class").numbers("a second").numbers("a month");
    for request in &plan.requests {
        if request.per_sec.per_sec() <= 0.0 {
            continue;
        }
        let class = match request.class {
            RequestClass::Put => "writes and lists",
            RequestClass::Get => "reads",
            RequestClass::ZonalPut => "writes, one zone",
            RequestClass::ZonalGet => "reads, one zone",
        };
        table.row(vec![
            request.cause.name().into(),
            class.into(),
            amount(request.per_sec.per_sec()).into(),
            amount(request.per_sec.count_in(month.length)).into(),
        ]);
    }
    if table.is_empty() { String::new() } else { table.render(WIDTH, paint) }
}

/// Machines beside the chosen one that are shown without being asked for.
const RUNNERS_UP: usize = 5;

fn machines(plan: &Plan, extent: Extent, paint: Paint) -> String {
    let considered = plan.candidates.len();
    let fitting: Vec<(&str, u32, f64)> = plan
        .candidates
        .iter()
        .filter_map(|one| {
            let (brokers, monthly) = one.outcome.as_ref().ok()?;
            Some((one.machine.as_str(), *brokers, *monthly))
        })
        .collect();
    let least = fitting.iter().find(|(machine, ..)| *machine == plan.machine);
    let least = least.or(fitting.first()).map_or(0.0, |(_, _, monthly)| *monthly);
    let shown = if extent.all_machines { fitting.len() } else { RUNNERS_UP + 1 };

    let mut table = Table::new()
        .words("Machines considered")
        .numbers("brokers")
        .numbers("dollars a month")
        .numbers("more");
    for (machine, brokers, monthly) in fitting.iter().take(shown) {
        let chosen = *machine == plan.machine;
        let (name, tone) = match chosen {
            true => (format!("{machine} (chosen)"), Tone::Good),
            false => ((*machine).to_owned(), Tone::Plain),
        };
        let more =
            if chosen { String::new() } else { against(approximate(*monthly), approximate(least)) };
        table.row(vec![
            Cell::toned(name, tone),
            separated(&brokers.to_string()).into(),
            separated(&format!("{monthly:.0}")).into(),
            more.into(),
        ]);
    }
    let mut text = table.render(WIDTH, paint);
    let more = fitting.len().saturating_sub(shown);
    let rejected = considered - fitting.len();
    text.push_str(&wrap(
        &format!(
            "{} considered: {} fit{}, {} cannot be used{}",
            separated(&considered.to_string()),
            separated(&fitting.len().to_string()),
            if more > 0 { format!(" ({more} dearer ones not shown)") } else { String::new() },
            separated(&rejected.to_string()),
            if rejected > 0 { ":" } else { "." }
        ),
        WIDTH,
        "",
    ));
    text + &if extent.all_machines { unfit_each(plan) } else { unfit_by_reason(&plan.candidates) }
}

fn approximate(monthly: f64) -> Usd {
    format!("{monthly:.2}").parse().unwrap_or_default()
}

fn unfit_each(plan: &Plan) -> String {
    let unfit = plan.candidates.iter().filter_map(|one| Some((one, one.outcome.as_ref().err()?)));
    unfit.map(|(one, unfit)| wrap(&format!("{}: {unfit}", one.machine), WIDTH, "  ")).collect()
}

/// How many machines each reason rules out, the most frequent first.
fn unfit_by_reason(candidates: &[Candidate]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for unfit in candidates.iter().filter_map(|one| one.outcome.as_ref().err()) {
        *counts.entry(reason(unfit)).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let lines = counts.iter().map(|(reason, count)| format!("{count:>5}  {reason}\n"));
    lines.collect()
}

/// A reason without the numbers of one machine.
fn reason(unfit: &Unfit) -> String {
    match unfit {
        Unfit::NoLocalDisk => "no local solid-state disk".to_owned(),
        Unfit::NotStated(resource) => format!("the vendor states no {} limit", resource.name()),
        Unfit::FewCpus { min, .. } => format!("fewer than {min} vCPU"),
        Unfit::LittleMemory { min, .. } => format!("less than {min} of memory"),
        Unfit::TooMany { resource, max, .. } => {
            format!(
                "{} would take more than {} brokers",
                resource.name(),
                separated(&max.to_string())
            )
        }
    }
}

/// Settings that are not the defaults.
fn changed(plan: &Plan, paint: Paint) -> String {
    let mut table = Table::new()
        .words("Settings beside the defaults")
        .words("value")
        .words("set by")
        .words("because")
        .gives_way();
    for one in settings(&plan.design).into_iter().chain(line_settings(&plan.design)) {
        if one.origin == Origin::Default {
            continue;
        }
        let confidence = one.confidence.map(|confidence| format!(" ({})", confidence.name()));
        table.row(vec![
            one.parameter.key.into(),
            fit(&one.value, 24).into(),
            one.origin.name().into(),
            format!("{}{}", one.source, confidence.unwrap_or_default()).into(),
        ]);
    }
    if table.is_empty() { String::new() } else { table.render(WIDTH, paint) }
}

fn warnings(plan: &Plan, paint: Paint) -> String {
    let warning = |warning: &String| {
        paint.paint(Tone::Warning, "!") + &wrap(&format!("{warning}."), WIDTH - 2, " ")
    };
    plan.warnings.iter().map(warning).collect()
}
