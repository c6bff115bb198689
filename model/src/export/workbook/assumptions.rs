//! The sheet of what may be changed, what the engine was run for, and what was planned.

use super::book::{Book, Input, Value, dollars, number};
use super::cells::{Area, At, Content, Kind, Name, Rule, Sheet, Style, Validation};
use super::names::ASSUMPTIONS;
use crate::export::{Setting, about, figures, line_settings, settings};
use crate::finance;
use crate::load;
use crate::parts;
use crate::prices::PriceGroup;
use crate::units::Bytes;
use crate::workload::Growth;

/// Formulas call them so.
pub(super) const GROWTH_CASE: &str = "growth_case";
pub(super) const CURRENCY: &str = "currency_code";
pub(super) const FX_RATE: &str = "fx_rate";
pub(super) const DISCOUNT_RATE: &str = "discount_rate";
pub(super) const LABOUR_RATE: &str = "labour_rate";
/// How many inputs that change dollars are not as planned.
pub(super) const CHANGED_PRICES: &str = "changed_prices";
/// How many inputs are not as planned.
pub(super) const CHANGED: &str = "changed_inputs";
/// The number of the chosen case.
pub(super) const CASE: &str = "case_number";

/// The row of the first input.
const FIRST: u32 = 6;
const VALUE: u16 = 1;
const DELIVERED: u16 = 3;
const CHANGED_COLUMN: u16 = 4;
/// What explains an input, from here to the last column.
const NOTE: u16 = 5;
const LAST: u16 = 8;

/// The least and the most that a share of a discount may be: below all of it.
const DISCOUNT_MAX: f64 = 0.999_999;
/// The most that a year takes off.
const YEARLY_MAX: f64 = 10.0;
/// What a rate of exchange may be: far beyond any that there is.
const FX: (f64, f64) = (0.000_001, 1_000_000.0);
/// The most that an hour of labour may cost, in dollars.
const LABOUR_MAX: f64 = 10_000.0;
/// The most that a credit takes off in a month, in dollars.
const CREDIT_MAX: f64 = 1e12;
/// The most brokers that are committed to.
const BROKERS_MAX: i32 = 100_000;
/// Characters of a currency's code: ISO 4217 has three.
const CODE_MAX: u32 = 3;

/// The value of an input, by its place.
pub(super) fn value_at(index: usize) -> At {
    At::new(FIRST + index as u32, VALUE)
}

/// How formulas call the brokers that somebody enters for a term.
pub(super) fn brokers(term: usize) -> String {
    format!("committed_brokers_{}", term + 1)
}

/// How formulas call what a credit takes off in a month.
pub(super) fn credit(place: usize) -> String {
    format!("credit_{}", place + 1)
}

/// How formulas call the discount of a group in a market.
pub(super) fn discount(market: usize, group: PriceGroup) -> String {
    let group = group.name().replace('-', "_");
    match market {
        0 => format!("discount_{group}"),
        _ => format!("discount_{group}_{}", market + 1),
    }
}

