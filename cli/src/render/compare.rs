//! Every platform side by side: what it takes, what it costs, what the cost grows with, and the verdict.

use std::collections::BTreeMap;

use model::bill::{Component, Driver};
use model::events::EventKind;
use model::export::about::{later, period, regions, workload};
use model::load::{self};
use model::money::Usd;
use model::{Comparison, Plan, Rejection, Scenario, View, parts};

use super::WIDTH;
use super::figures::{
    AT_LEAST, Scale, adding_up, against, bottleneck, components, drivers, fleet, part_totals,
    price_dates, produce_p50, redundant, to_target, whole,
};
use super::paint::{Paint, Tone};
use super::published;
use super::table::{Cell, Table};
use super::text::{fit, wrap};

/// A whole comparison.
pub(crate) fn comparison(comparison: &Comparison, scenario: &Scenario, paint: Paint) -> String {
    let mut text = head(comparison, scenario, paint);
    text.push('\n');
    text.push_str(&overview(comparison, scenario, paint));
    if comparison.plans().next().is_some() {
        text.push('\n');
        let plans: Vec<&Plan> = comparison.plans().collect();
        text.push_str(&by_component(&plans, paint));
        text.push('\n');
        text.push_str(&by_driver(&plans, paint));
    }
    text.push_str(&rejections(comparison, paint));
    text.push_str(&notes(comparison, paint));
    text.push('\n');
    text.push_str(&verdict(comparison, paint));
    text.push_str(&published::section(comparison, scenario, paint));
    text.push('\n');
    text.push_str(&foot(scenario, comparison.view, paint));
    text
}

/// Title, place, time, prices, workload.
pub(crate) fn head(comparison: &Comparison, scenario: &Scenario, paint: Paint) -> String {
    let dates = price_dates(comparison.plans()).map(|dates| format!(" · prices of {dates}"));
    let place = format!(
        "{} {} · {}{}",
        comparison.provider,
        comparison.region,
        period(comparison, scenario),
        dates.unwrap_or_default()
    );
    let mut text = format!("{}\n", paint.strong(&fit(&comparison.title, WIDTH)));
    text.push_str(&wrap(&place, WIDTH, ""));
    if let Some(design) = scenario.platforms.first() {
        // Rates do not depend on the platform.
        let load = load::load(&parts::asked(scenario), design, comparison.month, 1);
        for line in workload(scenario, &load) {
            text.push_str(&wrap(&line, WIDTH, ""));
        }
        for line in regions(scenario) {
            text.push_str(&wrap(&line, WIDTH, ""));
        }
        let later = later(comparison, scenario, &load);
        if !later.is_empty() {
            text.push_str(&wrap(&later, WIDTH, ""));
        }
    }
    text
}

fn overview(comparison: &Comparison, scenario: &Scenario, paint: Paint) -> String {
    let plans: Vec<&Plan> = comparison.plans().collect();
    let scale = scale(&plans);
    let mut table = overview_table(scale, true);
    let least = cheapest(comparison);
    let most = widest_fleet(&plans);
    for (design, outcome) in scenario.platforms.iter().zip(&comparison.outcomes) {
        let Ok(plan) = outcome else {
            table.row(vec![
                Cell::toned(&design.name, Tone::Faint),
                "–".into(),
                Cell::default(),
                Cell::toned("none", Tone::Faint),
                Cell::toned("see below", Tone::Faint),
            ]);
            continue;
        };
        let is_least = least.is_some_and(|least| least.design.name == plan.design.name);
        let tone = if is_least { Tone::Good } else { Tone::Plain };
        let share = match least {
            Some(_) if is_least => "least".to_owned(),
            // What is not ranked is not set against what is.
            _ if plan.fleet.short => "too few".to_owned(),
            Some(least) if plan.is_complete() => against(plan.monthly_cost(), least.monthly_cost()),
            _ => String::new(),
        };
        let name = Cell::toned(&plan.design.name, tone);
        let (total, share) = (Cell::toned(total(plan, scale), tone), Cell::toned(share, tone));
        table.row(overview_row(plan, vec![name, total, share], most));
        overview_parts(&mut table, plan, scale, most, 3);
    }
    table.render(WIDTH, paint)
}

