//! The sheet of the plan: component by component and month by month, then cash, present value, and what was taken off.

use super::assumptions::{DISCOUNT_RATE, FX_RATE};
use super::book::{BILLED, Book, CONTRACTED, Cost, EFFECTIVE, LIST};
use super::cells::{Area, At, Found, Kind, Sheet, Source, Style};
use super::lines::{self, Column};
use super::names::PLAN;
use crate::ledger::ChargeKind;
use crate::money::Usd;

/// The row of the months' names.
const HEADER: u32 = 3;
/// The row of the months' numbers.
const NUMBERS: u32 = 4;
/// The row of the first component.
const FIRST: u32 = 6;
/// The column of sums.
const SUM: u16 = 1;
/// The column of the first month.
const FIRST_MONTH: u16 = 2;
/// Months of a year.
const YEAR: f64 = 12.0;

/// A row of the sheet.
#[derive(Clone, Copy)]
pub(super) enum Row {
    /// A component, or credits, by their place.
    Component(usize),
    /// What they come to.
    Effective,
    /// What is paid.
    Billed,
    /// What has been paid so far.
    Cumulated,
    /// What money of the month is worth at the start.
    Factor,
    /// What is paid, at its worth at the start.
    Present,
    /// Before discounts.
    List,
    /// What was negotiated.
    Negotiated,
    /// What is saved by commitments, or lost.
    Committed,
    /// What is granted.
    Credits,
    /// What is left.
    Left,
}

fn row(book: &Book, row: Row) -> u32 {
    let end = FIRST + book.names().len() as u32;
    match row {
        Row::Component(index) => FIRST + index as u32,
        Row::Effective => end,
        Row::Billed => end + 3,
        Row::Cumulated => end + 4,
        Row::Factor => end + 7,
        Row::Present => end + 8,
        Row::List => end + 11,
        Row::Negotiated => end + 12,
        Row::Committed => end + 13,
        Row::Credits => end + 14,
        Row::Left => end + 15,
    }
}

/// Where a row's sum over all months is.
pub(super) fn sum(book: &Book, of: Row) -> String {
    At::new(row(book, of), SUM).on(PLAN)
}

/// Where a row is in a month.
pub(super) fn month(book: &Book, of: Row, month: usize) -> String {
    At::new(row(book, of), FIRST_MONTH + month as u16).on(PLAN)
}

/// Where a row is in some months after each other.
pub(super) fn between(book: &Book, of: Row, (first, last): (usize, usize)) -> String {
    let at = |month: usize| At::new(row(book, of), FIRST_MONTH + month as u16);
    Area::new(at(first), at(last)).on(PLAN)
}

/// Where a row is, month by month.
pub(super) fn months(book: &Book, of: Row) -> Source {
    let row = row(book, of);
    let last = FIRST_MONTH + book.months.len() as u16 - 1;
    let area = Area::new(At::new(row, FIRST_MONTH), At::new(row, last));
    Source { sheet: PLAN.to_owned(), area }
}

/// Where the months' names are.
pub(super) fn names(book: &Book) -> Source {
    let Source { sheet, mut area } = months(book, Row::Effective);
    (area.first.row, area.last.row) = (HEADER, HEADER);
    Source { sheet, area }
}

/// Where a row's own name is.
pub(super) fn label(book: &Book, of: Row) -> Source {
    let area = Area::cell(At::new(row(book, of), 0));
    Source { sheet: PLAN.to_owned(), area }
}

/// Where the sums of all components are.
pub(super) fn component_sums(book: &Book) -> String {
    let last = FIRST + book.names().len().max(1) as u32 - 1;
    Area::new(At::new(FIRST, SUM), At::new(last, SUM)).on(PLAN)
}

/// What money of a month is worth at the start: it is paid at the month's end.
pub(super) fn factor(rate: f64, month: usize) -> f64 {
    1.0 / libm::pow(1.0 + rate, (month + 1) as f64 / YEAR)
}

