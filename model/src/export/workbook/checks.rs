//! The sheet of whether it adds up: sums of this workbook beside those of the engine.

use rust_decimal::Decimal;

use super::assumptions::{self, CASE, CHANGED_PRICES, CURRENCY, DISCOUNT_RATE, FX_RATE};
use super::book::{BILLED, Book, CONTRACTED, Cost, EFFECTIVE, LIST, dollars, number};
use super::cells::{Area, At, Kind, Sheet, Style};
use super::commitments::{self, Sum};
use super::lines::{self, Column};
use super::monthly::{self, Row};
use super::names::{ASSUMPTIONS, CHECKS, PLAN};
use super::{summary, variance};
use crate::ledger::{ChargeKind, UPFRONT_FEE};

/// The row of the first check.
const FIRST: u32 = 6;
const HERE: u16 = 1;
const THERE: u16 = 2;
const DIFFERENCE: u16 = 3;
const UNIT: u16 = 4;
const HOLDS: u16 = 5;
const NOTE: u16 = 6;

/// Less than what is a cent when rounded.
const CENT: f64 = 0.005;

/// A sum of this workbook and what it has to be.
struct Check {
    name: String,
    here: String,
    there: String,
    found: (f64, f64),
    unit: Unit,
    when: When,
    note: &'static str,
}

/// What a check is counted in.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Dollars,
    Currency,
    Rate,
    Count,
}

impl Unit {
    fn kind(self) -> Kind {
        match self {
            Self::Dollars | Self::Currency => Kind::Money,
            Self::Rate => Kind::Exchange,
            Self::Count => Kind::Whole,
        }
    }
}

/// When a check can be made.
#[derive(Clone, Copy, PartialEq)]
enum When {
    /// Whatever the inputs are.
    Always,
    /// While prices are as planned.
    Priced,
    /// While prices and growth are as planned.
    Planned,
}

/// Where it says whether all of them hold.
pub(super) fn all_at() -> At {
    At::new(2, HERE)
}

/// Whether all of them hold, as planned.
pub(super) fn all_hold(book: &Book) -> bool {
    checks(book).iter().all(holds)
}

fn holds(check: &Check) -> bool {
    (check.found.0 - check.found.1).abs() < CENT
}