fn overview_table(scale: Scale, against: bool) -> Table {
    let dollars = format!("{}\na month", capitalized(scale.name()));
    let table = Table::new().words("Platform").numbers(&dollars);
    let table = if against { table.numbers("vs\nleast") } else { table };
    let table = table.words("fleet").gives_way().words("what binds");
    table.numbers("produce\np50").numbers("redundant\nafter").goes()
}

/// Digits of the largest fleet.
fn widest_fleet(plans: &[&Plan]) -> usize {
    let all = plans.iter().flat_map(|plan| plan.each().chain([*plan]));
    all.map(|plan| fleet(plan).find(' ').unwrap_or(0)).max().unwrap_or(0)
}

fn overview_row(plan: &Plan, mut cells: Vec<Cell>, most: usize) -> Vec<Cell> {
    // Numbers of brokers line up.
    let fleet = fleet(plan);
    let before = most - fleet.find(' ').unwrap_or(0);
    cells.extend([
        format!("{:before$}{fleet}", "").into(),
        bottleneck(plan).into(),
        produce_p50(plan).into(),
        redundant(plan.recovery).into(),
    ]);
    cells
}

/// Rows of parts; `before` is how many cells stand before the fleet.
fn overview_parts(table: &mut Table, plan: &Plan, scale: Scale, most: usize, before: usize) {
    for (part, total) in plan.parts.iter().zip(part_totals(plan, scale)) {
        let mut first: Vec<Cell> = vec![part_name(part).into(), mark(part, &whole(total)).into()];
        first.resize(before, Cell::default());
        table.row(overview_row(part, first, most));
    }
}

/// A part below its platform.
pub(crate) fn part_name(part: &Plan) -> String {
    format!("  {}", part.part.name())
}

/// One platform's parts side by side, and what they add up to.
pub(crate) fn in_parts(plan: &Plan, paint: Paint) -> String {
    let scale = scale(&[plan]);
    let most = widest_fleet(&[plan]);
    let mut table = overview_table(scale, false);
    let first = vec![plan.design.name.as_str().into(), total(plan, scale).into()];
    table.row(overview_row(plan, first, most));
    overview_parts(&mut table, plan, scale, most, 2);
    format!("{}\n{}", table.render(WIDTH, paint), by_component(&[plan], paint))
}

/// The plan that the verdict calls cheapest.
fn cheapest(comparison: &Comparison) -> Option<&Plan> {
    let name = comparison.verdict.cheapest()?;
    comparison.plans().find(|plan| plan.design.name == name)
}