/// What may be changed.
pub(super) fn inputs(book: &Book) -> Vec<Input> {
    let input = |name: &str, label: &str, value, unit: &str, note: &str| Input {
        name: name.to_owned(),
        label: label.to_owned(),
        value,
        unit: unit.to_owned(),
        note: note.to_owned(),
        is_price: false,
    };
    let exchange = &book.exchange;
    let code = exchange.currency.code;
    let rate = match exchange.source.is_empty() {
        true => "Dollars as dollars: the scenario names no other currency.".to_owned(),
        false => format!("{code} for one USD: {}, {}.", exchange.source, exchange.as_of),
    };
    let present = match book.scenario.finance.discount_per_month {
        Some(_) => "From the scenario; for the present value.",
        None => "For the present value. The scenario states none, so that it is the plain sum.",
    };
    let mut list = vec![
        input(
            GROWTH_CASE,
            "Growth of every stream",
            Value::Case(book.cases[0].name.clone()),
            "from the list",
            "Each choice is a whole run of the engine with other growth: quantities and brokers are its own.",
        ),
        input(
            CURRENCY,
            "Currency",
            Value::Currency(code.to_owned()),
            "ISO 4217",
            "What Summary, Plan and Variance are written in. Prices and lines stay in USD.",
        ),
        input(FX_RATE, "Rate of exchange", Value::Exchange(exchange.rate), "for 1 USD", &rate),
        input(DISCOUNT_RATE, "Discount rate", Value::Yearly(book.discount_rate), "a year", present),
    ];
    let markets = book.scenario.markets();
    let several = if book.same_discounts() { 1 } else { markets.len() };
    for (index, (region, choice)) in markets.iter().take(several).enumerate() {
        for group in PriceGroup::ALL {
            let share = choice.discounts.get(&group).copied().unwrap_or_default();
            let place = region.filter(|_| several > 1).map(|name| format!(", {name}"));
            let label = format!("Discount on {}{}", of(group), place.unwrap_or_default());
            let note = "Off list prices of this group. Your own quotes (basis `scenario`) are net and take none.";
            let name = discount(index, group);
            let input = input(&name, &label, Value::Share(share), "of list", note);
            list.push(Input { is_price: true, ..input });
        }
    }
    let rate = book.plan.design.lines.settings.labour_rate.map(|rate| rate.0);
    if let Some(rate) = rate.filter(|_| book.prices.iter().any(|price| price.is_labour)) {
        let note = "What an hour of people's time costs. Nobody invoices it.";
        let input = input(LABOUR_RATE, "An hour of labour", Value::Rate(rate), "USD/h", note);
        list.push(Input { is_price: true, ..input });
    }
    for (index, id) in book.identifiers().into_iter().enumerate() {
        let mut terms = book.terms.iter().filter(|term| term.contract.id == id);
        let planned: u32 = terms.clone().map(|term| term.brokers[0]).sum();
        let words = terms.next().map_or_else(String::new, |term| term.contract.words());
        let label = format!("Brokers committed to, {id}");
        let unit = "brokers; empty: as planned";
        let note = format!(
            "{words}. Empty is what the engine says of the chosen growth: {planned} as planned."
        );
        let input = input(&brokers(index), &label, Value::Brokers, unit, &note);
        list.push(Input { is_price: true, ..input });
    }
    for (index, one) in book.scenario.finance.credits.iter().enumerate() {
        if one.platform.as_ref().is_some_and(|only| *only != book.plan.design.name) {
            continue;
        }
        let label = format!("Credit, {}", one.name);
        let note = format!("Taken off what is invoiced, never more: {}.", one.source);
        let input = input(&credit(index), &label, Value::Credit(one.amount), "USD a month", &note);
        list.push(Input { is_price: true, ..input });
    }
    list
}

/// What a discount is on, in words.
fn of(group: PriceGroup) -> &'static str {
    match group {
        PriceGroup::Compute => "machines",
        PriceGroup::BlockStorage => "block storage",
        PriceGroup::ObjectStorage => "object storage",
        PriceGroup::Requests => "requests",
        PriceGroup::Network => "network",
        PriceGroup::Fees => "fees",
    }
}

/// What stands where below the inputs.
struct Layout {
    changed: At,
    changed_prices: At,
    case: At,
    cases: u32,
}

fn layout(book: &Book) -> Layout {
    let end = FIRST + book.inputs.len() as u32;
    Layout {
        changed: At::new(end, VALUE),
        changed_prices: At::new(end + 1, VALUE),
        case: At::new(end + 2, VALUE),
        cases: end + 6,
    }
}

/// The engine's own totals of each case, as formulas choose from: list, contracted, billed, effective.
pub(super) fn engine_totals(book: &Book) -> [Area; 4] {
    let layout = layout(book);
    let last = layout.cases + book.cases.len() as u32 - 1;
    TOTALS.map(|column| Area::new(At::new(layout.cases, column), At::new(last, column)))
}

/// Columns of the engine's totals.
const TOTALS: [u16; 4] = [3, 4, 5, 6];

