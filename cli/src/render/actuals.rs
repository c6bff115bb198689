//! A plan beside a bill: components, months, and all that the comparison leaves out.

use model::actuals::beside::{Line, Month, Pair, Report};
use model::actuals::tally::Sum;
use model::money::{Usd, largest_remainder};
use model::units::separated;
use rust_decimal::Decimal;

use super::WIDTH;
use super::figures::{AT_LEAST, against, signed};
use super::paint::{Paint, Tone};
use super::table::{Cell, Table};
use super::text::{counted, fit, wrap};

/// What is shown besides the report.
pub(crate) struct Shown<'a> {
    /// The scenario's title.
    pub(crate) title: &'a str,
    /// What the bill was read from.
    pub(crate) bills: &'a [String],
    /// Whether the scenario has rules.
    pub(crate) rules: bool,
}

/// Services that are listed where no rule takes them.
const UNKNOWN: usize = 8;

/// All of it.
pub(crate) fn report(shown: &Shown, found: &Report, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.strong(&fit(shown.title, WIDTH)));
    let head = format!("{} beside {}", found.platform, shown.bills.join(", "));
    text.push_str(&format!("{}\n", fit(&head, WIDTH)));
    let rate = match found.rate == Decimal::ONE {
        true => String::new(),
        false => {
            format!(", a dollar of the plan at {} {}", found.rate.normalize(), found.currency.code)
        }
    };
    let what =
        format!("{} cost in {}{rate}, {}", found.cost.name(), found.currency.code, months(found));
    text.push_str(&wrap(&what, WIDTH, ""));
    text.push('\n');
    text.push_str(&lines(found, paint));
    if found.months.len() > 1 {
        text.push('\n');
        text.push_str(&by_month(found, paint));
    }
    text.push_str(&notes(found));
    text.push_str(&unknown(shown, found, paint));
    text.push_str(&charges(found, paint));
    text + &whole(found)
}

fn months(found: &Report) -> String {
    let name = |month: &Month| format!("{} {}", month.first.month_name(), month.first.year());
    match &found.months[..] {
        [] => String::new(),
        [only] => name(only),
        [first, .., last] => {
            format!("{} months: {} to {}", found.months.len(), name(first), name(last))
        }
    }
}

/// An amount in minor units.
fn amount(value: Decimal, found: &Report) -> String {
    let places = found.currency.decimals as usize;
    separated(&format!("{:.places$}", Usd::new(value).dollars()))
}

/// Plans and actual amounts, rounded so that what is shown adds up.
fn rounded(pairs: &[Pair], found: &Report) -> Vec<Pair> {
    let places = found.currency.decimals;
    let column = |side: fn(&Pair) -> Decimal| {
        let exact: Vec<Usd> = pairs.iter().map(|pair| Usd::new(side(pair))).collect();
        largest_remainder(&exact, places)
    };
    let (plans, actuals) = (column(|pair| pair.plan), column(|pair| pair.actual));
    let pair = |(plan, actual): (Usd, Usd)| Pair { plan: plan.dollars(), actual: actual.dollars() };
    plans.into_iter().zip(actuals).map(pair).collect()
}

fn cells(name: &str, pair: Pair, found: &Report) -> Vec<Cell> {
    let variance = pair.variance();
    let text = signed(&amount(variance, found));
    let tone = match text.chars().next() {
        Some('+') => Tone::Bad,
        Some('−') => Tone::Good,
        _ => Tone::Faint,
    };
    let share = against(Usd::new(pair.actual), Usd::new(pair.plan));
    let share = if variance.is_zero() { String::new() } else { share };
    vec![
        name.into(),
        amount(pair.plan, found).into(),
        amount(pair.actual, found).into(),
        Cell::toned(text, tone),
        share.into(),
    ]
}

fn table(first: &str) -> Table {
    Table::new().words(first).numbers("plan").numbers("actual").numbers("variance").numbers("")
}

fn lines(found: &Report, paint: Paint) -> String {
    let mut table = table("");
    let exact: Vec<Pair> = found.lines.iter().map(Line::total).collect();
    let shown = rounded(&exact, found);
    let mut all = Pair::default();
    for (line, pair) in found.lines.iter().zip(&shown) {
        table.row(cells(line.name(), *pair, found));
        all = Pair { plan: all.plan + pair.plan, actual: all.actual + pair.actual };
    }
    table.rule();
    table.row(cells("all", all, found));
    table.render(WIDTH, paint)
}

fn by_month(found: &Report, paint: Paint) -> String {
    let mut table = table("Month").words("");
    let exact: Vec<Pair> = (0..found.months.len()).map(|place| found.month(place)).collect();
    for (month, pair) in found.months.iter().zip(rounded(&exact, found)) {
        let name = format!("{} {}", month.first.month_name(), month.first.year());
        let mut row = cells(&name, pair, found);
        row.push(if month.is_partial() { "partial".into() } else { "".into() });
        table.row(row);
    }
    table.render(WIDTH, paint)
}

fn sum(sum: Sum, found: &Report) -> String {
    let rows = counted(usize::try_from(sum.rows).unwrap_or(usize::MAX), "row");
    format!("{} in {rows}", amount(sum.cost, found))
}