/// What is paid, at its worth at the start.
pub(super) fn present_value(book: &Book) -> f64 {
    let months = book.by_month(BILLED, |_| true).into_iter().enumerate();
    months.map(|(month, paid)| book.converted(paid) * factor(book.discount_rate, month)).sum()
}

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut widths = vec![34.0, 16.0];
    widths.extend(book.months.iter().map(|_| 13.0));
    let mut sheet = Sheet::new(PLAN, &widths);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Plan", Kind::Title);
    let note = "From the sheet Lines, at the rate of exchange of Assumptions; a plan, not a bill.";
    sheet.text(At::new(1, 0), note, Kind::Note);
    sheet.text(At::new(HEADER, 0), "Component", Kind::Header);
    book.in_currency(&mut sheet, At::new(HEADER, SUM), "Whole horizon, ", Kind::HeaderRight);
    sheet.text(At::new(NUMBERS, 0), "month", Kind::Note);
    for (month, name) in book.months.iter().enumerate() {
        let column = FIRST_MONTH + month as u16;
        sheet.text(At::new(HEADER, column), name, Kind::HeaderRight);
        sheet.number(At::new(NUMBERS, column), (month + 1) as f64, Kind::Whole);
    }
    components(&mut sheet, book);
    cash(&mut sheet, book);
    worth(&mut sheet, book);
    taken_off(&mut sheet, book);
    sheet.frozen = At::new(NUMBERS + 1, FIRST_MONTH);
    sheet.printed_header = Some(HEADER);
    sheet.pages_wide = book.months.len().div_ceil(YEAR as usize) as u16;
    sheet
}

/// A row with a formula for each month, and their sum.
fn put(
    sheet: &mut Sheet,
    book: &Book,
    of: Row,
    name: &str,
    style: Style,
    cell: impl Fn(usize, At) -> (String, f64),
) -> f64 {
    let row = row(book, of);
    let text = Style { kind: Kind::Text, ..style };
    sheet.text(At::new(row, 0), name, text);
    let mut all = 0.0;
    for month in 0..book.months.len() {
        let at = At::new(row, FIRST_MONTH + month as u16);
        let (formula, result) = cell(month, at);
        all += result;
        sheet.formula(at, &formula, result, style);
    }
    all
}

/// The sum over all months of a row.
fn put_sum(sheet: &mut Sheet, book: &Book, of: Row, result: impl Into<Found>, style: Style) {
    let area = months(book, of).area;
    let formula = format!("SUM({})", area.name());
    sheet.formula(At::new(row(book, of), SUM), &formula, result, style);
}

fn of_month(at: At) -> String {
    format!("{}${}", At { row: 0, ..at }.name().trim_end_matches('1'), NUMBERS + 1)
}

/// A row of amounts of months in dollars, whose formulas are in dollars too.
fn put_dollars(
    sheet: &mut Sheet,
    book: &Book,
    (of, name, style): (Row, &str, Style),
    months: &[Usd],
    formula: impl Fn(&str) -> String,
) {
    put(sheet, book, of, name, style, |month, at| {
        let formula = format!("({})*{FX_RATE}", formula(&of_month(at)));
        (formula, book.converted(months[month]))
    });
    let all = book.converted(months.iter().copied().sum());
    put_sum(sheet, book, of, all, style);
}

/// What lines of a month add up to, as a formula.
fn lines_of(book: &Book, column: Column, when: &str) -> String {
    let (amounts, numbers) = (lines::column(book, column), lines::column(book, Column::Month));
    format!("SUMIFS({amounts},{numbers},{when})")
}

/// The same of credits alone.
fn credits_of(book: &Book, column: Column, when: &str) -> String {
    let (amounts, numbers) = (lines::column(book, column), lines::column(book, Column::Month));
    let kinds = lines::column(book, Column::Kind);
    format!("SUMIFS({amounts},{numbers},{when},{kinds},\"{}\")", ChargeKind::Credit.name())
}

/// What each component costs.
fn components(sheet: &mut Sheet, book: &Book) {
    let heading = At::new(FIRST - 1, 0);
    book.in_currency(sheet, heading, "Effective cost (accrual), ", Kind::Heading);
    let amounts = lines::column(book, Column::Effective);
    let names = lines::column(book, Column::Component);
    let numbers = lines::column(book, Column::Month);
    for (index, name) in book.names().into_iter().enumerate() {
        let of = Row::Component(index);
        let months = book.by_month(EFFECTIVE, |line| line.name() == name);
        let label = format!("$A{}", row(book, of) + 1);
        put_dollars(sheet, book, (of, name, Style::of(Kind::Converted)), &months, |when| {
            format!("SUMIFS({amounts},{names},{label},{numbers},{when})")
        });
    }
    let style = Style::total(Kind::Converted);
    let months = book.by_month(EFFECTIVE, |_| true);
    put(sheet, book, Row::Effective, "Effective cost", style, |month, at| {
        let last = FIRST + book.names().len().max(1) as u32 - 1;
        let area = Area::new(At { row: FIRST, ..at }, At { row: last, ..at });
        (format!("SUM({})", area.name()), book.converted(months[month]))
    });
    let all = book.converted(months.iter().copied().sum());
    put_sum(sheet, book, Row::Effective, all, style);
}

