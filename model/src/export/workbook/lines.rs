//! The sheets of every line of every month's bill, and of its quantities by growth.

use super::assumptions::CASE;
use super::book::{Book, Line, dollars, number};
use super::cells::{Area, At, Kind, Sheet, Style};
use super::names::{CASES, LINES, PRICES};
use super::prices;

/// The row of the first line, here and on the sheet of cases.
const FIRST: u32 = 5;

/// Columns that other sheets add up.
#[derive(Clone, Copy)]
pub(super) enum Column {
    Month = 0,
    Component = 2,
    List = 11,
    Contracted = 12,
    Billed = 13,
    Effective = 14,
}

/// Columns of numbers that only lines themselves look at.
const QUANTITY: u16 = 8;
const LIST_PRICE: u16 = 9;
const CONTRACTED_PRICE: u16 = 10;

/// The column of the first case's quantities.
const FIRST_CASE: u16 = 4;

/// A column of the sheet as formulas of others write it.
pub(super) fn column(book: &Book, column: Column) -> String {
    area(book, column as u16).on(LINES)
}

fn area(book: &Book, column: u16) -> Area {
    Area::new(At::new(FIRST, column), At::new(last(book), column))
}

fn last(book: &Book) -> u32 {
    FIRST + book.lines.len().max(1) as u32 - 1
}

/// What a line shows of itself.
fn words<'a>(book: &'a Book, line: &'a Line) -> (&'a str, &'a str, &'static str) {
    let price = &book.prices[line.price];
    (&price.sku, line.component.name(), price.unit.name())
}

/// The sheet of lines.
pub(super) fn sheet(book: &Book) -> Sheet {
    let widths =
        [7.0, 11.0, 20.0, 16.0, 14.0, 16.0, 34.0, 14.0, 18.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0];
    let mut sheet = Sheet::new(LINES, &widths);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Lines", Kind::Title);
    let note = "Every line of every month's bill, in USD: quantity × unit price. Quantities are those of the chosen growth, on the sheet Cases.";
    sheet.text(At::new(1, 0), note, Kind::Note);
    let header = At::new(FIRST - 1, 0);
    let heads = ["Month", "Called", "Component", "Part", "Cause", "Grows with", "SKU", "Unit"];
    sheet.texts(header, &heads, Kind::Header);
    let heads = [
        "Quantity",
        "List price",
        "Contracted price",
        "List cost",
        "Contracted cost",
        "Billed cost",
        "Effective cost",
    ];
    sheet.texts(At { column: QUANTITY, ..header }, &heads, Kind::HeaderRight);
    for (row, line) in (FIRST..).zip(&book.lines) {
        put(&mut sheet, book, row, line);
    }
    shown(&mut sheet, book);
    sheet.filter = Some(Area::new(header, At::new(last(book), Column::Effective as u16)));
    sheet.frozen = At::new(FIRST, 3);
    sheet.printed_header = Some(FIRST - 1);
    sheet
}

fn put(sheet: &mut Sheet, book: &Book, row: u32, line: &Line) {
    let at = |column| At::new(row, column);
    let (sku, component, unit) = words(book, line);
    sheet.number(at(Column::Month as u16), (line.month + 1) as f64, Kind::Whole);
    let part = line.part.name();
    let texts = [
        &*book.months[line.month],
        component,
        &part,
        line.cause.name(),
        line.grows_with.name(),
        sku,
        unit,
    ];
    sheet.texts(at(1), &texts, Kind::Text);
    let last = FIRST_CASE + book.cases.len() as u16 - 1;
    let quantities = Area::new(At::new(row, FIRST_CASE), At::new(row, last)).on(CASES);
    let quantity = format!("INDEX({quantities},1,{CASE})");
    sheet.formula(at(QUANTITY), &quantity, number(line.quantities[0]), Kind::Quantity);
    let price = &book.prices[line.price];
    let (list, contracted) = (prices::list_at(line.price), prices::contracted_at(line.price));
    sheet.formula(at(LIST_PRICE), &list.on(PRICES), dollars(price.list), Kind::UnitPrice);
    let contracted = contracted.on(PRICES);
    sheet.formula(at(CONTRACTED_PRICE), &contracted, dollars(price.contracted()), Kind::UnitPrice);
    let times = |price: u16| format!("{}*{}", at(QUANTITY).name(), at(price).name());
    let list = dollars(book.list_cost(line));
    sheet.formula(at(Column::List as u16), &times(LIST_PRICE), list, Kind::Money);
    let cost = dollars(book.contracted_cost(line));
    let contracted = at(Column::Contracted as u16);
    sheet.formula(contracted, &times(CONTRACTED_PRICE), cost, Kind::Money);
    for same in [Column::Billed, Column::Effective] {
        sheet.formula(at(same as u16), &contracted.name(), cost, Kind::Money);
    }
}

/// Sums of the rows that a filter leaves.
fn shown(sheet: &mut Sheet, book: &Book) {
    let row = FIRST - 2;
    sheet.text(At::new(row, CONTRACTED_PRICE), "sum of the rows shown", Kind::Note);
    let list = dollars(book.sum(Book::list_cost, |_| true));
    let contracted = dollars(book.sum(Book::contracted_cost, |_| true));
    for (column, sum) in [
        (Column::List, list),
        (Column::Contracted, contracted),
        (Column::Billed, contracted),
        (Column::Effective, contracted),
    ] {
        let column = column as u16;
        let formula = format!("SUBTOTAL(9,{})", area(book, column).name());
        sheet.formula(At::new(row, column), &formula, sum, Style::total(Kind::Money));
    }
}

/// The sheet of quantities by growth: a row for each line, in the same rows.
pub(super) fn cases(book: &Book) -> Sheet {
    let mut widths = vec![7.0, 20.0, 34.0, 14.0];
    widths.extend(book.cases.iter().map(|_| 26.0));
    let mut sheet = Sheet::new(CASES, &widths);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Cases", Kind::Title);
    let note = "The quantity of every line, as the engine computed it for each growth. Rows are those of the sheet Lines.";
    sheet.text(At::new(1, 0), note, Kind::Note);
    let header = At::new(FIRST - 1, 0);
    sheet.texts(header, &["Month", "Component", "SKU", "Unit"], Kind::Header);
    for (column, case) in (FIRST_CASE..).zip(&book.cases) {
        sheet.text(At { column, ..header }, &case.name, Kind::HeaderRight);
    }
    for (row, line) in (FIRST..).zip(&book.lines) {
        let (sku, component, unit) = words(book, line);
        sheet.number(At::new(row, 0), (line.month + 1) as f64, Kind::Whole);
        sheet.texts(At::new(row, 1), &[component, sku, unit], Kind::Text);
        for (column, quantity) in (FIRST_CASE..).zip(&line.quantities) {
            let at = At::new(row, column);
            sheet.number(at, number(*quantity), Style::engine(Kind::Quantity));
        }
    }
    sheet.frozen = At::new(FIRST, FIRST_CASE);
    sheet.printed_header = Some(FIRST - 1);
    sheet
}
