//! The sheet of what is committed to: its terms, what they come to, and the hours that brokers run beside them.

use rust_decimal::Decimal;

use super::assumptions::{self, CASE};
use super::book::{Book, CONTRACTED, Cost, EFFECTIVE, Line, dollars, number};
use super::cells::{Area, At, Content, Found, Kind, Sheet, Style};
use super::committed::{Group, Month};
use super::lines;
use super::names::{COMMITMENTS, PRICES};
use super::prices;
use crate::ledger::ChargeKind;

/// The row of the first term.
const FIRST: u32 = 5;
/// Rows from the last term to the first one of the next table: an empty one, its title, its head.
const BETWEEN: u32 = 3;

/// Columns of terms.
const GROUP: u16 = 4;
const FROM: u16 = 5;
const UNTIL: u16 = 6;
const UPFRONT: u16 = 7;
const HOURS: u16 = 8;
const HOURS_HERE: u16 = 9;
const ON_DEMAND_HOUR: u16 = 10;
const HOUR: u16 = 11;
const PAYS_FROM: u16 = 12;

/// Columns of what terms come to.
const PLANNED: u16 = 4;
const IN_FORCE: u16 = 5;
const USED: u16 = 6;
const EFFECTIVE_COST: u16 = 7;
const SAME_ON_DEMAND: u16 = 8;
const SAVED: u16 = 9;
const AHEAD: u16 = 10;
const LATER: u16 = 11;
const TERM_COST: u16 = 12;
/// The last column that is printed: what is right of it is the engine's, by growth.
const LAST: u16 = 12;
/// Brokers of a term in each case, from here on.
const BY_CASE: u16 = 14;

/// Columns of hours, of which the first is the month.
const OF_GROUP: u16 = 4;
const LENGTH: u16 = 5;
const RUN: u16 = 6;
const COMMITTED: u16 = 7;
const BEYOND: u16 = 8;
const ON_DEMAND: u16 = 9;
const COVERED: u16 = 10;
const AT_LIST: u16 = 11;
/// Sizes of the planned fleet, from here on, then hours of a week with each.
const SIZES: u16 = 14;

/// Columns of what support plans count, of which the first are those of hours.
const OTHERS: u16 = 7;
const COUNTED: u16 = 8;
const LEAST: u16 = 9;
/// What the engine says of each case, from here on: other lines, then the least.
const SUPPORT_BY_CASE: u16 = 14;

/// The row of what the first term comes to.
fn first_costs(book: &Book) -> u32 {
    FIRST + book.terms.len() as u32 + BETWEEN
}

/// The row of the first month of the first group: a note stands below its title.
fn first_hours(book: &Book) -> u32 {
    first_costs(book) + book.terms.len() as u32 + BETWEEN + 1
}

/// The row of a month of a group.
fn hours_row(book: &Book, group: usize, month: usize) -> u32 {
    first_hours(book) + (month * book.groups.len() + group) as u32
}

fn hours_at(book: &Book, group: usize, month: usize, column: u16) -> At {
    At::new(hours_row(book, group, month), column)
}

/// What is agreed on for a term.
fn term_at(term: usize, column: u16) -> At {
    At::new(FIRST + term as u32, column)
}

/// What a term comes to.
fn cost_at(book: &Book, term: usize, column: u16) -> At {
    At::new(first_costs(book) + term as u32, column)
}

/// Hours of a group on demand in a month.
pub(super) fn on_demand(book: &Book, group: usize, month: usize) -> String {
    hours_at(book, group, month, ON_DEMAND).on(COMMITMENTS)
}

/// Hours of a term that are paid for in a month.
fn paid(book: &Book, term: usize, month: usize) -> String {
    let length = hours_at(book, book.terms[term].group, month, LENGTH).on(COMMITMENTS);
    format!("{}*{length}", cost_at(book, term, IN_FORCE).on(COMMITMENTS))
}