fn checks(book: &Book) -> Vec<Check> {
    let check = |name: &str, here: String, there: String, found, when, note| Check {
        name: name.to_owned(),
        here,
        there,
        found,
        unit: Unit::Dollars,
        when,
        note,
    };
    let in_currency = |check: Check| Check { unit: Unit::Currency, ..check };
    let sum = |column| format!("SUM({})", lines::column(book, column));
    let ours = |cost: Cost| dollars(book.sum(cost, |_| true));
    let engine = book.engine(0);
    let [list, contracted, billed, effective] = assumptions::engine_totals(book)
        .map(|area| format!("INDEX({},{CASE})", area.on(ASSUMPTIONS)));
    let own = "The engine's own total for the chosen growth.";
    let all = book.converted(book.sum(EFFECTIVE, |_| true));
    let cash = book.converted(book.sum(BILLED, |_| true));
    let months = monthly::months(book, Row::Effective).area.on(PLAN);
    let paid = monthly::months(book, Row::Billed).area.on(PLAN);
    let last = monthly::month(book, Row::Cumulated, book.months.len() - 1);
    let present = monthly::present_value(book);
    let ahead = book.terms.iter().map(|term| dollars(book.ahead(term))).sum::<f64>();
    let (over, fees) = over_terms(book);
    let mut list = vec![
        check(
            "List cost of all lines",
            sum(Column::List),
            list,
            (ours(LIST), dollars(engine.list)),
            When::Priced,
            own,
        ),
        check(
            "Contracted cost of all lines",
            sum(Column::Contracted),
            contracted,
            (ours(CONTRACTED), dollars(engine.contracted)),
            When::Priced,
            own,
        ),
        check(
            "Billed cost of all lines",
            sum(Column::Billed),
            billed,
            (ours(BILLED), dollars(engine.billed)),
            When::Priced,
            own,
        ),
        check(
            "Effective cost of all lines",
            sum(Column::Effective),
            effective,
            (ours(EFFECTIVE), dollars(engine.effective)),
            When::Priced,
            own,
        ),
        check(
            "Billed less effective cost",
            format!("{}-{}", sum(Column::Billed), sum(Column::Effective)),
            commitments::sum(book, Sum::Ahead),
            (ours(BILLED) - ours(EFFECTIVE), ahead),
            When::Always,
            "Cash and accrual differ by what is paid ahead for months after the plan.",
        ),
        check(
            "Fees of commitments over their whole terms",
            format!(
                "{}+{}+{}",
                fees_of(book, ChargeKind::Purchase.name()),
                fees_of(book, UPFRONT_FEE),
                commitments::sum(book, Sum::Later)
            ),
            commitments::sum(book, Sum::Term),
            (fees, over),
            When::Always,
            "However they are paid, fees come to the hours of the term: cash and accrual are the same in the end.",
        ),
        in_currency(check(
            "Plan: effective cost",
            monthly::sum(book, Row::Effective),
            format!("{}*{FX_RATE}", sum(Column::Effective)),
            (all, all),
            When::Always,
            "Every line is in a component and a month.",
        )),
        in_currency(check(
            "Plan: months and components",
            format!("SUM({months})"),
            format!("SUM({})", monthly::component_sums(book)),
            (all, all),
            When::Always,
            "Rows and columns add up to the same.",
        )),
        in_currency(check(
            "Plan: from list to effective cost",
            monthly::sum(book, Row::Left),
            monthly::sum(book, Row::Effective),
            (all, all),
            When::Always,
            "List cost, discounts, commitments and credits are all that there is.",
        )),
        in_currency(check(
            "Plan: cash in the end",
            last,
            format!("SUM({paid})"),
            (cash, cash),
            When::Always,
            "What has been paid by the last month is all that is billed.",
        )),
        in_currency(check(
            "Plan: present value",
            monthly::sum(book, Row::Present),
            format!("NPV((1+{DISCOUNT_RATE})^(1/12)-1,{paid})"),
            (present, present),
            When::Always,
            "Factor by factor, and by the function NPV.",
        )),
        Check {
            unit: Unit::Rate,
            ..check(
                "Currency: a dollar is a dollar",
                format!("IF({CURRENCY}=\"USD\",{FX_RATE},1)"),
                "1".to_owned(),
                (1.0, 1.0),
                When::Always,
                "Whoever chooses USD sets the rate of exchange to 1.",
            )
        },
        in_currency(check(
            "Variance: what is planned",
            format!("SUM({})", variance::planned(book)),
            monthly::sum(book, Row::Billed),
            (cash, cash),
            When::Always,
            "Actuals are held against all that is to be billed.",
        )),
    ];
    if let Some((here, owners)) = summary::owners_sum(book) {
        let [.., engine] = assumptions::engine_totals(book);
        let there = engine.first.on(ASSUMPTIONS);
        let own = dollars(book.engine(0).effective);
        let note = "Nobody bears a cost twice, and none is left. The engine's, as planned.";
        let name = "Effective cost by owner";
        list.push(check(name, here, there, (owners, own), When::Always, note));
    }
    list.extend(summary::year_sums(book).into_iter().map(|(name, years, row)| {
        let (formula, all) = years;
        let (there, note) = (monthly::sum(book, row), "Every month is in a fiscal year.");
        in_currency(check(name, formula, there, (all, all), When::Always, note))
    }));
    for component in &book.components {
        let names = lines::column(book, Column::Component);
        let amounts = lines::column(book, Column::Effective);
        let name = component.name();
        let here = format!("SUMIFS({amounts},{names},\"{name}\")");
        let ours = dollars(book.sum(EFFECTIVE, |line| line.component == Some(*component)));
        let engine = dollars(book.plan.bill.of_component(*component));
        let note = "The engine's own bill, as planned.";
        let name = format!("Effective cost of {name}");
        let there = format!("{engine}");
        list.push(check(&name, here, there, (ours, engine), When::Planned, note));
    }
    let gaps = book.plan.bill.gaps.len() as f64;
    let note = "What has no price costs nothing here: see Summary for what is missing.";
    let gaps = check(
        "Things without a price",
        format!("{gaps}"),
        "0".to_owned(),
        (gaps, 0.0),
        When::Always,
        note,
    );
    list.push(Check { unit: Unit::Count, ..gaps });
    list
}