/// What is paid, and what has been paid so far.
fn cash(sheet: &mut Sheet, book: &Book) {
    let heading = At::new(row(book, Row::Billed) - 1, 0);
    book.in_currency(sheet, heading, "Billed cost (cash), ", Kind::Heading);
    let paid = book.by_month(BILLED, |_| true);
    let style = Style::of(Kind::Converted);
    put_dollars(sheet, book, (Row::Billed, "Billed cost", style), &paid, |when| {
        lines_of(book, Column::Billed, when)
    });
    let above = row(book, Row::Billed);
    put(sheet, book, Row::Cumulated, "Cumulated", style, |month, at| {
        let now = At { row: above, ..at }.name();
        let so_far = book.converted(paid[..=month].iter().copied().sum());
        match month {
            0 => (now, so_far),
            _ => (format!("{}+{now}", At { column: at.column - 1, ..at }.name()), so_far),
        }
    });
}

/// What it is worth at the start.
fn worth(sheet: &mut Sheet, book: &Book) {
    let heading = At::new(row(book, Row::Factor) - 1, 0);
    book.in_currency(sheet, heading, "Present value at the start, ", Kind::Heading);
    let style = Style::of(Kind::Exchange);
    put(sheet, book, Row::Factor, "Discount factor, to the month's end", style, |month, at| {
        let formula = format!("1/(1+{DISCOUNT_RATE})^({}/{YEAR})", of_month(at));
        (formula, factor(book.discount_rate, month))
    });
    let paid = book.by_month(BILLED, |_| true);
    let (cash, factors) = (row(book, Row::Billed), row(book, Row::Factor));
    let style = Style::of(Kind::Converted);
    let name = "Present value of billed cost";
    let all = put(sheet, book, Row::Present, name, style, |month, at| {
        let formula =
            format!("{}*{}", At { row: cash, ..at }.name(), At { row: factors, ..at }.name());
        (formula, book.converted(paid[month]) * factor(book.discount_rate, month))
    });
    put_sum(sheet, book, Row::Present, all, style);
}

/// From list prices to what is left, each kind of discount by itself.
fn taken_off(sheet: &mut Sheet, book: &Book) {
    let heading = At::new(row(book, Row::List) - 1, 0);
    book.in_currency(sheet, heading, "From list to effective cost, ", Kind::Heading);
    let style = Style::of(Kind::Converted);
    // Credits have no price: nothing of them is list or contracted cost.
    let months = |cost: Cost| book.by_month(cost, |line| line.kind != ChargeKind::Credit);
    let less = |from: Vec<Usd>, other: Vec<Usd>| -> Vec<Usd> {
        from.into_iter().zip(other).map(|(from, other)| from - other).collect()
    };
    put_dollars(sheet, book, (Row::List, "List cost", style), &months(LIST), |when| {
        lines_of(book, Column::List, when)
    });
    let off = less(months(CONTRACTED), months(LIST));
    let name = "Negotiated discounts";
    put_dollars(sheet, book, (Row::Negotiated, name, style), &off, |when| {
        let list = lines_of(book, Column::List, when);
        format!("{}-{list}", lines_of(book, Column::Contracted, when))
    });
    let off = less(months(EFFECTIVE), months(CONTRACTED));
    let name = "Commitments (unused hours included)";
    put_dollars(sheet, book, (Row::Committed, name, style), &off, |when| {
        let contracted = lines_of(book, Column::Contracted, when);
        let credits = credits_of(book, Column::Effective, when);
        format!("{}-{contracted}-{credits}", lines_of(book, Column::Effective, when))
    });
    let credits = book.by_month(EFFECTIVE, |line| line.kind == ChargeKind::Credit);
    put_dollars(sheet, book, (Row::Credits, "Credits", style), &credits, |when| {
        credits_of(book, Column::Effective, when)
    });
    let (first, last) = (row(book, Row::List), row(book, Row::Credits));
    let left = book.by_month(EFFECTIVE, |_| true);
    let style = Style::total(Kind::Converted);
    put(sheet, book, Row::Left, "Effective cost, from list", style, |month, at| {
        let area = Area::new(At { row: first, ..at }, At { row: last, ..at });
        (format!("SUM({})", area.name()), book.converted(left[month]))
    });
    put_sum(sheet, book, Row::Left, book.converted(left.iter().copied().sum()), style);
}