/// Hours of a term that brokers run in a month: what is covered goes to the terms one after the other.
pub(super) fn covered(book: &Book, term: usize, month: usize) -> String {
    let group = book.terms[term].group;
    let is_before = |&other: &usize| {
        let other = &book.terms[other];
        other.group == group && other.binds(month as u32)
    };
    let before: Vec<String> =
        (0..term).filter(is_before).map(|other| paid(book, other, month)).collect();
    let mut left = hours_at(book, group, month, COVERED).on(COMMITMENTS);
    for other in before {
        left.push('-');
        left.push_str(&other);
    }
    format!("MAX(0,MIN({},{left}))", paid(book, term, month))
}

/// Hours of a term that nobody runs in a month, by the cell with those that are.
pub(super) fn unused(book: &Book, term: usize, month: usize, used: &str) -> String {
    format!("{}-{used}", paid(book, term, month))
}

/// Hours of a term that are invoiced in a month: all of them once, or those of the month.
pub(super) fn invoiced(book: &Book, term: usize, month: usize, upfront: bool) -> String {
    match upfront {
        true => {
            let brokers = cost_at(book, term, IN_FORCE).on(COMMITMENTS);
            format!("{brokers}*{}", term_at(term, HOURS).on(COMMITMENTS))
        }
        false => paid(book, term, month),
    }
}

/// What of the price of a term's hour is paid upfront, or as the hours come.
pub(super) fn share(term: usize, upfront: bool) -> String {
    let share = term_at(term, UPFRONT).on(COMMITMENTS);
    if upfront { share } else { format!("(1-{share})") }
}

/// The sum of a column over all terms: what is paid ahead, what is paid later, and all of it.
pub(super) enum Sum {
    Ahead,
    Later,
    Term,
}

/// Where the terms say it, added up; zero where there are none.
pub(super) fn sum(book: &Book, of: Sum) -> String {
    let column = match of {
        Sum::Ahead => AHEAD,
        Sum::Later => LATER,
        Sum::Term => TERM_COST,
    };
    match book.terms.len() {
        0 => "0".to_owned(),
        count => {
            let area = Area::new(cost_at(book, 0, column), cost_at(book, count - 1, column));
            format!("SUM({})", area.on(COMMITMENTS))
        }
    }
}

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut widths = vec![26.0, 14.0, 20.0, 24.0, 10.0, 11.0, 12.0];
    widths.resize(usize::from(LAST) + 1, 15.0);
    widths.push(2.0);
    // What the engine says of each case has heads of its own.
    let sizes = usize::from(most_sizes(book));
    let by_case = sizes * 2 + book.cases.len() * (1 + sizes * 2);
    widths.resize(usize::from(SIZES) + by_case, 15.0);
    let mut sheet = Sheet::new(COMMITMENTS, &widths);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Commitments", Kind::Title);
    if book.terms.is_empty() {
        sheet.text(At::new(1, 0), &nothing(book), Kind::Note);
        sheet.widths.truncate(usize::from(LAST) + 1);
        return sheet;
    }
    let note = "In USD. Brokers that are committed to can be changed on Assumptions. Every hour of a term is paid, used or not; a term pays off where more of it is used than `Pays off from` says.";
    sheet.text(At::new(1, 0), note, Kind::Note);
    sheet.text(At::new(FIRST - 2, 0), "What is agreed on", Kind::Heading);
    let header = At::new(FIRST - 1, 0);
    let texts = ["Commitment", "Part", "Machine", "Term"];
    sheet.texts(header, &texts, Kind::Header);
    let heads = [
        "Machine no.",
        "First month",
        "Last month",
        "Paid upfront",
        "Hours of a broker, whole term",
        "Hours of a broker, in the plan",
        "Hour on demand, USD",
        "Hour committed, USD",
        "Pays off from a use of",
    ];
    sheet.texts(At { column: GROUP, ..header }, &heads, Kind::HeaderRight);
    let row = first_costs(book);
    let title = "What it comes to: within the plan, but for `Paid later` and `Whole term`";
    sheet.text(At::new(row - 2, 0), title, Kind::Heading);
    let header = At::new(row - 1, 0);
    sheet.texts(header, &texts, Kind::Header);
    let heads = [
        "Brokers, planned",
        "Brokers in force",
        "Used",
        "Effective cost, USD",
        "The same on demand, USD",
        "Saved, USD",
        "Paid for later months, USD",
        "Paid later, USD",
        "Whole term, USD",
    ];
    sheet.texts(At { column: PLANNED, ..header }, &heads, Kind::HeaderRight);
    let title = At::new(row - 2, BY_CASE);
    sheet.text(title, "By growth, from the engine", Kind::Heading);
    for (column, case) in (BY_CASE..).zip(&book.cases) {
        let head = format!("Brokers, {}", case.name);
        sheet.text(At { column, ..header }, &head, Kind::HeaderRight);
    }
    for index in 0..book.terms.len() {
        term(&mut sheet, book, index);
    }
    hours(&mut sheet, book);
    supported(&mut sheet, book);
    let last = sheet.cells.iter().map(|cell| cell.at.row).max().unwrap_or(FIRST);
    sheet.printed = Some(Area::new(At::new(0, 0), At::new(last, LAST)));
    sheet.frozen = At::new(0, 1);
    sheet
}