/// Fees of commitments of one kind, as a formula.
fn fees_of(book: &Book, kind: &str) -> String {
    let (fees, kinds) = (lines::column(book, Column::Billed), lines::column(book, Column::Kind));
    format!("SUMIFS({fees},{kinds},\"{kind}\")")
}

/// What all terms cost, by their hours and by their fees, as planned.
fn over_terms(book: &Book) -> (f64, f64) {
    let mut fees = book.sum(BILLED, |line| line.kind == ChargeKind::Purchase).dollars();
    let mut hours = Decimal::ZERO;
    for term in &book.terms {
        let hour = book.prices[term.price].contracted().dollars();
        let each = hour * Decimal::from(term.brokers[0]);
        let later = term.hours() - term.hours_until(book.months.len());
        fees += each * later * (Decimal::ONE - term.contract.upfront);
        hours += each * term.hours();
    }
    (number(hours), number(fees))
}

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut sheet = Sheet::new(CHECKS, &[44.0, 18.0, 18.0, 14.0, 11.0, 15.0, 60.0]);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Checks", Kind::Title);
    let note = "Sums of this workbook beside what they have to be, to the cent. Sums of the engine are compared while the prices are as planned.";
    sheet.text(At::new(1, 0), note, Kind::Note);
    let checks = checks(book);
    let last = FIRST + checks.len() as u32 - 1;
    let flags = Area::new(At::new(FIRST, HOLDS), At::new(last, HOLDS));
    let formula = format!("COUNTIF({},FALSE)=0", flags.name());
    sheet.text(At::new(2, 0), "All of them hold", Style::total(Kind::Text));
    sheet.formula(all_at(), &formula, all_hold(book), Style::total(Kind::Flag));
    sheet.formula(At::new(3, HERE), CHANGED_PRICES, 0.0, Kind::Whole);
    sheet.text(At::new(3, 0), "Changed inputs that change dollars", Kind::Text);
    let header = At::new(FIRST - 1, 0);
    sheet.text(header, "Check", Kind::Header);
    let heads = ["Here", "Has to be", "Difference", "Currency", "Holds"];
    sheet.texts(At { column: HERE, ..header }, &heads, Kind::HeaderRight);
    sheet.text(At { column: NOTE, ..header }, "What it means", Kind::Header);
    for (row, check) in (FIRST..).zip(&checks) {
        put(&mut sheet, book, row, check);
    }
    sheet.alarms = vec![flags, Area::cell(all_at())];
    sheet.frozen = At::new(FIRST, 1);
    sheet.printed_header = Some(FIRST - 1);
    sheet
}

fn put(sheet: &mut Sheet, book: &Book, row: u32, check: &Check) {
    let at = |column| At::new(row, column);
    let (here, there) = check.found;
    let kind = check.unit.kind();
    sheet.text(at(0), &check.name, Kind::Wrapped);
    sheet.formula(at(HERE), &check.here, here, kind);
    sheet.formula(at(THERE), &check.there, there, kind);
    let difference = format!("{}-{}", at(HERE).name(), at(THERE).name());
    sheet.formula(at(DIFFERENCE), &difference, here - there, kind);
    match check.unit {
        Unit::Dollars => sheet.text(at(UNIT), "USD", Kind::Unit),
        Unit::Currency => {
            sheet.formula(at(UNIT), CURRENCY, book.exchange.currency.code, Kind::Unit);
        }
        Unit::Rate | Unit::Count => {}
    }
    let within = format!("ABS({})<{CENT}", at(DIFFERENCE).name());
    let formula = match check.when {
        When::Always => within,
        When::Priced => format!("IF({CHANGED_PRICES}>0,\"not compared\",{within})"),
        When::Planned => format!("IF({CHANGED_PRICES}+{CASE}>1,\"not compared\",{within})"),
    };
    sheet.formula(at(HOLDS), &formula, holds(check), Kind::Flag);
    sheet.text(at(NOTE), check.note, Kind::Remark);
}