/// What amounts count, so that the largest total fits.
fn scale(plans: &[&Plan]) -> Scale {
    Scale::of(plans.iter().map(|plan| plan.monthly_cost()).max().unwrap_or_default())
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn total(plan: &Plan, scale: Scale) -> String {
    let shown = adding_up(&[plan.monthly_cost()], scale).swap_remove(0);
    mark(plan, &shown)
}

/// An amount that is marked where the bill has gaps or ranges.
fn mark(plan: &Plan, amount: &str) -> String {
    format!("{}{amount}", plan.bill.bound())
}

/// A head in two lines where one would widen its column.
pub(crate) fn narrow(head: &str) -> String {
    match head {
        "controllers" => "con-\ntrollers".to_owned(),
        head => head.replace(' ', "\n"),
    }
}

fn by_component(plans: &[&Plan], paint: Paint) -> String {
    let used = components(plans.iter().copied());
    let names = plans.iter().flat_map(|plan| {
        let parts = plan.parts.iter().map(part_name);
        parts.chain([plan.design.name.clone()]).map(|name| name.chars().count())
    });
    let columns = few_enough(&used, names.max().unwrap_or(0), |component| {
        plans.iter().map(|plan| plan.of_component(component)).max()
    });
    let others = || used.iter().copied().filter(|component| !columns.contains(&Some(*component)));
    let gap = |plan: &Plan, column: Option<Component>| {
        let missing = |component| plan.bill.lacks(component);
        column.map_or_else(|| others().any(missing), missing)
    };
    let name = |column: Option<Component>| column.map_or("other", Component::name);
    let cost = |plan: &Plan, column: Option<Component>| match column {
        Some(component) => plan.of_component(component),
        None => others().map(|component| plan.of_component(component)).sum(),
    };
    let split = Split { heading: "by component", names: &name, gap: &gap };
    split.render(plans, &columns, &cost, paint)
}

/// As many components as a table has room for beside the platforms' names, the largest ones; everything else stands together
/// in a column of its own at the end, `None`.
pub(crate) fn few_enough<T: Ord>(
    used: &[Component],
    longest_name: usize,
    most: impl Fn(Component) -> Option<T>,
) -> Vec<Option<Component>> {
    // A column of dollars with the gap before it; the total and the platform's name stand in every table.
    const COLUMN: usize = 9;
    const TOTAL: usize = 8;
    let room = WIDTH.saturating_sub(longest_name + TOTAL) / COLUMN;
    let most_columns = room.clamp(4, 8);
    if used.len() <= most_columns {
        return used.iter().copied().map(Some).collect();
    }
    let mut largest = used.to_vec();
    largest.sort_by_key(|component| std::cmp::Reverse(most(*component)));
    largest.truncate(most_columns - 1);
    let few = used.iter().copied().filter(|component| largest.contains(component));
    few.map(Some).chain([None]).collect()
}

fn by_driver(plans: &[&Plan], paint: Paint) -> String {
    let columns = drivers(plans.iter().copied());
    let split =
        Split { heading: "by what it grows with", names: &Driver::name, gap: &|_, _| false };
    split.render(plans, &columns, &Plan::of_driver, paint)
}

/// Costs of all platforms, split into columns that add up.
struct Split<'a, K> {
    heading: &'a str,
    names: &'a dyn Fn(K) -> &'static str,
    /// Whether a price is missing there.
    gap: &'a dyn Fn(&Plan, K) -> bool,
}

impl<K: Copy> Split<'_, K> {
    fn render(
        &self,
        plans: &[&Plan],
        columns: &[K],
        cost: &dyn Fn(&Plan, K) -> Usd,
        paint: Paint,
    ) -> String {
        let scale = scale(plans);
        let first = format!("{}\n{}", capitalized(scale.name()), self.heading);
        let mut table = Table::new().words(&first);
        for column in columns {
            table = table.numbers(&narrow((self.names)(*column)));
        }
        table = table.numbers("total");
        let named = plans.iter().flat_map(|plan| {
            let parts = plan.parts.iter().zip(part_totals(plan, scale));
            let parts = parts.map(|(part, total)| (part_name(part), part, Some(total)));
            std::iter::once((plan.design.name.clone(), *plan, None)).chain(parts)
        });
        for (name, plan, total) in named {
            let amounts: Vec<Usd> = columns.iter().map(|column| cost(plan, *column)).collect();
            let shown = match total {
                Some(total) => {
                    let scaled: Vec<Usd> =
                        amounts.iter().map(|amount| scale.of_dollars(*amount)).collect();
                    to_target(&scaled, total).into_iter().chain([total]).map(whole).collect()
                }
                None => adding_up(&amounts, scale),
            };
            let mut cells: Vec<Cell> = vec![name.into()];
            for ((column, amount), shown) in columns.iter().zip(&amounts).zip(&shown) {
                let nothing = *amount == Usd::ZERO;
                cells.push(match (self.gap)(plan, *column) {
                    true if nothing => "?".into(),
                    true => format!("{AT_LEAST}{shown}").into(),
                    // Less than half a dollar is a cost too.
                    false if nothing => Cell::toned("–", Tone::Faint),
                    false => shown.as_str().into(),
                });
            }
            let total = shown.last().map_or("", |total| total);
            cells.push(Cell::toned(mark(plan, total), Tone::Strong));
            table.row(cells);
        }
        table.render(WIDTH, paint)
    }
}