/// Why there is nothing on it.
fn nothing(book: &Book) -> String {
    let asked = book.scenario.finance.purchases.len();
    match asked {
        0 => "The scenario commits to nothing: `[[commitment]]` would.".to_owned(),
        _ => "Nothing that the scenario commits to is sold for this platform, or it comes to no broker.".to_owned(),
    }
}

fn term(sheet: &mut Sheet, book: &Book, index: usize) {
    let term = &book.terms[index];
    let contract = &term.contract;
    let at = |column| term_at(index, column);
    let engine = Style::engine;
    let part = contract.part.name();
    let texts = [&*book.label(index), &part, &contract.machine, &contract.words()];
    sheet.texts(at(0), &texts, Kind::Wrapped);
    sheet.texts(cost_at(book, index, 0), &texts, Kind::Wrapped);
    let whole = |number: u32| f64::from(number);
    sheet.number(at(GROUP), (term.group + 1) as f64, engine(Kind::Whole));
    sheet.number(at(FROM), whole(contract.from + 1), engine(Kind::Whole));
    sheet.number(at(UNTIL), whole(contract.until()), engine(Kind::Whole));
    sheet.number(at(UPFRONT), number(contract.upfront), engine(Kind::Percent));
    sheet.number(at(HOURS), number(term.hours()), engine(Kind::Quantity));
    let here = term.hours_until(book.months.len());
    sheet.number(at(HOURS_HERE), number(here), engine(Kind::Quantity));
    let group = &book.groups[term.group];
    let hour = |price: usize| {
        (prices::contracted_at(price).on(PRICES), dollars(book.prices[price].contracted()))
    };
    let ((demand, demand_hour), (own, own_hour)) = (hour(group.price), hour(term.price));
    sheet.formula(at(ON_DEMAND_HOUR), &demand, demand_hour, Kind::UnitPrice);
    sheet.formula(at(HOUR), &own, own_hour, Kind::UnitPrice);
    let (demand, own) = (at(ON_DEMAND_HOUR).name(), at(HOUR).name());
    let share = if demand_hour > 0.0 { own_hour / demand_hour } else { 0.0 };
    sheet.formula(at(PAYS_FROM), &format!("IF({demand}=0,0,{own}/{demand})"), share, Kind::Percent);
    brokers(sheet, book, index);
    money(sheet, book, index);
}