/// Cells that formulas call by name.
pub(super) fn names(book: &Book) -> Vec<Name> {
    let name = |name: &str, at| Name { name: name.to_owned(), sheet: ASSUMPTIONS.to_owned(), at };
    let layout = layout(book);
    let inputs = book.inputs.iter().enumerate();
    let mut names: Vec<Name> =
        inputs.map(|(index, input)| name(&input.name, value_at(index))).collect();
    names.push(name(CHANGED, layout.changed));
    names.push(name(CHANGED_PRICES, layout.changed_prices));
    names.push(name(CASE, layout.case));
    names
}

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut sheet =
        Sheet::new(ASSUMPTIONS, &[46.0, 24.0, 27.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0]);
    sheet.is_input = true;
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Assumptions", Kind::Title);
    let note = "Change the yellow cells: everything that is calculated in this workbook follows. Sizes stay as the engine computed them.";
    sheet.text(At::new(1, 0), note, Kind::Note);
    sheet.text(At::new(2, 0), "to be changed", Style::input(Kind::Text));
    sheet.text(At::new(2, 1), "computed by the engine", Style::engine(Kind::Text));
    sheet.text(At::new(2, 2), "calculated here", Kind::Text);
    sheet.text(At::new(4, 0), "Inputs", Kind::Heading);
    let heads = ["Input", "Value", "Counted in", "As planned", "Changed", "What it does"];
    sheet.texts(At::new(5, 0), &heads[..NOTE as usize], Kind::Header);
    sheet.spread(At::new(5, NOTE), LAST, heads[NOTE as usize], Kind::Header);
    for (index, input) in book.inputs.iter().enumerate() {
        put(&mut sheet, book, index, input);
    }
    sheet.frozen = At::new(FIRST, 1);
    derived(&mut sheet, book);
    let row = cases(&mut sheet, book);
    let row = planned(&mut sheet, book, row + 1);
    let row = streams(&mut sheet, book, row + 1);
    every_setting(&mut sheet, book, row + 1);
    sheet
}

/// An input, with what it was and whether it still is.
fn put(sheet: &mut Sheet, book: &Book, index: usize, input: &Input) {
    let at = value_at(index);
    let beside = |column| At { column, ..at };
    sheet.text(beside(0), &input.label, Kind::Wrapped);
    sheet.text(beside(2), &input.unit, Kind::Text);
    sheet.spread(beside(NOTE), LAST, &input.note, Kind::Remark);
    let (rule, message) = match &input.value {
        Value::Case(name) => {
            sheet.text(at, name, Style::input(Kind::Text));
            sheet.text(beside(DELIVERED), name, Style::engine(Kind::Text));
            let first = layout(book).cases;
            let last = first + book.cases.len() as u32 - 1;
            let list = Area::new(At::new(first, 0), At::new(last, 0));
            (Rule::OneOf(list), "Choose one of the list: other growth needs a run of the engine.")
        }
        Value::Currency(code) => {
            sheet.text(at, code, Style::input(Kind::Text));
            sheet.text(beside(DELIVERED), code, Style::engine(Kind::Text));
            (Rule::Text(CODE_MAX), "A code of three letters, such as EUR. Change the rate with it.")
        }
        Value::Share(share) => {
            sheet.number(at, number(*share), Style::input(Kind::Percent));
            sheet.number(beside(DELIVERED), number(*share), Style::engine(Kind::Percent));
            (Rule::Between(0.0, DISCOUNT_MAX), "From 0 % to below 100 %.")
        }
        Value::Yearly(rate) => {
            sheet.number(at, *rate, Style::input(Kind::Percent));
            sheet.number(beside(DELIVERED), *rate, Style::engine(Kind::Percent));
            (Rule::Between(0.0, YEARLY_MAX), "From 0 % to 1000 % a year.")
        }
        Value::Credit(amount) => {
            sheet.number(at, dollars(*amount), Style::input(Kind::Money));
            sheet.number(beside(DELIVERED), dollars(*amount), Style::engine(Kind::Money));
            (Rule::Between(0.0, CREDIT_MAX), "Dollars in a month, from 0.")
        }
        Value::Brokers => {
            sheet.put(at, Content::Blank, Style::input(Kind::Whole));
            sheet.put(beside(DELIVERED), Content::Blank, Style::engine(Kind::Whole));
            (Rule::Whole(0, BROKERS_MAX), "A whole number of brokers, or nothing.")
        }
        Value::Exchange(rate) => {
            sheet.number(at, number(*rate), Style::input(Kind::Exchange));
            sheet.number(beside(DELIVERED), number(*rate), Style::engine(Kind::Exchange));
            (Rule::Between(FX.0, FX.1), "What one dollar is in the currency, more than 0.")
        }
        Value::Rate(rate) => {
            sheet.number(at, dollars(*rate), Style::input(Kind::UnitPrice));
            sheet.number(beside(DELIVERED), dollars(*rate), Style::engine(Kind::UnitPrice));
            (Rule::Between(0.0, LABOUR_MAX), "Dollars for an hour, from 0 to 10000.")
        }
    };
    sheet.validations.push(Validation { at, rule, message: message.to_owned() });
    let changed = match input.value {
        // What is empty is zero to some and no text to others.
        Value::Brokers => format!("{}<>\"\"", at.name()),
        _ => format!("{}<>{}", at.name(), beside(DELIVERED).name()),
    };
    sheet.formula(beside(CHANGED_COLUMN), &changed, false, Kind::Flag);
}

