//! The first sheet: what it comes to, by fiscal year too, what the other platforms come to, who bears it, and two pictures.

use super::assumptions::{CHANGED, CURRENCY, FX_RATE, GROWTH_CASE};
use super::book::{BILLED, Book, CONTRACTED, Cost, EFFECTIVE, LIST, dollars, number};
use super::cells::{Area, At, Chart, Found, Kind, Role, Series, Sheet, Source, Style};
use super::monthly::{self, Row};
use super::names::{ASSUMPTIONS, SUMMARY};
use super::{checks, names};
use crate::chart;
use crate::comparison::capitalized;
use crate::export::bars::shade;
use crate::export::{about, figures};
use crate::finance::{self, Currency, FISCAL_STARTS, FiscalYear, Key, NO_OWNER, fiscal_year};
use crate::ledger::{self, ChargeKind};
use crate::money::Usd;
use crate::order;
use crate::plan::Plan;

/// The row that says whether inputs were changed.
const SAID: u32 = 3;
/// The row of the first figure.
const FIRST: u32 = 6;
/// The last column.
const LAST: u16 = 5;
/// Columns of amounts, in the currency of the workbook, and in dollars where that is another.
const AMOUNT: u16 = 1;
const DOLLARS: u16 = 2;
/// Where pictures stand, beside the figures.
const CHARTS: At = At::new(FIRST - 1, 3);
/// Their sizes in pixels, below each other.
const STACKED: (u32, u32) = (475, 340);
const CUMULATED: (u32, u32) = (475, 220);
/// Rows that they take.
const STACKED_ROWS: u32 = 17;
const CUMULATED_ROWS: u32 = 12;

/// A figure: what it is, how it is calculated, what it comes to, how it looks.
struct Figure {
    name: &'static str,
    formula: String,
    found: Found,
    kind: Kind,
}

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut sheet = Sheet::new(SUMMARY, &[34.0, 16.0, 16.0, 16.0, 30.0, 22.0]);
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
    let left =
        "figures, fiscal years and pictures follow; what is grey, and its sentences, do not.";
    changed(&mut sheet, At::new(SAID, 0), left);
    let header = At::new(FIRST - 1, 0);
    sheet.text(header, "What it comes to", Kind::Header);
    let amount = At { column: AMOUNT, ..header };
    book.in_currency(&mut sheet, amount, "Amount, ", Kind::HeaderRight);
    if converts(book) {
        sheet.text(At { column: DOLLARS, ..header }, "The same, USD", Kind::HeaderRight);
    }
    for (row, figure) in (FIRST..).zip(figures(book)) {
        put(&mut sheet, book, row, figure);
    }
    fiscal_years(&mut sheet, book);
    // Where nothing is paid there is no component to draw.
    let charts = [stacked(book), cumulated(book)].into_iter();
    sheet.charts = charts.filter(|chart| !chart.series.is_empty()).collect();
    platforms(&mut sheet, book);
    sentences(&mut sheet, book);
    owners(&mut sheet, book);
    sheet
}

/// Whether there is another currency than that of prices.
fn converts(book: &Book) -> bool {
    book.exchange.currency != Currency::USD
}

/// Says that inputs were changed, and what that means here; nothing while they are as planned.
fn changed(sheet: &mut Sheet, at: At, what: &str) {
    let formula = format!(
        "IF({CHANGED}=0,\"\",IF({CHANGED}=1,\"1 input is\",{CHANGED}&\" inputs are\")&\" not as planned: {what}\")"
    );
    sheet.formula(at, &formula, "", Kind::Warning);
}

/// A title of what the engine computed, the note that it stays, and a warning where that matters; the row after them.
fn computed(sheet: &mut Sheet, row: u32, title: &str, note: &str) -> u32 {
    sheet.text(At::new(row, 0), title, Kind::Heading);
    sheet.spread(At::new(row + 1, 0), LAST, note, Kind::Remark);
    changed(sheet, At::new(row + 2, 0), "what follows is still as the engine planned it.");
    row + 3
}

fn put(sheet: &mut Sheet, book: &Book, row: u32, figure: Figure) {
    let total = figure.name == TOTAL;
    let role = if total { Role::Total } else { Role::Plain };
    sheet.text(At::new(row, 0), figure.name, Style { kind: Kind::Text, role });
    let at = At::new(row, AMOUNT);
    let style = Style { kind: figure.kind, role };
    if let (Kind::Converted, Found::Number(amount)) = (figure.kind, &figure.found)
        && converts(book)
    {
        let formula = format!("{}/{FX_RATE}", at.name());
        let usd = amount / number(book.exchange.rate);
        let style = Style { kind: Kind::Money, role };
        sheet.formula(At { column: DOLLARS, ..at }, &formula, usd, style);
    }
    sheet.formula(at, &figure.formula, figure.found, style);
}