/// How many brokers a term is for: what was entered, or what the engine says of the chosen growth.
fn brokers(sheet: &mut Sheet, book: &Book, index: usize) {
    let term = &book.terms[index];
    let at = |column| cost_at(book, index, column);
    let last = BY_CASE + book.cases.len() as u16 - 1;
    let cases = Area::new(at(BY_CASE), at(last)).name();
    for (column, brokers) in (BY_CASE..).zip(&term.brokers) {
        sheet.number(at(column), f64::from(*brokers), Style::engine(Kind::Whole));
    }
    let planned = f64::from(term.brokers[0]);
    sheet.formula(at(PLANNED), &format!("INDEX({cases},1,{CASE})"), planned, Kind::Whole);
    let id = book.identifiers().iter().position(|id| *id == term.contract.id);
    let (own, planned_at) = (assumptions::brokers(id.unwrap_or(0)), at(PLANNED).name());
    let formula = format!("IF({planned_at}=0,0,IF({own}=\"\",{planned_at},{own}))");
    sheet.formula(at(IN_FORCE), &formula, planned, Style::total(Kind::Whole));
}

/// What a term comes to.
fn money(sheet: &mut Sheet, book: &Book, index: usize) {
    let term = &book.terms[index];
    let at = |column| cost_at(book, index, column);
    let name = |column| at(column).name();
    let agreed = |column| term_at(index, column).name();
    // By its number: a name may be what a criterion takes for a comparison.
    let (terms, number_of) = (lines::column(book, lines::Column::Term), index + 1);
    let of_lines = |column| format!("SUMIFS({},{terms},{number_of})", lines::column(book, column));
    let planned = |cost: Cost| book.sum(cost, |line: &Line| line.term() == Some(index));
    let (effective, demand) = (planned(EFFECTIVE), planned(CONTRACTED));
    let formula = of_lines(lines::Column::Effective);
    sheet.formula(at(EFFECTIVE_COST), &formula, dollars(effective), Kind::Money);
    let formula = of_lines(lines::Column::Contracted);
    sheet.formula(at(SAME_ON_DEMAND), &formula, dollars(demand), Kind::Money);
    let formula = format!("{}-{}", name(SAME_ON_DEMAND), name(EFFECTIVE_COST));
    sheet.formula(at(SAVED), &formula, dollars(demand - effective), Kind::Money);
    used(sheet, book, index);
    let later = format!("({}-{})", agreed(HOURS), agreed(HOURS_HERE));
    let each = format!("{}*{}", name(IN_FORCE), agreed(HOUR));
    let formula = format!("{}*{later}*{each}", agreed(UPFRONT));
    sheet.formula(at(AHEAD), &formula, dollars(book.ahead(term)), Kind::Money);
    let hour = book.prices[term.price].contracted() * Decimal::from(term.brokers[0]);
    let beyond = term.hours() - term.hours_until(book.months.len());
    let rest = hour * (beyond * (Decimal::ONE - term.contract.upfront));
    let formula = format!("(1-{})*{later}*{each}", agreed(UPFRONT));
    sheet.formula(at(LATER), &formula, dollars(rest), Kind::Money);
    let all = dollars(hour * term.hours());
    sheet.formula(at(TERM_COST), &format!("{}*{each}", agreed(HOURS)), all, Kind::Money);
}

/// How much of a term's hours within the plan brokers run.
fn used(sheet: &mut Sheet, book: &Book, index: usize) {
    let term = &book.terms[index];
    let column = |column| lines::column(book, column);
    let hours =
        format!("{}*{}", cost_at(book, index, IN_FORCE).name(), term_at(index, HOURS_HERE).name());
    let formula = format!(
        "IF({hours}=0,0,SUMIFS({},{},{},{},\"{}\")/({hours}))",
        column(lines::Column::Quantity),
        column(lines::Column::Term),
        index + 1,
        column(lines::Column::Kind),
        ChargeKind::Usage.name()
    );
    let is_used = |line: &&Line| line.term() == Some(index) && line.kind == ChargeKind::Usage;
    let ran: Decimal = book.lines.iter().filter(is_used).map(|line| line.planned.quantity).sum();
    let paid = term.hours_until(book.months.len()) * Decimal::from(term.brokers[0]);
    let share = number(ran.checked_div(paid).unwrap_or_default());
    sheet.formula(cost_at(book, index, USED), &formula, share, Kind::Percent);
}

