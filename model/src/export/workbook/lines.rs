//! The sheets of every line of every month's bill, and of its quantities by growth.

use rust_decimal::Decimal;

use super::assumptions::CASE;
use super::book::{Amount, BILLED, Book, CONTRACTED, Cost, EFFECTIVE, LIST, Line, dollars, number};
use super::cells::{Area, At, Kind, Sheet, Style};
use super::names::{CASES, LINES, PRICES};
use super::{assumptions, commitments, prices};
use crate::bill::Component;
use crate::ledger::ChargeKind;
use crate::money::Usd;

/// The row of the first line, here and on the sheet of cases.
const FIRST: u32 = 5;

/// Columns that other sheets add up.
#[derive(Clone, Copy)]
pub(super) enum Column {
    Month = 0,
    Kind = 2,
    Component = 3,
    Quantity = 9,
    List = 12,
    Contracted = 13,
    Billed = 14,
    Effective = 15,
    Contract = 16,
    Term = 17,
}

/// Columns of prices, that only lines themselves look at.
const LIST_PRICE: u16 = 10;
const CONTRACTED_PRICE: u16 = 11;

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

/// What a line shows of itself: its SKU, or the name of a credit, and its unit.
fn words<'a>(book: &'a Book, line: &'a Line) -> (&'a str, &'static str) {
    match &line.amount {
        Amount::Engine(price, _) => of_price(book, *price),
        Amount::OnDemand(group) => of_price(book, book.groups[*group].price),
        Amount::Term(term) | Amount::Fee(term, _) => of_price(book, book.terms[*term].price),
        Amount::Support(of, step) => {
            let supported = &book.supported[*of];
            of_price(book, step.map_or(supported.least, |step| supported.steps[step].1))
        }
        Amount::Credit(credit) => (&book.scenario.finance.credits[*credit].name, "month"),
    }
}

fn of_price<'a>(book: &'a Book, price: usize) -> (&'a str, &'static str) {
    (&book.prices[price].sku, book.prices[price].unit.name())
}

/// The sheet of lines.
pub(super) fn sheet(book: &Book) -> Sheet {
    let widths = [
        7.0, 10.0, 18.0, 17.0, 12.0, 10.0, 14.0, 28.0, 12.0, 16.0, 13.0, 13.0, 13.0, 13.0, 13.0,
        13.0, 26.0, 8.0,
    ];
    let mut sheet = Sheet::new(LINES, &widths);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Lines", Kind::Title);
    let note = "Every charge of every month, in USD: quantity × unit price. Fees of commitments are billed cost only. Quantities are those of the chosen growth, on the sheet Cases, or what brokers run beside commitments, on the sheet Commitments.";
    sheet.text(At::new(1, 0), note, Kind::Note);
    let header = At::new(FIRST - 1, 0);
    let heads = [
        "Month",
        "Calendar month",
        "Kind",
        "Component",
        "Part",
        "Cause",
        "Grows with",
        "SKU",
        "Unit",
    ];
    sheet.texts(header, &heads, Kind::Header);
    let heads = [
        "Quantity",
        "List price, USD",
        "Contracted price, USD",
        "List cost, USD",
        "Contracted cost, USD",
        "Billed cost, USD",
        "Effective cost, USD",
    ];
    sheet.texts(At { column: Column::Quantity as u16, ..header }, &heads, Kind::HeaderRight);
    sheet.text(At { column: Column::Contract as u16, ..header }, "Commitment", Kind::Header);
    sheet.text(At { column: Column::Term as u16, ..header }, "Number of it", Kind::HeaderRight);
    for (index, line) in book.lines.iter().enumerate() {
        put(&mut sheet, book, index, line);
    }
    shown(&mut sheet, book);
    sheet.pages_wide = 2;
    sheet.filter = Some(Area::new(header, At::new(last(book), Column::Term as u16)));
    sheet.frozen = At::new(FIRST, 4);
    sheet.printed_header = Some(FIRST - 1);
    sheet
}

/// How a line is calculated: its quantity, two prices, and four costs.
struct Formulas {
    quantity: String,
    list_price: (String, Usd),
    contracted_price: (String, Usd),
    costs: [String; 4],
}