/// Platforms in turn below the head, one by its name or all: what there is to say of a plan, or why there is none.
pub(crate) fn in_turn(
    comparison: &Comparison,
    scenario: &Scenario,
    platform: Option<&str>,
    paint: Paint,
    mut said: impl FnMut(&Plan) -> String,
) -> String {
    let mut text = head(comparison, scenario, paint);
    for (design, outcome) in scenario.platforms.iter().zip(&comparison.outcomes) {
        if platform.is_some_and(|wanted| wanted != design.name) {
            continue;
        }
        text.push('\n');
        match outcome {
            Ok(plan) => text.push_str(&said(plan)),
            Err(rejection) => text.push_str(&self::rejection(rejection, paint)),
        }
    }
    text
}

/// Platforms without a plan, why, and the way out.
pub(crate) fn rejections(comparison: &Comparison, paint: Paint) -> String {
    let mut text = String::new();
    for rejection in comparison.outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        text.push('\n');
        text.push_str(&self::rejection(rejection, paint));
    }
    text
}

/// Why there is no plan.
pub(crate) fn rejection(rejection: &Rejection, paint: Paint) -> String {
    let name = fit(&rejection.design.name, WIDTH / 2);
    let mut text = format!("{}\n", paint.paint(Tone::Bad, &format!("{name} cannot be planned")));
    for reason in &rejection.reasons {
        text.push_str(&wrap(&format!("{reason}."), WIDTH, "  "));
        text.push_str(&wrap(&format!("Way out: {}.", reason.hint()), WIDTH, "  "));
    }
    text
}