/// The most sizes that a fleet has within a week.
fn most_sizes(book: &Book) -> u16 {
    let months = book.groups.iter().flat_map(|group| &group.months);
    let sizes = months.flat_map(|month| month.planned.iter().map(Vec::len));
    sizes.max().unwrap_or(0).max(1) as u16
}

/// What brokers run in each month, and how much of it is beside commitments.
fn hours(sheet: &mut Sheet, book: &Book) {
    let first = first_hours(book);
    sheet.text(At::new(first - 3, 0), "Hours of brokers", Kind::Heading);
    let note = "On demand = the larger of: hours × share of the planned fleet beyond what is committed to; hours − committed hours. Sizes and hours run are the engine's, by growth.";
    sheet.text(At::new(first - 2, 0), note, Kind::Note);
    let header = At::new(first - 1, 0);
    sheet.texts(header, &["Month", "Part", "Machine", "SKU"], Kind::Header);
    let heads = [
        "Machine no.",
        "Hours of the month",
        "Hours that brokers run",
        "Committed brokers",
        "Share of the fleet beyond them",
        "Hours on demand",
        "Hours covered",
        "At list prices, USD",
    ];
    sheet.texts(At { column: OF_GROUP, ..header }, &heads, Kind::HeaderRight);
    let wide = most_sizes(book);
    let cases = book.cases.len() as u16;
    let raw = SIZES + 2 * wide;
    for size in 0..wide {
        let head = |column, text: &str| (At { column, ..header }, format!("{text} {}", size + 1));
        for (at, text) in [
            head(SIZES + size, "Fleet size"),
            head(SIZES + wide + size, "Hours of a week with size"),
        ] {
            sheet.text(at, &text, Kind::HeaderRight);
        }
    }
    for (index, case) in book.cases.iter().enumerate() {
        let at = At { column: raw + index as u16, ..header };
        sheet.text(at, &format!("Hours run, {}", case.name), Kind::HeaderRight);
        for size in 0..wide {
            let (sizes, weeks) = raw_columns(raw, cases, wide, size);
            for (column, text) in [(sizes, "Fleet size"), (weeks, "Hours of a week with size")] {
                let at = At { column: column + index as u16, ..header };
                let text = format!("{text} {}, {}", size + 1, case.name);
                sheet.text(at, &text, Kind::HeaderRight);
            }
        }
    }
    for month in 0..book.months.len() {
        for (index, group) in book.groups.iter().enumerate() {
            one_month(sheet, book, (index, group), month);
        }
    }
}

/// Where the engine's sizes of fleets begin, and the hours of a week with them, by the number of the size.
fn raw_columns(raw: u16, cases: u16, wide: u16, size: u16) -> (u16, u16) {
    (raw + cases * (1 + size), raw + cases * (1 + wide + size))
}