fn put(sheet: &mut Sheet, book: &Book, index: usize, line: &Line) {
    let row = FIRST + index as u32;
    let at = |column| At::new(row, column);
    let (sku, unit) = words(book, line);
    sheet.number(at(Column::Month as u16), (line.month + 1) as f64, Kind::Whole);
    let part = line.part.name();
    let texts = [
        &*book.months[line.month],
        line.kind_name(),
        line.name(),
        &part,
        line.cause.map_or("", |cause| cause.name()),
        line.grows_with.name(),
        sku,
        unit,
    ];
    sheet.texts(at(1), &texts, Kind::Text);
    if let Some(term) = line.term() {
        sheet.text(at(Column::Contract as u16), &book.label(term), Kind::Text);
        sheet.number(at(Column::Term as u16), (term + 1) as f64, Kind::Whole);
    }
    let formulas = formulas(book, index, line);
    let quantity = number(line.planned.quantity);
    sheet.formula(at(Column::Quantity as u16), &formulas.quantity, quantity, Kind::Quantity);
    for (column, (formula, price)) in
        [(LIST_PRICE, formulas.list_price), (CONTRACTED_PRICE, formulas.contracted_price)]
    {
        sheet.formula(at(column), &formula, dollars(price), Kind::UnitPrice);
    }
    let costs: [(Column, Cost); 4] = [
        (Column::List, LIST),
        (Column::Contracted, CONTRACTED),
        (Column::Billed, BILLED),
        (Column::Effective, EFFECTIVE),
    ];
    for ((column, cost), formula) in costs.into_iter().zip(formulas.costs) {
        sheet.formula(at(column as u16), &formula, dollars(cost(line)), Kind::Money);
    }
}

fn formulas(book: &Book, index: usize, line: &Line) -> Formulas {
    let row = FIRST + index as u32;
    let name = |column: u16| At::new(row, column).name();
    let quantity = name(Column::Quantity as u16);
    let times = |price: &str| format!("{quantity}*{price}");
    let list = |price: usize| (prices::list_at(price).on(PRICES), book.prices[price].list);
    let contracted =
        |price: usize| (prices::contracted_at(price).on(PRICES), book.prices[price].contracted());
    let used = |quantity: String, price: usize| {
        let cost = name(Column::Contracted as u16);
        Formulas {
            quantity,
            list_price: list(price),
            contracted_price: contracted(price),
            costs: [times(&name(LIST_PRICE)), times(&name(CONTRACTED_PRICE)), cost.clone(), cost],
        }
    };
    let nothing = || "0".to_owned();
    match &line.amount {
        Amount::Engine(price, _) => {
            let last = FIRST_CASE + book.cases.len() as u16 - 1;
            let quantities = Area::new(At::new(row, FIRST_CASE), At::new(row, last)).on(CASES);
            used(format!("INDEX({quantities},1,{CASE})"), *price)
        }
        Amount::OnDemand(group) => {
            used(commitments::on_demand(book, *group, line.month), book.groups[*group].price)
        }
        Amount::Support(of, step) => {
            let supported = &book.supported[*of];
            match step {
                Some(step) => {
                    used(commitments::step(book, *of, *step, line.month), supported.steps[*step].1)
                }
                None => {
                    let rows = supported.steps.len() as u32;
                    let costs = Area::new(
                        At::new(row - rows, Column::List as u16),
                        At::new(row - 1, Column::List as u16),
                    );
                    let least = commitments::least(book, *of, line.month);
                    used(format!("MAX(0,{least}-SUM({}))", costs.name()), supported.least)
                }
            }
        }
        Amount::Term(place) => {
            let term = &book.terms[*place];
            let group = book.groups[term.group].price;
            let hour = contracted(term.price);
            let effective = times(&hour.0);
            let above = At::new(row - 1, Column::Quantity as u16).name();
            match line.kind {
                ChargeKind::Unused => Formulas {
                    quantity: commitments::unused(book, *place, line.month, &above),
                    list_price: list(group),
                    contracted_price: contracted(group),
                    costs: [nothing(), nothing(), nothing(), effective],
                },
                _ => Formulas {
                    costs: [
                        times(&name(LIST_PRICE)),
                        times(&name(CONTRACTED_PRICE)),
                        nothing(),
                        effective,
                    ],
                    ..used(commitments::covered(book, *place, line.month), group)
                },
            }
        }
        Amount::Fee(place, upfront) => {
            let term = &book.terms[*place];
            let hour = contracted(term.price).0;
            let price = || {
                let share = commitments::share(*place, *upfront);
                let ahead = term.contract.upfront;
                let share_of_hour = if *upfront { ahead } else { Decimal::ONE - ahead };
                (format!("{hour}*{share}"), book.prices[term.price].contracted() * share_of_hour)
            };
            Formulas {
                quantity: commitments::invoiced(book, *place, line.month, *upfront),
                list_price: price(),
                contracted_price: price(),
                costs: [nothing(), nothing(), times(&name(CONTRACTED_PRICE)), nothing()],
            }
        }
        Amount::Credit(credit) => {
            let billed = name(Column::Billed as u16);
            let amount = assumptions::credit(*credit);
            let off = format!("-MAX(0,MIN({amount},{}))", invoiced(book, index, line));
            let price = || (billed.clone(), line.planned.billed);
            Formulas {
                quantity: "1".to_owned(),
                list_price: price(),
                contracted_price: price(),
                costs: [nothing(), nothing(), off, billed],
            }
        }
    }
}

