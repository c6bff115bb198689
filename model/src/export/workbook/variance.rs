//! The sheet for what was billed: paste it beside what is planned to be billed (cash), by component and month, and read the
//! difference.

use super::assumptions::{CURRENCY, FX_RATE};
use super::book::{BILLED, Book};
use super::cells::{Area, At, Kind, Rule, Sheet, Style, Validation};
use super::lines::{self, Column};
use super::names::VARIANCE;
use crate::money::Usd;

/// The row of the first month's first component.
const FIRST: u32 = 6;
const PLAN: u16 = 3;
const ACTUAL: u16 = 4;
const DIFFERENCE: u16 = 5;
const SHARE: u16 = 6;
/// Where the sums by component stand.
const BESIDE: u16 = 8;

/// What was billed and belongs to no component.
const UNPLANNED: &str = "not in the plan";

fn each(book: &Book) -> u32 {
    book.names().len() as u32 + 1
}

fn area(book: &Book, column: u16) -> Area {
    let last = FIRST + each(book) * book.months.len() as u32 - 1;
    Area::new(At::new(FIRST, column), At::new(last, column))
}

/// What is planned, as formulas of other sheets add it up.
pub(super) fn planned(book: &Book) -> String {
    area(book, PLAN).on(VARIANCE)
}

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let widths = [7.0, 10.0, 22.0, 16.0, 16.0, 16.0, 11.0, 3.0, 22.0, 16.0, 16.0, 16.0];
    let mut sheet = Sheet::new(VARIANCE, &widths);
    sheet.is_input = true;
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Variance", Kind::Title);
    let code = book.exchange.currency.code;
    let last = BESIDE + 3;
    let text = ", of each component and month into the yellow cells. It stands beside billed cost (cash): fees of commitments in the months in which they are invoiced. An empty cell counts as not known yet. Difference = actual - plan.";
    let formula = format!("\"Enter or paste what was billed, in \"&{CURRENCY}&\"{text}\"");
    let said = format!("Enter or paste what was billed, in {code}{text}");
    sheet.formula(At::new(1, 0), &formula, &*said, Kind::Remark);
    sheet.wide = vec![Area::new(At::new(1, 0), At::new(1, last))];
    let header = At::new(FIRST - 1, 0);
    sheet.texts(header, &["Month", "Calendar month", "Component"], Kind::Header);
    for (column, head) in
        [(PLAN, "Plan, billed, "), (ACTUAL, "Actual, "), (DIFFERENCE, "Difference, ")]
    {
        book.in_currency(&mut sheet, At { column, ..header }, head, Kind::HeaderRight);
    }
    sheet.text(At { column: SHARE, ..header }, "Difference, % of plan", Kind::HeaderRight);
    let names = book.names();
    let costs: Vec<Vec<Usd>> =
        names.iter().map(|name| book.by_month(BILLED, |line| line.name() == *name)).collect();
    let mut row = FIRST;
    for (month, called) in book.months.iter().enumerate() {
        for (index, name) in names.iter().enumerate() {
            let cell = billed(book, row);
            let planned = book.converted(costs[index][month]);
            put(&mut sheet, row, (month, called, name), &cell, planned);
            row += 1;
        }
        put(&mut sheet, row, (month, called, UNPLANNED), "0", 0.0);
        row += 1;
    }
    so_far(&mut sheet, book);
    by_component(&mut sheet, book);
    let last = area(book, SHARE).last;
    sheet.filter = Some(Area::new(header, last));
    sheet.frozen = At::new(FIRST, 3);
    sheet.printed_header = Some(FIRST - 1);
    sheet
}

/// What is planned to be billed for the component and the month of a row.
fn billed(book: &Book, row: u32) -> String {
    let column = |one| lines::column(book, one);
    let (month, name) = (At::new(row, 0).name(), At::new(row, 2).name());
    format!(
        "SUMIFS({},{},{name},{},{month})*{FX_RATE}",
        column(Column::Billed),
        column(Column::Component),
        column(Column::Month)
    )
}

fn put(sheet: &mut Sheet, row: u32, of: (usize, &str, &str), cell: &str, planned: f64) {
    let at = |column| At::new(row, column);
    sheet.number(at(0), (of.0 + 1) as f64, Kind::Whole);
    sheet.texts(at(1), &[of.1, of.2], Kind::Text);
    sheet.formula(at(PLAN), cell, planned, Kind::Converted);
    sheet.put(at(ACTUAL), super::Content::Blank, Style::input(Kind::Converted));
    let (plan, actual) = (at(PLAN).name(), at(ACTUAL).name());
    let difference = format!("IF({actual}=\"\",\"\",{actual}-{plan})");
    sheet.formula(at(DIFFERENCE), &difference, "", Kind::Converted);
    let share = format!("IF({actual}=\"\",\"\",IF({plan}=0,\"\",{actual}/{plan}-1))");
    sheet.formula(at(SHARE), &share, "", Kind::Percent);
    sheet.validations.push(Validation {
        at: at(ACTUAL),
        rule: Rule::Between(-ACTUAL_MAX, ACTUAL_MAX),
        message: "An amount of money; credits are negative.".to_owned(),
    });
}

/// The most that anybody is billed.
const ACTUAL_MAX: f64 = 1e15;

/// What has been entered so far, and what was planned for it.
fn so_far(sheet: &mut Sheet, book: &Book) {
    let row = FIRST - 3;
    let style = Style::total(Kind::Converted);
    sheet.text(At::new(row, 2), "Known so far", Style::total(Kind::Text));
    let (plan, actual) = (area(book, PLAN).name(), area(book, ACTUAL).name());
    let formula = format!("SUMPRODUCT(({actual}<>\"\")*{plan})");
    sheet.formula(At::new(row, PLAN), &formula, 0.0, style);
    sheet.formula(At::new(row, ACTUAL), &format!("SUM({actual})"), 0.0, style);
    let (plan, actual) = (At::new(row, PLAN).name(), At::new(row, ACTUAL).name());
    let difference = At::new(row, DIFFERENCE);
    sheet.formula(difference, &format!("{actual}-{plan}"), 0.0, style);
    let share = format!("IF({plan}=0,0,{actual}/{plan}-1)");
    sheet.formula(At::new(row, SHARE), &share, 0.0, Style::total(Kind::Percent));
}

/// The same by component.
fn by_component(sheet: &mut Sheet, book: &Book) {
    let header = At::new(FIRST - 1, BESIDE);
    sheet.text(header, "Known so far", Kind::Header);
    for (column, head) in (BESIDE + 1..).zip(["Plan, billed, ", "Actual, ", "Difference, "]) {
        book.in_currency(sheet, At { column, ..header }, head, Kind::HeaderRight);
    }
    let (names, plan) = (area(book, 2), area(book, PLAN).name());
    let (names, actual) = (names.name(), area(book, ACTUAL).name());
    for (row, name) in (FIRST..).zip(book.names().into_iter().chain([UNPLANNED])) {
        let at = |column| At::new(row, BESIDE + column);
        sheet.text(at(0), name, Kind::Text);
        let mine = format!("({names}={})", at(0).name());
        let formula = format!("SUMPRODUCT({mine}*({actual}<>\"\")*{plan})");
        sheet.formula(at(1), &formula, 0.0, Kind::Converted);
        let formula = format!("SUMIFS({actual},{names},{})", at(0).name());
        sheet.formula(at(2), &formula, 0.0, Kind::Converted);
        let formula = format!("{}-{}", at(2).name(), at(1).name());
        sheet.formula(at(3), &formula, 0.0, Kind::Converted);
    }
}
