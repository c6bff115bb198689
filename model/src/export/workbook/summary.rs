//! The first sheet: what it comes to, what the other platforms come to, and two pictures.

use super::assumptions::{CURRENCY, GROWTH_CASE};
use super::book::{BILLED, Book, CONTRACTED, Cost, EFFECTIVE, LIST, dollars};
use super::cells::{Area, At, Chart, Found, Kind, Role, Series, Sheet, Source, Style, Wide};
use super::lines::{self, Column};
use super::monthly::{self, Row};
use super::names::SUMMARY;
use super::{checks, names};
use crate::chart;
use crate::export::bars::shade;
use crate::export::{about, figures};
use crate::ledger::ChargeKind;
use crate::money::Usd;
use crate::plan::Plan;

/// The row of the first figure.
const FIRST: u32 = 5;
/// Where pictures stand, beside the figures.
const CHARTS: At = At::new(3, 6);
/// Their size in pixels.
const SIZE: (u32, u32) = (760, 360);
/// Rows that one takes, with some room below it.
const ROWS: u32 = 19;

/// The last column of text.
const LAST: u16 = 4;
/// Letters of a sentence on one line of these columns.
const LETTERS: usize = 120;

/// A figure: what it is, how it is calculated, what it comes to, how it looks, what it is counted in.
struct Figure {
    name: &'static str,
    formula: String,
    found: Found,
    kind: Kind,
    unit: Unit,
}

/// What a figure is counted in.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Currency,
    Dollars,
    Nothing,
}

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut sheet = Sheet::new(SUMMARY, &[36.0, 17.0, 17.0, 26.0, 18.0, 2.0]);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), &book.comparison.title, Kind::Title);
    let about = format!(
        "Platform {}, {}, {}",
        book.plan.design.name,
        book.plan.region,
        about::period(book.comparison, book.scenario)
    );
    sheet.text(At::new(1, 0), &about, Kind::Note);
    let note = "A plan, not billing data. Yellow cells on Assumptions can be changed; grey ones are the engine's and stay.";
    sheet.text(At::new(2, 0), note, Kind::Note);
    sheet.texts(At::new(FIRST - 1, 0), &["What it comes to"], Kind::Header);
    sheet.texts(At::new(FIRST - 1, 1), &["Amount", "in"], Kind::HeaderRight);
    let mut row = FIRST;
    for figure in figures(book) {
        put(&mut sheet, book, row, figure);
        row += 1;
    }
    row = platforms(&mut sheet, book, row + 1);
    sentences(&mut sheet, book, row + 1);
    sheet.charts = vec![stacked(book), cumulated(book)];
    sheet
}

fn put(sheet: &mut Sheet, book: &Book, row: u32, figure: Figure) {
    let total = figure.name == TOTAL;
    let role = if total { Role::Total } else { Role::Plain };
    sheet.text(At::new(row, 0), figure.name, Style { kind: Kind::Text, role });
    let style = Style { kind: figure.kind, role };
    sheet.formula(At::new(row, 1), &figure.formula, figure.found, style);
    let unit = At::new(row, 2);
    let right = Style { kind: Kind::Unit, role };
    match figure.unit {
        Unit::Currency => sheet.formula(unit, CURRENCY, book.exchange.currency.code, right),
        Unit::Dollars => sheet.text(unit, "USD", right),
        Unit::Nothing => {}
    }
}

const TOTAL: &str = "Effective cost, whole horizon";

fn figures(book: &Book) -> Vec<Figure> {
    let figure = |name, formula: String, found: Found, kind, unit| Figure {
        name,
        formula,
        found,
        kind,
        unit,
    };
    let money = |name, formula, amount: f64| {
        figure(name, formula, amount.into(), Kind::Converted, Unit::Currency)
    };
    let all = |cost: Cost| book.sum(cost, |_| true);
    let credits = book.sum(EFFECTIVE, |line| line.kind == ChargeKind::Credit);
    let effective = book.converted(all(EFFECTIVE));
    let months = book.months.len();
    let sum = |row| monthly::sum(book, row);
    let in_dollars = format!("SUM({})", lines::column(book, Column::Effective));
    let growth = (&*book.cases[0].name).into();
    let of = |name, row, amount: Usd| money(name, sum(row), book.converted(amount));
    let mut list = vec![
        figure("Growth", GROWTH_CASE.to_owned(), growth, Kind::Unit, Unit::Nothing),
        of("List cost", Row::List, all(LIST) - credits),
        of("Negotiated discounts", Row::Negotiated, all(CONTRACTED) - all(LIST)),
        of("Commitments", Row::Committed, all(EFFECTIVE) - all(CONTRACTED)),
        of("Credits", Row::Credits, credits),
        money(TOTAL, sum(Row::Effective), effective),
        money(
            "A month, on average",
            format!("{}/{months}", sum(Row::Effective)),
            effective / months as f64,
        ),
        of("Billed cost (cash), whole horizon", Row::Billed, all(BILLED)),
        money("Present value of billed cost", sum(Row::Present), monthly::present_value(book)),
    ];
    let dollars = monthly::in_dollars(book);
    list.push(figure(
        "Effective cost in dollars",
        in_dollars,
        dollars.into(),
        Kind::Money,
        Unit::Dollars,
    ));
    let holds = checks::all_hold(book);
    let formula = format!(
        "IF({},\"all hold\",\"see {}\")",
        checks::all_at().on(names::CHECKS),
        names::CHECKS
    );
    let said = if holds { "all hold".to_owned() } else { format!("see {}", names::CHECKS) };
    list.push(figure("Checks", formula, (&*said).into(), Kind::Unit, Unit::Nothing));
    list
}