/// What a careful reader should know.
fn notes(found: &Report) -> String {
    let mut notes: Vec<String> = Vec::new();
    for month in found.months.iter().filter(|month| month.is_partial()) {
        let name = format!("{} {}", month.first.month_name(), month.first.year());
        let (covered, days) = month.days();
        notes.push(match month.covered {
            Some(_) => format!(
                "{name}: what is compared of the bill covers {} of {days} days; the plan is of the whole month.",
                (covered * 10.0).round() / 10.0,
            ),
            None => format!("{name}: no row of the bill is compared; the plan is of the whole month."),
        });
    }
    if !found.not_billed.is_empty() {
        let places: Vec<String> =
            found.not_billed.iter().map(|index| (index + 1).to_string()).collect();
        let name = if places.len() == 1 { "month" } else { "months" };
        notes.push(format!(
            "The bill has nothing of {name} {} of the plan.",
            ranges(&found.not_billed)
        ));
    }
    let names = |lines: Vec<&Line>, side: fn(Pair) -> Decimal| {
        let told = lines
            .iter()
            .map(|line| format!("{} {}", line.name(), amount(side(line.total()), found)));
        told.collect::<Vec<_>>().join(", ")
    };
    let unplanned = names(found.unplanned().collect(), |pair| pair.actual);
    if !unplanned.is_empty() {
        notes.push(format!("Billed and not planned: {unplanned}."));
    }
    let unbilled = names(found.unbilled().collect(), |pair| pair.plan);
    if !unbilled.is_empty() {
        notes.push(format!("Planned and not billed: {unbilled}."));
    }
    if !found.labour.is_zero() {
        notes.push(format!(
            "Labour, planned at {}, is left out: nobody invoices it.",
            amount(found.labour, found)
        ));
    }
    notes.extend(found.gaps.iter().map(|gap| {
        format!("{AT_LEAST} {}: {}; it is in no plan above.", gap.component.name(), gap.what)
    }));
    let mut text = String::new();
    for (index, note) in notes.iter().enumerate() {
        if index == 0 {
            text.push('\n');
        }
        text.push_str(&wrap(note, WIDTH, ""));
    }
    text
}

/// Places in the horizon, counted from 1: `1, 3 to 5`.
fn ranges(places: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for place in places {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *place => *last = *place,
            _ => parts.push((*place, *place)),
        }
    }
    let part = |(first, last): &(u32, u32)| match first == last {
        true => (first + 1).to_string(),
        false => format!("{} to {}", first + 1, last + 1),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// What no rule takes, the largest first.
fn unknown(shown: &Shown, found: &Report, paint: Paint) -> String {
    if found.unknown.is_empty() {
        return String::new();
    }
    let mut table = Table::new()
        .words("Not mapped")
        .words("category")
        .words("charge")
        .numbers("rows")
        .numbers("cost");
    for (what, sum) in found.unknown.iter().take(UNKNOWN) {
        let service = if what.service.is_empty() { "no service" } else { &what.service };
        table.row(vec![
            service.into(),
            what.category.as_str().into(),
            what.charge.name().into(),
            separated(&sum.rows.to_string()).into(),
            amount(sum.cost, found).into(),
        ]);
    }
    let mut text = format!("\n{}", table.render(WIDTH, paint));
    let mut rest = Sum::default();
    found.unknown.iter().skip(UNKNOWN).for_each(|(_, sum)| rest.extend(*sum));
    if rest.rows > 0 {
        let count = found.unknown.len() - UNKNOWN;
        let note = format!("… and {} more: {}.", count, self::sum(rest, found));
        text.push_str(&wrap(&note, WIDTH, ""));
    }
    if !shown.rules {
        let hint = "The scenario has no `[[actuals.map]]`: add one for each component, with `service`, `sku`, `category`, \
                    `tag`, `account` or `region`; `component = \"ignore\"` leaves rows out.";
        text.push_str(&wrap(hint, WIDTH, ""));
    }
    text
}

/// Kinds of charges, where there is more than usage.
fn charges(found: &Report, paint: Paint) -> String {
    if found.treated.len() < 2 {
        return String::new();
    }
    let mut table =
        Table::new().words("Charges").numbers("rows").numbers("cost").words("counted").gives_way();
    for (kind, sum) in &found.treated {
        table.row(vec![
            kind.name().into(),
            separated(&sum.rows.to_string()).into(),
            amount(sum.cost, found).into(),
            kind.how().into(),
        ]);
    }
    format!("\n{}", table.render(WIDTH, paint))
}

/// Where all of the bill is.
fn whole(found: &Report) -> String {
    let of = |side: fn(&Month) -> Sum| {
        let mut all = Sum::default();
        found.months.iter().for_each(|month| all.extend(side(month)));
        all
    };
    let parts = [
        ("tax", of(|month| month.tax)),
        ("not mapped", of(|month| month.not_mapped)),
        ("left out by rules", of(|month| month.ignored)),
        ("in other months", found.outside),
    ];
    let told = parts.iter().filter(|(_, part)| part.rows > 0);
    let told: Vec<String> =
        told.map(|(name, part)| format!("{name} {}", sum(*part, found))).collect();
    let compared = amount(found.total().actual, found);
    let rest = if told.is_empty() { String::new() } else { format!("; {}", told.join("; ")) };
    let text = format!("The bill is {}: compared {compared}{rest}.", sum(found.bill, found));
    format!("\n{}", wrap(&text, WIDTH, ""))
}