/// What follows from the inputs, for other sheets.
fn derived(sheet: &mut Sheet, book: &Book) {
    let layout = layout(book);
    let flags = |from: usize| {
        let first = At { column: CHANGED_COLUMN, ..value_at(from) };
        let last = At { column: CHANGED_COLUMN, ..value_at(book.inputs.len() - 1) };
        format!("COUNTIF({},TRUE)", Area::new(first, last).name())
    };
    let label = |at: At| At { column: 0, ..at };
    sheet.text(label(layout.changed), "Inputs that are not as planned", Kind::Text);
    sheet.formula(layout.changed, &flags(0), 0.0, Kind::Whole);
    sheet.text(label(layout.changed_prices), "Those of them that change dollars", Kind::Text);
    // Inputs that change dollars are the last.
    let first = book.inputs.iter().position(|input| input.is_price);
    let formula = first.map_or_else(|| "0".to_owned(), flags);
    sheet.formula(layout.changed_prices, &formula, 0.0, Kind::Whole);
    sheet.text(label(layout.case), "Number of the chosen growth, of the table below", Kind::Text);
    let last = layout.cases + book.cases.len() as u32 - 1;
    let list = Area::new(At::new(layout.cases, 0), At::new(last, 0));
    let formula = format!("MATCH({GROWTH_CASE},{},0)", list.name());
    sheet.formula(layout.case, &formula, 1.0, Kind::Whole);
}

/// What the engine was run for; the row after it.
fn cases(sheet: &mut Sheet, book: &Book) -> u32 {
    let first = layout(book).cases;
    sheet.text(At::new(first - 2, 0), "Runs of the engine", Kind::Heading);
    let heads = ["Growth of every stream", "Points a month", "Fleet of the busiest month"];
    sheet.texts(At::new(first - 1, 0), &heads, Kind::Header);
    let heads = ["List cost, USD", "Contracted, USD", "Billed, USD", "Effective, USD"];
    for (column, head) in TOTALS.into_iter().zip(heads) {
        sheet.text(At::new(first - 1, column), head, Kind::HeaderRight);
    }
    for ((index, row), case) in (first..).enumerate().zip(&book.cases) {
        let plan = case.plan();
        let costs = book.engine(index);
        sheet.text(At::new(row, 0), &case.name, Style::engine(Kind::Text));
        sheet.number(At::new(row, 1), f64::from(case.points), Style::engine(Kind::Whole));
        sheet.text(At::new(row, 2), &figures::fleet(plan), Style::engine(Kind::Text));
        let costs = [costs.list, costs.contracted, costs.billed, costs.effective];
        for (column, cost) in TOTALS.into_iter().zip(costs) {
            sheet.number(At::new(row, column), dollars(cost), Style::engine(Kind::Money));
        }
    }
    let mut row = first + book.cases.len() as u32;
    for (name, reason) in &book.refused {
        sheet.text(At::new(row, 0), name, Style::engine(Kind::Text));
        let why = format!("cannot be chosen: {reason}");
        sheet.spread(At::new(row, 1), LAST, &why, Style::engine(Kind::Wrapped));
        row += 1;
    }
    row
}