/// What a credit can be taken off: what is invoiced in its month, people's time and earlier credits aside.
fn invoiced(book: &Book, index: usize, line: &Line) -> String {
    let first = book.lines.iter().position(|one| one.month == line.month).unwrap_or(index);
    let is_credit = |one: &Line| one.month == line.month && one.kind == ChargeKind::Credit;
    let credits = book.lines.iter().position(is_credit).unwrap_or(index);
    let rows = |column: Column, first: usize, after: usize| {
        let at = |row: usize| At::new(FIRST + row as u32, column as u16);
        Area::new(at(first), at(after - 1)).name()
    };
    if credits == first {
        return "0".to_owned();
    }
    let (billed, names) =
        (rows(Column::Billed, first, credits), rows(Column::Component, first, credits));
    let labour = Component::Labour.name();
    let mut left = format!("SUM({billed})-SUMIF({names},\"{labour}\",{billed})");
    if credits < index {
        left.push_str(&format!("+SUM({})", rows(Column::Billed, credits, index)));
    }
    left
}

/// Sums of the rows that a filter leaves.
fn shown(sheet: &mut Sheet, book: &Book) {
    let row = FIRST - 2;
    sheet.text(At::new(row, CONTRACTED_PRICE), "rows shown", Kind::Unit);
    let costs: [(Column, Cost); 4] = [
        (Column::List, LIST),
        (Column::Contracted, CONTRACTED),
        (Column::Billed, BILLED),
        (Column::Effective, EFFECTIVE),
    ];
    for (column, cost) in costs {
        let column = column as u16;
        let formula = format!("SUBTOTAL(9,{})", area(book, column).name());
        let sum = dollars(book.sum(cost, |_| true));
        sheet.formula(At::new(row, column), &formula, sum, Style::total(Kind::Money));
    }
}

/// The sheet of quantities by growth: a row for each line, in the same rows.
pub(super) fn cases(book: &Book) -> Sheet {
    let mut widths = vec![7.0, 20.0, 34.0, 14.0];
    widths.extend(book.cases.iter().map(|_| 24.0));
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
        let (sku, unit) = words(book, line);
        sheet.number(At::new(row, 0), (line.month + 1) as f64, Kind::Whole);
        sheet.texts(At::new(row, 1), &[line.name(), sku, unit], Kind::Text);
        let Amount::Engine(_, quantities) = &line.amount else {
            sheet.text(At::new(row, FIRST_CASE), "calculated: see Lines", Kind::Note);
            continue;
        };
        for (column, quantity) in (FIRST_CASE..).zip(quantities) {
            let at = At::new(row, column);
            sheet.number(at, number(*quantity), Style::engine(Kind::Quantity));
        }
    }
    sheet.frozen = At::new(FIRST, FIRST_CASE);
    sheet.printed_header = Some(FIRST - 1);
    sheet
}
