//! The sheet of the plan: component by component and month by month, then cash, present value, and what was taken off.

use super::assumptions::{CURRENCY, DISCOUNT_RATE, FX_RATE};
use super::book::{Book, Line, dollars, number};
use super::cells::{Area, At, Found, Kind, Sheet, Source, Style};
use super::lines::{self, Column};
use super::names::PLAN;
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
    /// A component, by its place.
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
    /// After discounts.
    Contracted,
}

fn row(book: &Book, row: Row) -> u32 {
    let end = FIRST + book.components.len() as u32;
    match row {
        Row::Component(index) => FIRST + index as u32,
        Row::Effective => end,
        Row::Billed => end + 3,
        Row::Cumulated => end + 4,
        Row::Factor => end + 7,
        Row::Present => end + 8,
        Row::List => end + 11,
        Row::Negotiated => end + 12,
        Row::Contracted => end + 13,
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
    let last = FIRST + book.components.len().max(1) as u32 - 1;
    Area::new(At::new(FIRST, SUM), At::new(last, SUM)).on(PLAN)
}

/// What money of a month is worth at the start: it is paid at the month's end.
pub(super) fn factor(rate: f64, month: usize) -> f64 {
    1.0 / libm::pow(1.0 + rate, (month + 1) as f64 / YEAR)
}

/// What is paid in each month, in dollars.
pub(super) fn billed(book: &Book) -> Vec<Usd> {
    let mut months = vec![Usd::ZERO; book.months.len()];
    for line in &book.lines {
        months[line.month] += book.contracted_cost(line);
    }
    months
}

/// What is paid, at its worth at the start.
pub(super) fn present_value(book: &Book) -> f64 {
    let rate = number(book.asked.discount_rate);
    let months = billed(book).into_iter().enumerate();
    months.map(|(month, paid)| book.converted(paid) * factor(rate, month)).sum()
}

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut widths = vec![34.0, 18.0];
    widths.extend(book.months.iter().map(|_| 14.0));
    let mut sheet = Sheet::new(PLAN, &widths);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Plan", Kind::Title);
    let code = &book.asked.exchange.code;
    let note =
        format!("\"Amounts in \"&{CURRENCY}&\", from the sheet Lines; a plan, not a bill.\"");
    let said = format!("Amounts in {code}, from the sheet Lines; a plan, not a bill.");
    sheet.formula(At::new(1, 0), &note, &*said, Kind::Note);
    sheet.text(At::new(HEADER, 0), "Component", Kind::Header);
    sheet.text(At::new(HEADER, SUM), "Whole horizon", Kind::HeaderRight);
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

/// A row that adds lines up by month.
fn put_lines(
    sheet: &mut Sheet,
    book: &Book,
    of: Row,
    (name, column, cost): (&str, Column, fn(&Book, &Line) -> Usd),
    style: Style,
) {
    let mut months = vec![Usd::ZERO; book.months.len()];
    for line in &book.lines {
        months[line.month] += cost(book, line);
    }
    let (amounts, numbers) = (lines::column(book, column), lines::column(book, Column::Month));
    put(sheet, book, of, name, style, |month, at| {
        let formula = format!("SUMIFS({amounts},{numbers},{})*{FX_RATE}", of_month(at));
        (formula, book.converted(months[month]))
    });
    let all = book.converted(months.into_iter().sum());
    put_sum(sheet, book, of, all, style);
}

/// What each component costs.
fn components(sheet: &mut Sheet, book: &Book) {
    let heading = At::new(FIRST - 1, 0);
    sheet.text(heading, "Effective cost (accrual)", Kind::Heading);
    let sums = book.by_component(|book, line| book.contracted_cost(line));
    let amounts = lines::column(book, Column::Effective);
    let names = lines::column(book, Column::Component);
    let numbers = lines::column(book, Column::Month);
    for (index, component) in book.components.iter().enumerate() {
        let of = Row::Component(index);
        let style = Style::of(Kind::Converted);
        let name = format!("$A{}", row(book, of) + 1);
        let cost = |month| sums.get(&(*component, month)).copied().unwrap_or_default();
        put(sheet, book, of, component.name(), style, |month, at| {
            let when = of_month(at);
            let formula = format!("SUMIFS({amounts},{names},{name},{numbers},{when})*{FX_RATE}");
            (formula, book.converted(cost(month)))
        });
        let all = book.converted((0..book.months.len()).map(cost).sum());
        put_sum(sheet, book, of, all, style);
    }
    let style = Style::total(Kind::Converted);
    let paid = billed(book);
    put(sheet, book, Row::Effective, "Effective cost", style, |month, at| {
        let last = FIRST + book.components.len().max(1) as u32 - 1;
        let area = Area::new(At { row: FIRST, ..at }, At { row: last, ..at });
        (format!("SUM({})", area.name()), book.converted(paid[month]))
    });
    let all = book.converted(paid.iter().copied().sum());
    put_sum(sheet, book, Row::Effective, all, style);
}

/// What is paid, and what has been paid so far.
fn cash(sheet: &mut Sheet, book: &Book) {
    sheet.text(At::new(row(book, Row::Billed) - 1, 0), "Billed cost (cash)", Kind::Heading);
    let billed_lines: (_, _, fn(&Book, &Line) -> Usd) =
        ("Billed cost", Column::Billed, |book, line| book.contracted_cost(line));
    put_lines(sheet, book, Row::Billed, billed_lines, Style::of(Kind::Converted));
    let paid = billed(book);
    let style = Style::of(Kind::Converted);
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
    let note = "Present value at the start: each month is paid at its end, and a year takes off the discount rate";
    sheet.text(heading, note, Kind::Heading);
    let rate = number(book.asked.discount_rate);
    let style = Style::of(Kind::Exchange);
    put(sheet, book, Row::Factor, "Discount factor", style, |month, at| {
        let formula = format!("1/(1+{DISCOUNT_RATE})^({}/{YEAR})", of_month(at));
        (formula, factor(rate, month))
    });
    let paid = billed(book);
    let (cash, factors) = (row(book, Row::Billed), row(book, Row::Factor));
    let style = Style::of(Kind::Converted);
    let all = put(sheet, book, Row::Present, "Present value of billed cost", style, |month, at| {
        let formula =
            format!("{}*{}", At { row: cash, ..at }.name(), At { row: factors, ..at }.name());
        (formula, book.converted(paid[month]) * factor(rate, month))
    });
    put_sum(sheet, book, Row::Present, all, style);
}

/// From list prices to what is left.
fn taken_off(sheet: &mut Sheet, book: &Book) {
    sheet.text(At::new(row(book, Row::List) - 1, 0), "From list to contracted cost", Kind::Heading);
    let style = Style::of(Kind::Converted);
    let list: (_, _, fn(&Book, &Line) -> Usd) =
        ("List cost", Column::List, |book, line| book.list_cost(line));
    put_lines(sheet, book, Row::List, list, style);
    let (above, below) = (row(book, Row::List), row(book, Row::Contracted));
    let mut off = vec![Usd::ZERO; book.months.len()];
    for line in &book.lines {
        off[line.month] += book.contracted_cost(line) - book.list_cost(line);
    }
    let name = "Negotiated discounts";
    put(sheet, book, Row::Negotiated, name, style, |month, at| {
        let formula =
            format!("{}-{}", At { row: below, ..at }.name(), At { row: above, ..at }.name());
        (formula, book.converted(off[month]))
    });
    let all = book.converted(off.iter().copied().sum());
    put_sum(sheet, book, Row::Negotiated, all, style);
    let contracted: (_, _, fn(&Book, &Line) -> Usd) =
        ("Contracted cost", Column::Contracted, |book, line| book.contracted_cost(line));
    put_lines(sheet, book, Row::Contracted, contracted, Style::total(Kind::Converted));
}

/// What the plan comes to in dollars.
pub(super) fn in_dollars(book: &Book) -> f64 {
    dollars(book.sum(|book, line| book.contracted_cost(line), |_| true))
}