/// What is missing from bills, and what a careful reader should know; the same note of several platforms once.
fn notes(comparison: &Comparison, paint: Paint) -> String {
    let mut gaps: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut warnings: Vec<(&str, Vec<&str>)> = Vec::new();
    let add = |list: &mut Vec<_>, note, name| {
        let list: &mut Vec<(&str, Vec<&str>)> = list;
        match list.iter_mut().find(|(known, _)| *known == note) {
            Some((_, names)) => names.push(name),
            None => list.push((note, vec![name])),
        }
    };
    let mut what: BTreeMap<&str, &str> = BTreeMap::new();
    for plan in comparison.plans() {
        let name = plan.design.name.as_str();
        for gap in &plan.bill.gaps {
            add(&mut gaps, gap.hint.as_str(), name);
            what.insert(&gap.hint, &gap.what);
        }
        for warning in &plan.warnings {
            add(&mut warnings, warning.as_str(), name);
        }
    }
    let absent = absent_on_some(comparison);
    let mut text = String::new();
    for (hint, names) in gaps {
        let what = what.get(hint).copied().unwrap_or_default();
        let note = format!("{AT_LEAST} {}: {what}; {hint}.", names.join(", "));
        text.push_str(&wrap(&note, WIDTH, ""));
    }
    for (note, names) in absent {
        text.push_str(&wrap(&format!("– {}: {note}.", names.join(", ")), WIDTH, ""));
    }
    for (warning, names) in warnings {
        text.push_str(&paint.paint(Tone::Warning, "!"));
        text.push_str(&wrap(&format!("{}: {warning}.", names.join(", ")), WIDTH - 2, " "));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// Lines that some platforms' bills have and others' do not, with why.
fn absent_on_some(comparison: &Comparison) -> Vec<(String, Vec<&str>)> {
    let all = comparison.plans().count();
    let mut list: Vec<(String, Vec<&str>)> = Vec::new();
    for component in Component::OPTIONAL {
        let without = comparison.plans().filter_map(|plan| {
            let absent = plan.bill.absent.iter().find(|one| one.component == *component)?;
            Some((absent.why(), plan.design.name.as_str()))
        });
        let without: Vec<(String, &str)> = without.collect();
        // What clients leave is a matter of the platform that they leave.
        if without.len() == all || *component == Component::Migration {
            continue;
        }
        for (why, name) in without {
            let note = format!("no {}, {why}", component.name());
            match list.iter_mut().find(|(known, _)| *known == note) {
                Some((_, names)) => names.push(name),
                None => list.push((note, vec![name])),
            }
        }
    }
    list
}

/// The verdict, the conclusion first.
pub(crate) fn verdict(comparison: &Comparison, paint: Paint) -> String {
    let mut text = String::new();
    for (index, sentence) in comparison.verdict.sentences.iter().enumerate() {
        let paragraph = wrap(sentence, WIDTH, "");
        if index == 0 {
            for line in paragraph.lines() {
                text.push_str(&paint.strong(line));
                text.push('\n');
            }
        } else {
            text.push_str(&paragraph);
        }
    }
    text
}

/// What the figures mean, and what they leave out.
pub(crate) fn foot(scenario: &Scenario, view: View, paint: Paint) -> String {
    let markets = scenario.markets();
    let mut choices = markets.iter().map(|(_, choice)| choice);
    let own = choices.any(|one| !one.discounts.is_empty() || !one.overrides.is_empty());
    let prices = if own {
        "Prices are in US dollars before tax: the catalogue's list prices, or the scenario's own, less its discounts."
    } else {
        "Prices are list prices in US dollars before tax and discounts."
    };
    let how = match view {
        View::Steady(_) => {
            "One steady month: fleets are sized at the peak, use is priced at the mean. Not in it: events, growth within the month"
        }
        View::Month(_) => {
            "One month of a run through the horizon, its events included: fleets are sized at the peak of each month, use is counted hour by hour."
        }
        View::Horizon => {
            "Amounts are those of a month on average: fleets are sized at the peak of each month and shown for the busiest, use is counted hour by hour, events included (`simulate` shows them, `--steady` leaves them out)."
        }
    };
    let text = format!(
        "{prices} {how}{} {}CPU demand is known to ± 50 %.",
        bought(scenario, view),
        unasked(scenario, view)
    );
    wrap(&text, WIDTH, "").lines().map(|line| paint.faint(line) + "\n").collect()
}

/// Whether commitments and credits are in the figures.
fn bought(scenario: &Scenario, view: View) -> String {
    let finance = &scenario.finance;
    let names: Vec<String> =
        finance.purchases.iter().map(|purchase| format!("`{}`", purchase.name)).collect();
    let credits = if finance.credits.is_empty() {
        ""
    } else {
        " Credits are not in it: `finance` has them, and exports of charges."
    };
    match (view, names.is_empty()) {
        (View::Steady(_), true) => format!(", commitments.{credits}"),
        (View::Steady(_), false) => {
            format!(", commitments ({}): every hour is on demand.{credits}", and(&names))
        }
        (_, true) => format!(" Not in it: commitments.{credits}"),
        (_, false) => format!(
            " Commitments ({}) are counted by the hours of their terms, used or not, whenever they are paid.{credits}",
            and(&names)
        ),
    }
}

/// `a`, `b` and `c`.
fn and(names: &[String]) -> String {
    match names {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        names => names.concat(),
    }
}

/// Lines that no platform's bill has, in one sentence.
fn unasked(scenario: &Scenario, view: View) -> String {
    let steady = matches!(view, View::Steady(_));
    let migrates = !steady && scenario.events.iter().any(|one| one.kind == EventKind::Migration);
    let asked = |component: Component| match component {
        Component::Migration => migrates,
        component => scenario.platforms.iter().any(|design| design.lines.asked(component)),
    };
    let names: Vec<&str> = Component::OPTIONAL
        .iter()
        .filter(|component| !asked(**component))
        .map(|component| component.name())
        .collect();
    match names[..] {
        [] => String::new(),
        [only] => format!("Not asked for, and so zero: {only} (see `highwater lines`). "),
        [ref most @ .., last] => format!(
            "Not asked for, and so zero: {} and {last} (see `highwater lines`). ",
            most.join(", ")
        ),
    }
}