const TOTAL: &str = "Effective cost, whole horizon";

fn figures(book: &Book) -> Vec<Figure> {
    let figure = |name, formula: String, found: Found, kind| Figure { name, formula, found, kind };
    let money = |name, formula, amount: f64| figure(name, formula, amount.into(), Kind::Converted);
    let all = |cost: Cost| book.sum(cost, |_| true);
    let credits = book.sum(EFFECTIVE, |line| line.kind == ChargeKind::Credit);
    let effective = book.converted(all(EFFECTIVE));
    let months = book.months.len();
    let sum = |row| monthly::sum(book, row);
    let growth = (&*book.cases[0].name).into();
    let of = |name, row, amount: Usd| money(name, sum(row), book.converted(amount));
    let mut list = vec![
        figure("Growth", GROWTH_CASE.to_owned(), growth, Kind::Unit),
        of("List cost", Row::List, all(LIST)),
        of("Negotiated discounts", Row::Negotiated, all(CONTRACTED) - all(LIST)),
        of("Commitments", Row::Committed, all(EFFECTIVE) - credits - all(CONTRACTED)),
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
    let holds = checks::all_hold(book);
    let formula = format!(
        "IF({},\"all hold\",\"see {}\")",
        checks::all_at().on(names::CHECKS),
        names::CHECKS
    );
    let said = if holds { "all hold".to_owned() } else { format!("see {}", names::CHECKS) };
    list.push(figure("Checks", formula, (&*said).into(), Kind::Unit));
    list
}

/// A fiscal year, and the first and last of its months that are planned.
struct Year {
    year: FiscalYear,
    months: (usize, usize),
}

/// Fiscal years of the plan; none where no dates are known.
fn years(book: &Book) -> Vec<Year> {
    let mut years: Vec<Year> = Vec::new();
    for (index, billed) in book.plan.months.iter().enumerate() {
        let period = book.scenario.horizon.billing_period(billed.month.index);
        let Some((start, _)) = period else { return Vec::new() };
        let year = fiscal_year(start, book.scenario.finance.fiscal_year_start);
        match years.last_mut() {
            Some(last) if last.year == year => last.months.1 = index,
            _ => years.push(Year { year, months: (index, index) }),
        }
    }
    years
}

/// The row of the first fiscal year: after the figures, a title, a note and the head.
fn years_row() -> u32 {
    FIRST + FIGURES + 4
}

/// Figures above.
const FIGURES: u32 = 10;

/// The two costs of a fiscal year, and where they stand.
const OF_YEAR: [(u16, Row, Cost); 2] =
    [(AMOUNT, Row::Billed, BILLED), (DOLLARS, Row::Effective, EFFECTIVE)];

/// Costs by fiscal year.
fn fiscal_years(sheet: &mut Sheet, book: &Book) {
    let years = years(book);
    let first = years_row();
    if years.is_empty() {
        return;
    }
    sheet.text(At::new(first - 3, 0), "By fiscal year", Kind::Heading);
    let start = book.scenario.finance.fiscal_year_start as usize;
    let start = FISCAL_STARTS.get(start.saturating_sub(1)).copied().unwrap_or_default();
    let note = format!(
        "Begins in {}, named by the year in which it ends. Billed: cash; effective: accrual.",
        capitalized(start.to_owned())
    );
    sheet.spread(At::new(first - 2, 0), DOLLARS, &note, Kind::Remark);
    let header = At::new(first - 1, 0);
    sheet.text(header, "Fiscal year, months of it planned", Kind::Header);
    for (column, name) in [(AMOUNT, "Billed, "), (DOLLARS, "Effective, ")] {
        book.in_currency(sheet, At { column, ..header }, name, Kind::HeaderRight);
    }
    let mut row = first;
    for Year { year, months } in &years {
        let (from, until) = (&book.months[months.0], &book.months[months.1]);
        let name = match months.0 == months.1 {
            true => format!("{year}: {from}"),
            false => format!("{year}: {from} to {until}"),
        };
        sheet.text(At::new(row, 0), &name, Kind::Text);
        for (column, of, cost) in OF_YEAR {
            let formula = format!("SUM({})", monthly::between(book, of, *months));
            let sum = book.sum(cost, |line| (months.0..=months.1).contains(&line.month));
            sheet.formula(At::new(row, column), &formula, book.converted(sum), Kind::Converted);
        }
        row += 1;
    }
    sheet.text(At::new(row, 0), "All of them", Style::total(Kind::Text));
    for (column, _, cost) in OF_YEAR {
        let formula = format!("SUM({})", of_years(&years, column).name());
        let all = book.converted(book.sum(cost, |_| true));
        sheet.formula(At::new(row, column), &formula, all, Style::total(Kind::Converted));
    }
}

fn of_years(years: &[Year], column: u16) -> Area {
    let first = years_row();
    Area::new(At::new(first, column), At::new(first + years.len() as u32 - 1, column))
}

/// Sums over all fiscal years as formulas of other sheets, what they come to as planned, and the row that they add up.
pub(super) fn year_sums(book: &Book) -> Vec<(&'static str, (String, f64), Row)> {
    let years = years(book);
    if years.is_empty() {
        return Vec::new();
    }
    let names = ["Summary: billed cost by fiscal year", "Summary: effective cost by fiscal year"];
    let of = |(name, (column, row, cost)): (&'static str, (u16, Row, Cost))| {
        let formula = format!("SUM({})", of_years(&years, column).on(SUMMARY));
        (name, (formula, book.converted(book.sum(cost, |_| true))), row)
    };
    names.into_iter().zip(OF_YEAR).map(of).collect()
}

/// The row of the title of all platforms.
fn platforms_row(book: &Book) -> u32 {
    let years = years(book).len() as u32;
    let left = if years == 0 { years_row() - 4 } else { years_row() + years + 1 };
    left.max(CHARTS.row + STACKED_ROWS + CUMULATED_ROWS) + 1
}

/// The row of the title of the sentences.
fn sentences_row(book: &Book) -> u32 {
    platforms_row(book) + 4 + book.comparison.outcomes.len() as u32 + 1
}

/// The row of the title of owners.
fn owners_row(book: &Book) -> u32 {
    sentences_row(book) + 3 + said(book).len() as u32 + 1
}

/// All platforms, as planned.
fn platforms(sheet: &mut Sheet, book: &Book) {
    let note = "The engine's, in USD, after discounts and commitments. Before credits is what platforms are ranked by. This table does not follow inputs.";
    let title = "All platforms, before credits and after them";
    let row = computed(sheet, platforms_row(book), title, note);
    let head = At::new(row, 0);
    sheet.text(head, "Platform", Kind::Header);
    let heads = [
        "A month before credits, USD",
        "Whole horizon before credits, USD",
        "Whole horizon after credits, USD",
    ];
    sheet.texts(At { column: 1, ..head }, &heads, Kind::HeaderRight);
    sheet.texts(At { column: 4, ..head }, &["Fleet", "Prices known"], Kind::Header);
    for (row, outcome) in (row + 1..).zip(&book.comparison.outcomes) {
        match outcome {
            Ok(plan) => {
                let text = Style::engine(Kind::Text);
                let money = Style::engine(Kind::Money);
                let charges = ledger::charges(plan, &book.scenario.finance);
                let after = ledger::costs(charges.iter()).effective;
                let costs = [plan.monthly_cost(), plan.bill.contracted_cost(), after];
                sheet.text(At::new(row, 0), &plan.design.name, text);
                for (column, cost) in (1..).zip(costs) {
                    sheet.number(At::new(row, column), dollars(cost), money);
                }
                sheet.text(At::new(row, 4), &figures::fleet(plan), text);
                sheet.text(At::new(row, 5), known(plan), text);
            }
            Err(rejection) => {
                let reasons = rejection.reasons.iter().map(ToString::to_string);
                let reasons: Vec<String> = reasons.collect();
                sheet.text(At::new(row, 0), &rejection.design.name, Style::engine(Kind::Text));
                let why = format!("cannot be planned: {}", reasons.join("; "));
                sheet.spread(At::new(row, 1), LAST, &why, Style::engine(Kind::Wrapped));
            }
        }
    }
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
fn said(book: &Book) -> Vec<String> {
    let gaps = book.plan.bill.gaps.iter();
    let gaps = gaps
        .map(|gap| format!("No price for {}: {}; {}.", gap.component.name(), gap.what, gap.hint));
    book.comparison.verdict.sentences.iter().cloned().chain(gaps).collect()
}

fn sentences(sheet: &mut Sheet, book: &Book) {
    let note = match book.scenario.finance.credits.is_empty() {
        true => "The engine's words, in USD. They do not follow inputs.",
        false => {
            "The engine's words, in USD and before credits where they do not say otherwise. They do not follow inputs."
        }
    };
    let row = computed(sheet, sentences_row(book), "What to make of it", note);
    for (row, sentence) in (row..).zip(said(book)) {
        sheet.spread(At::new(row, 0), LAST, &sentence, Kind::Wrapped);
    }
}

/// What each owner of streams bears of the effective cost, as planned; nothing where streams have none.
fn shares(book: &Book) -> Vec<(String, Usd)> {
    if book.scenario.workload.streams.iter().all(|stream| stream.owner.is_none()) {
        return Vec::new();
    }
    let charges = ledger::charges(book.plan, &book.scenario.finance);
    let measured = finance::measured(book.plan, book.scenario);
    let showback = finance::showback(&charges, &measured, Key::default());
    let mut owners = showback.each(|payer| Some(payer.owner.as_deref()));
    // What nobody owns comes last.
    order::sort_by_key(&mut owners, |owner| owner.is_none());
    let share = |owner: &Option<&str>| {
        let sum = showback.sum(|share| share.payer.owner.as_deref() == *owner);
        (owner.unwrap_or(NO_OWNER).to_owned(), sum)
    };
    owners.iter().map(share).collect()
}

/// The column of the engine's dollars.
fn engine_column(book: &Book) -> u16 {
    if converts(book) { DOLLARS } else { AMOUNT }
}

/// Who bears what.
fn owners(sheet: &mut Sheet, book: &Book) {
    let shares = shares(book);
    if shares.is_empty() {
        return;
    }
    let note = format!(
        "Computed by the engine over the whole horizon, after credits; what streams share goes {}. It does not follow inputs, but for the rate of exchange.",
        Key::default().words()
    );
    let title = "Who bears the effective cost, by owner";
    let row = computed(sheet, owners_row(book), title, &note);
    let head = At::new(row, 0);
    sheet.text(head, "Owner", Kind::Header);
    let mut put = |row: u32, name: &str, usd: Usd, role: Role| {
        let engine = if role == Role::Total { Role::Total } else { Role::Engine };
        sheet.text(At::new(row, 0), name, Style { kind: Kind::Text, role: engine });
        let at = At::new(row, engine_column(book));
        let style = Style { kind: Kind::Money, role: engine };
        match role {
            Role::Total => {
                let area = of_owners(book, shares.len());
                sheet.formula(at, &format!("SUM({})", area.name()), dollars(usd), style);
            }
            _ => sheet.number(at, dollars(usd), style),
        }
        if converts(book) {
            let formula = format!("{}*{FX_RATE}", at.name());
            let style = Style { kind: Kind::Converted, role };
            sheet.formula(At::new(row, AMOUNT), &formula, book.converted(usd), style);
        }
    };
    for (row, (owner, usd)) in (row + 1..).zip(&shares) {
        put(row, owner, *usd, Role::Plain);
    }
    let all = shares.iter().map(|(_, usd)| *usd).sum();
    put(row + 1 + shares.len() as u32, "All of them", all, Role::Total);
    let at = At { column: engine_column(book), ..head };
    sheet.text(at, "Effective cost, USD", Kind::HeaderRight);
    if converts(book) {
        let at = At { column: AMOUNT, ..head };
        book.in_currency(sheet, at, "Effective cost, ", Kind::HeaderRight);
    }
}

fn of_owners(book: &Book, count: usize) -> Area {
    let (first, column) = (owners_row(book) + 4, engine_column(book));
    Area::new(At::new(first, column), At::new(first + count as u32 - 1, column))
}

/// The sum over all owners as a formula of other sheets, and what it comes to; `None` where streams have none.
pub(super) fn owners_sum(book: &Book) -> Option<(String, f64)> {
    let shares = shares(book);
    let area = (!shares.is_empty()).then(|| of_owners(book, shares.len()))?;
    let all: Usd = shares.iter().map(|(_, usd)| *usd).sum();
    Some((format!("SUM({})", area.on(SUMMARY)), dollars(all)))
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
        size: STACKED,
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
        at: At { row: CHARTS.row + STACKED_ROWS, ..CHARTS },
        size: CUMULATED,
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
    Source { sheet: ASSUMPTIONS.to_owned(), area: Area::cell(at) }
}