fn one_month(sheet: &mut Sheet, book: &Book, (index, group): (usize, &Group), month: usize) {
    let runs: &Month = &group.months[month];
    let at = |column| hours_at(book, index, month, column);
    let name = |column| at(column).name();
    sheet.number(at(0), (month + 1) as f64, Kind::Whole);
    let part = group.part.name();
    sheet.texts(at(1), &[&part, &group.machine, &group.sku], Kind::Text);
    sheet.number(at(OF_GROUP), (index + 1) as f64, Kind::Whole);
    sheet.number(at(LENGTH), number(runs.length), Style::engine(Kind::Quantity));
    let (wide, cases) = (most_sizes(book), book.cases.len() as u16);
    let raw = SIZES + 2 * wide;
    let chosen = |first: u16| {
        let area = Area::new(at(first), at(first + cases - 1)).name();
        format!("INDEX({area},1,{CASE})")
    };
    for (case, hours) in (raw..).zip(&runs.hours) {
        sheet.number(at(case), number(*hours), Style::engine(Kind::Quantity));
    }
    sheet.formula(at(RUN), &chosen(raw), number(runs.hours[0]), Kind::Quantity);
    for size in 0..wide {
        let (sizes, weeks) = raw_columns(raw, cases, wide, size);
        let of =
            |case: usize| runs.planned[case].get(usize::from(size)).copied().unwrap_or((0, 0.0));
        for (case, column) in (0..).zip(sizes..sizes + cases) {
            let (brokers, hours) = of(case);
            let engine = Style::engine(Kind::Whole);
            sheet.number(at(column), f64::from(brokers), engine);
            sheet.number(at(column - sizes + weeks), hours, engine);
        }
        let (brokers, hours) = of(0);
        sheet.formula(at(SIZES + size), &chosen(sizes), f64::from(brokers), Kind::Whole);
        sheet.formula(at(SIZES + wide + size), &chosen(weeks), hours, Kind::Whole);
    }
    let last = book.terms.len() - 1;
    let fixed = |first: At, last: At| format!("{}:{}", first.fixed(), last.fixed());
    let terms = |column| fixed(term_at(0, column), term_at(last, column));
    let in_force = fixed(cost_at(book, 0, IN_FORCE), cost_at(book, last, IN_FORCE));
    let committed = book.committed(index, month as u32);
    let formula = format!(
        "SUMIFS({in_force},{},{},{},\"<=\"&{month},{},\">=\"&{month})",
        terms(GROUP),
        name(OF_GROUP),
        terms(FROM),
        terms(UNTIL),
        month = name(0),
    );
    sheet.formula(at(COMMITTED), &formula, f64::from(committed), Kind::Whole);
    let sizes = Area::new(at(SIZES), at(SIZES + wide - 1)).name();
    let weeks = Area::new(at(SIZES + wide), at(SIZES + 2 * wide - 1)).name();
    let brokers = name(COMMITTED);
    let formula = format!(
        "IF({run}=0,0,SUMPRODUCT(({sizes}>{brokers})*({sizes}-{brokers})*{weeks})/SUMPRODUCT({sizes}*{weeks}))",
        run = name(RUN),
    );
    let beyond = if runs.hours[0].is_zero() { 0.0 } else { runs.beyond(0, committed) };
    sheet.formula(at(BEYOND), &formula, beyond, Kind::Percent);
    let (run, length) = (name(RUN), name(LENGTH));
    let formula = format!("MAX({run}*{},{run}-{brokers}*{length},0)", name(BEYOND));
    let on_demand = runs.on_demand(committed);
    sheet.formula(at(ON_DEMAND), &formula, on_demand, Kind::Quantity);
    let covered = number(runs.hours[0]) - on_demand;
    sheet.formula(at(COVERED), &format!("{run}-{}", name(ON_DEMAND)), covered, Kind::Quantity);
    at_list(sheet, book, (index, group), month);
}

/// Hours on demand and of terms at their list prices: what a support plan counts.
fn at_list(sheet: &mut Sheet, book: &Book, (index, group): (usize, &Group), month: usize) {
    let at = |column| hours_at(book, index, month, column);
    let list = |price: usize| prices::list_at(price).on(PRICES);
    let mut formula = format!("{}*{}", at(ON_DEMAND).name(), list(group.price));
    let runs = &group.months[month];
    let committed = book.committed(index, month as u32);
    let mut found = runs.on_demand(committed) * dollars(book.prices[group.price].list);
    for (place, term) in book.terms.iter().enumerate() {
        if term.group == index && term.binds(month as u32) {
            let (brokers, length) = (cost_at(book, place, IN_FORCE).name(), at(LENGTH).name());
            formula.push_str(&format!("+{brokers}*{length}*{}", list(term.price)));
            let hours = f64::from(term.brokers[0]) * number(runs.length);
            found += hours * dollars(book.prices[term.price].list);
        }
    }
    sheet.formula(at(AT_LIST), &formula, found, Kind::Money);
}