/// What was planned, in words; the row after it.
fn planned(sheet: &mut Sheet, book: &Book, row: u32) -> u32 {
    sheet.text(At::new(row, 0), "What was planned", Kind::Heading);
    let plan = book.plan;
    let design = &plan.design;
    // A plan's own load is that of the month that asks for most.
    let month = book.comparison.month;
    let load = load::load(&parts::asked(book.scenario), design, month, 1);
    let [produced, read] = about::workload(book.scenario, &load);
    let later = about::later(book.comparison, book.scenario, &load);
    let ingested: f64 = finance::measured(plan, book.scenario)
        .months
        .iter()
        .flat_map(|month| &month.amounts)
        .map(|amounts| amounts.ingested)
        .sum();
    let mut facts = vec![
        ("Scenario", book.comparison.title.clone()),
        ("Platform", design.name.clone()),
        ("Preset", design.preset.name.to_owned()),
        ("Prices of", format!("{} {}", plan.provider, plan.region)),
        ("Horizon", about::period(book.comparison, book.scenario)),
        ("Produced, in the first month", produced),
        ("Read and kept, in the first month", read),
        ("Later", later),
        ("Produced, whole horizon, stored", Bytes::new(ingested).to_string()),
        ("Brokers in the busiest month", figures::fleet(plan)),
        ("What sized them", figures::bottleneck(plan)),
    ];
    facts.extend(about::regions(book.scenario).into_iter().map(|line| ("Regions", line)));
    facts.retain(|(_, value)| !value.is_empty());
    let mut row = row + 1;
    for (name, value) in facts {
        sheet.text(At::new(row, 0), name, Kind::Text);
        sheet.spread(At::new(row, 1), LAST, &value, Style::engine(Kind::Wrapped));
        row += 1;
    }
    row
}

/// Every stream; the row after them.
fn streams(sheet: &mut Sheet, book: &Book, row: u32) -> u32 {
    sheet.text(At::new(row, 0), "Streams", Kind::Heading);
    let heads = ["Stream", "Produced at first, raw", "Growth", "Retention", "Owner"];
    let streams = &book.scenario.workload.streams;
    let owned = streams.iter().any(|stream| stream.owner.is_some());
    let heads = if owned { &heads[..] } else { &heads[..4] };
    sheet.texts(At::new(row + 1, 0), heads, Kind::Header);
    let mut row = row + 2;
    for stream in streams {
        let produced = stream.produce_raw.to_string();
        let retention = stream.retention.to_string();
        let texts = [&*stream.name, &produced, &growth(&stream.growth), &retention];
        sheet.texts(At::new(row, 0), &texts, Style::engine(Kind::Text));
        if let Some(owner) = &stream.owner {
            sheet.text(At::new(row, 4), owner, Style::engine(Kind::Text));
        }
        row += 1;
    }
    row
}

/// As a scenario writes it.
fn growth(growth: &Growth) -> String {
    let percent = |share: f64| figures::percent(share);
    let steps = match growth.steps.len() {
        0 => String::new(),
        count => format!(", {}", figures::counted(count, "step")),
    };
    match (growth.compound == 0.0, growth.linear == 0.0) {
        (true, true) if growth.steps.is_empty() => "none".to_owned(),
        (_, true) => format!("{} a month{steps}", percent(growth.compound)),
        _ => format!("{} of the first month a month{steps}", percent(growth.linear)),
    }
}

/// The column of the sources of settings, as far as the last.
const SOURCE: u16 = 4;

/// Every setting of the platform and of its further lines.
fn every_setting(sheet: &mut Sheet, book: &Book, row: u32) {
    sheet.text(At::new(row, 0), "Settings", Kind::Heading);
    let heads = ["Setting", "Value", "Origin", "Confidence"];
    sheet.texts(At::new(row + 1, 0), &heads, Kind::Header);
    sheet.spread(At::new(row + 1, SOURCE), LAST, "Source", Kind::Header);
    let design = &book.plan.design;
    let all: Vec<Setting> = settings(design).into_iter().chain(line_settings(design)).collect();
    for (row, setting) in (row + 2..).zip(&all) {
        let confidence = setting.confidence.map_or("", |confidence| confidence.name());
        let texts = [setting.parameter.key, &setting.value, setting.origin.name(), confidence];
        sheet.texts(At::new(row, 0), &texts, Style::engine(Kind::Text));
        sheet.spread(At::new(row, SOURCE), LAST, setting.source, Kind::Remark);
    }
}