/// All platforms, as planned; the row after them.
fn platforms(sheet: &mut Sheet, book: &Book, row: u32) -> u32 {
    let heading = "All platforms, as the engine planned them: USD after discounts and commitments, credits aside";
    sheet.text(At::new(row, 0), heading, Kind::Heading);
    let head = At::new(row + 1, 0);
    sheet.text(head, "Platform", Kind::Header);
    sheet.texts(At { column: 1, ..head }, &["A month", "Whole horizon"], Kind::HeaderRight);
    sheet.texts(At { column: 3, ..head }, &["Fleet", "Prices known"], Kind::Header);
    let mut row = row + 2;
    for outcome in &book.comparison.outcomes {
        match outcome {
            Ok(plan) => {
                let text = Style::engine(Kind::Text);
                let money = Style::engine(Kind::Money);
                sheet.text(At::new(row, 0), &plan.design.name, text);
                sheet.number(At::new(row, 1), dollars(plan.monthly_cost()), money);
                sheet.number(At::new(row, 2), dollars(plan.bill.contracted_cost()), money);
                sheet.text(At::new(row, 3), &figures::fleet(plan), text);
                sheet.text(At::new(row, 4), known(plan), text);
            }
            Err(rejection) => {
                let reasons = rejection.reasons.iter().map(ToString::to_string);
                let reasons: Vec<String> = reasons.collect();
                sheet.text(At::new(row, 0), &rejection.design.name, Style::engine(Kind::Text));
                let why = format!("cannot be planned: {}", reasons.join("; "));
                sheet.text(At::new(row, 1), &why, Kind::Note);
            }
        }
        row += 1;
    }
    row
}

/// Whether a total is all of it.
fn known(plan: &Plan) -> &'static str {
    match plan.bill.bound() {
        "" => "all",
        "≥" => "not all: ≥",
        "≤" => "some in a range: ≤",
        _ => "not all, some in a range: ≈",
    }
}

/// What to make of it, and what has no price.
fn sentences(sheet: &mut Sheet, book: &Book, row: u32) {
    sheet.text(At::new(row, 0), "What to make of it", Kind::Heading);
    let gaps = book.plan.bill.gaps.iter();
    let gaps = gaps
        .map(|gap| format!("No price for {}: {}; {}.", gap.component.name(), gap.what, gap.hint));
    let all = book.comparison.verdict.sentences.iter().cloned().chain(gaps);
    for (row, sentence) in (row + 1..).zip(all) {
        sheet.text(At::new(row, 0), &sentence, Kind::Wrapped);
        let area = Area::new(At::new(row, 0), At::new(row, LAST));
        let lines = sentence.chars().count().div_ceil(LETTERS) as u32;
        sheet.wide.push(Wide { area, lines });
    }
}

/// The cost of each month by component.
fn stacked(book: &Book) -> Chart {
    let series = book.components.iter().enumerate().map(|(index, component)| {
        let surface = chart::surface(shade(*component));
        Series {
            name: monthly::label(book, Row::Component(index)),
            values: monthly::months(book, Row::Component(index)),
            color: surface.color.to_owned(),
            strength: (surface.strength * 100.0) as u8,
            is_hatched: surface.is_hatched,
        }
    });
    Chart {
        at: CHARTS,
        size: SIZE,
        is_stacked: true,
        title: "Effective cost of each month, by component".to_owned(),
        unit: code(book),
        categories: monthly::names(book),
        series: series.collect(),
    }
}

/// What has been paid so far.
fn cumulated(book: &Book) -> Chart {
    let series = Series {
        name: monthly::label(book, Row::Cumulated),
        values: monthly::months(book, Row::Cumulated),
        color: chart::surface(0).color.to_owned(),
        strength: 100,
        is_hatched: false,
    };
    Chart {
        at: At { row: CHARTS.row + ROWS, ..CHARTS },
        size: SIZE,
        is_stacked: false,
        title: "Billed cost (cash), cumulated".to_owned(),
        unit: code(book),
        categories: monthly::names(book),
        series: vec![series],
    }
}

/// The cell with the currency's code.
fn code(book: &Book) -> Source {
    let at = book.input(CURRENCY).unwrap_or_default();
    Source { sheet: names::ASSUMPTIONS.to_owned(), area: Area::cell(at) }
}