/// The row of a month of a support plan.
fn support_at(book: &Book, of: usize, month: usize, column: u16) -> At {
    let first = hours_row(book, 0, book.months.len()) + 4;
    At::new(first + (month * book.supported.len() + of) as u32, column)
}

/// Dollars that a step of a support plan counts in a month.
pub(super) fn step(book: &Book, of: usize, step: usize, month: usize) -> String {
    let counted = support_at(book, of, month, COUNTED).on(COMMITMENTS);
    let steps = &book.supported[of].steps;
    let from = steps[step].0;
    match steps.get(step + 1) {
        Some((until, _)) => format!("MAX(0,MIN({counted},{until})-{from})"),
        None => format!("MAX(0,{counted}-{from})"),
    }
}

/// The least that a support plan costs in a month.
pub(super) fn least(book: &Book, of: usize, month: usize) -> String {
    support_at(book, of, month, LEAST).on(COMMITMENTS)
}

/// What support plans count, month by month.
fn supported(sheet: &mut Sheet, book: &Book) {
    if book.supported.is_empty() {
        return;
    }
    let header = support_at(book, 0, 0, 0);
    let header = At { row: header.row - 1, ..header };
    let note = "What the support plan counts: hours of brokers at list prices, and everything else that the engine says";
    sheet.text(At { row: header.row - 1, ..header }, note, Kind::Heading);
    sheet.texts(header, &["Month", "Part"], Kind::Header);
    let heads = ["Other lines, USD", "Counted, USD", "At least, USD"];
    sheet.texts(At { column: OTHERS, ..header }, &heads, Kind::HeaderRight);
    let cases = book.cases.len() as u16;
    for (index, case) in (0..).zip(&book.cases) {
        for (first, text) in [(0, "Other lines, USD"), (cases, "At least, USD")] {
            let at = At { column: SUPPORT_BY_CASE + first + index, ..header };
            sheet.text(at, &format!("{text}, {}", case.name), Kind::HeaderRight);
        }
    }
    for month in 0..book.months.len() {
        for of in 0..book.supported.len() {
            counted(sheet, book, of, month);
        }
    }
}

fn counted(sheet: &mut Sheet, book: &Book, of: usize, month: usize) {
    let plan = &book.supported[of];
    let found = &plan.months[month];
    let at = |column| support_at(book, of, month, column);
    sheet.number(at(0), (month + 1) as f64, Kind::Whole);
    sheet.text(at(1), &plan.part.name(), Kind::Text);
    let cases = book.cases.len() as u16;
    for (first, (column, amounts)) in [
        (SUPPORT_BY_CASE, (OTHERS, &found.others)),
        (SUPPORT_BY_CASE + cases, (LEAST, &found.least)),
    ] {
        for (column, amount) in (first..).zip(amounts) {
            sheet.number(at(column), number(*amount), Style::engine(Kind::Money));
        }
        let area = Area::new(at(first), at(first + cases - 1)).name();
        let formula = format!("INDEX({area},1,{CASE})");
        sheet.formula(at(column), &formula, number(amounts[0]), Kind::Money);
    }
    let groups = (0..book.groups.len()).filter(|group| book.groups[*group].part == plan.part);
    let mut formula = at(OTHERS).name();
    let mut all = number(found.others[0]);
    for group in groups {
        let cell = hours_at(book, group, month, AT_LIST);
        formula.push('+');
        formula.push_str(&cell.name());
        let known = sheet.cell(cell).map(|cell| &cell.content);
        if let Some(Content::Formula { result: Found::Number(dollars), .. }) = known {
            all += dollars;
        }
    }
    sheet.formula(at(COUNTED), &formula, all, Kind::Money);
}
