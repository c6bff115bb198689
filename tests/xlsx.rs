//! Workbooks: read back with a reader of others, calculated anew by LibreOffice, and played with as finance would.

mod office;

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use model::bill::Component;
use model::export::workbook::{
    self, Asked, At, Cell, Content, Found, Kind, POINTS, Role, Workbook, cases, names,
};
use model::export::xlsx;
use model::finance::fiscal_year;
use model::ledger;
use model::money::Usd;
use model::scenario::set;
use model::{Comparison, Scenario, View};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::examples::{examples, highwater};

/// Less than what is a cent when rounded.
const CENT: f64 = 0.005;

/// A scenario, planned through its horizon, with the workbook of a platform.
struct Case {
    scenario: Scenario,
    comparison: Comparison,
    workbook: Workbook,
    platform: String,
}

fn made(text: &str, platform: Option<&str>) -> Case {
    made_with(crate::parse(text), platform, &POINTS)
}

/// The same of a scenario, with these growths to choose from.
fn made_with(scenario: Scenario, platform: Option<&str>, points: &[i32]) -> Case {
    let prices = crate::catalog().prices(&scenario).expect("the regions are in the catalogue");
    let comparison = model::compare(&scenario, &prices, View::Horizon);
    let chosen = platform.or_else(|| model::export::focus::default_platform(&comparison));
    let first = || comparison.plans().next().map(|plan| &*plan.design.name);
    let platform = chosen.or_else(first).expect("a platform that can be planned").to_owned();
    let offered = cases(&comparison, &scenario, &prices, &platform, points, &mut |_| ());
    let asked = Asked {
        platform: &platform,
        audit: vec![("Engine".to_owned(), "a test".to_owned())],
        created: None,
    };
    let workbook = workbook::workbook(&comparison, &scenario, &offered, &asked);
    let workbook = workbook.unwrap_or_else(|| panic!("`{platform}` has a plan"));
    Case { scenario, comparison, workbook, platform }
}

fn of_example(name: &str) -> Case {
    made(&crate::example(name), None)
}

/// A file as a reader of others sees it.
struct Read {
    values: BTreeMap<String, Range<Data>>,
    formulas: BTreeMap<String, Range<String>>,
}

fn read(bytes: &[u8]) -> Read {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let names = book.sheet_names();
    let values =
        names.iter().map(|name| (name.clone(), book.worksheet_range(name).expect("a sheet")));
    let values = values.collect();
    let formulas =
        names.iter().map(|name| (name.clone(), book.worksheet_formula(name).expect("a sheet")));
    let formulas = formulas.collect();
    Read { values, formulas }
}

impl Read {
    fn value(&self, sheet: &str, at: At) -> &Data {
        let found = self.values[sheet].get_value((at.row, u32::from(at.column)));
        found.unwrap_or(&Data::Empty)
    }

    fn formula(&self, sheet: &str, at: At) -> &str {
        let found = self.formulas[sheet].get_value((at.row, u32::from(at.column)));
        found.map_or("", String::as_str)
    }
}

/// What a cell says, beside what it should.
#[track_caller]
fn same(found: &Data, expected: &Found, place: &str) {
    match (found, expected) {
        (Data::Float(found), Found::Number(expected)) => {
            assert!((found - expected).abs() < CENT, "{place}: {found} instead of {expected}");
        }
        (Data::Int(found), Found::Number(expected)) => {
            assert!((*found as f64 - expected).abs() < CENT, "{place}: {found}, not {expected}");
        }
        (Data::String(found), Found::Text(expected)) => assert_eq!(found, expected, "{place}"),
        (Data::Empty, Found::Text(expected)) => assert_eq!(expected, "", "{place}"),
        (Data::Bool(found), Found::Flag(expected)) => assert_eq!(found, expected, "{place}"),
        _ => panic!("{place}: {found:?} instead of {expected:?}"),
    }
}

/// Every cell of a workbook is in a file as it was described.
#[track_caller]
fn all_the_same(workbook: &Workbook, file: &Read, name: &str) -> usize {
    let mut compared = 0;
    for sheet in &workbook.sheets {
        for cell in &sheet.cells {
            let place = format!("{name}, {}", cell.at.on(&sheet.name));
            let found = file.value(&sheet.name, cell.at);
            match &cell.content {
                Content::Blank => assert_eq!(found, &Data::Empty, "{place}"),
                Content::Text(text) => same(found, &Found::Text(text.clone()), &place),
                Content::Number(number) => same(found, &Found::Number(*number), &place),
                Content::Flag(flag) => same(found, &Found::Flag(*flag), &place),
                Content::Formula { text, result } => {
                    same(found, result, &format!("{place} {text}"))
                }
            }
            compared += 1;
        }
    }
    compared
}

/// What a cell that a name stands for holds.
fn at_name(workbook: &Workbook, name: &str) -> (String, At) {
    let named = workbook.names.iter().find(|one| one.name == name);
    let named = named.unwrap_or_else(|| panic!("there is no input `{name}`"));
    (named.sheet.clone(), named.at)
}

/// Enters something into an input; all results stay what they were.
fn enter(workbook: &mut Workbook, name: &str, content: Content) {
    let (sheet, at) = at_name(workbook, name);
    let sheet = workbook.sheets.iter_mut().find(|one| one.name == sheet).expect("a sheet");
    let cell = sheet.cells.iter_mut().find(|cell| cell.at == at).expect("a cell");
    cell.content = content;
}

fn number(decimal: Decimal) -> f64 {
    decimal.to_f64().expect("a number")
}

/// The sums of a sheet by the texts of its first column: numbers of the second.
fn by_label(file: &Read, sheet: &str) -> BTreeMap<String, f64> {
    let range = &file.values[sheet];
    let rows = 0..=range.end().map_or(0, |end| end.0);
    let row = |row| {
        let (Data::String(label), Data::Float(value)) =
            (file.value(sheet, At::new(row, 0)), file.value(sheet, At::new(row, 1)))
        else {
            return None;
        };
        Some((label.clone(), *value))
    };
    rows.filter_map(row).collect()
}

const SHEETS: [&str; 10] = [
    names::SUMMARY,
    names::ASSUMPTIONS,
    names::PRICES,
    names::PLAN,
    names::COMMITMENTS,
    names::VARIANCE,
    names::CHECKS,
    names::AUDIT,
    names::LINES,
    names::CASES,
];

#[test]
fn every_example_adds_up_in_its_workbook() {
    for path in examples("") {
        let name = path.file_stem().expect("a file name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("an example");
        let case = made(&text, None);
        let bytes = xlsx::bytes(&case.workbook).expect("a workbook");
        assert!(bytes == xlsx::bytes(&case.workbook).expect("the same"), "{name}");
        let file = read(&bytes);
        let sheets: Vec<&str> = case.workbook.sheets.iter().map(|sheet| &*sheet.name).collect();
        assert_eq!(sheets, SHEETS, "{name}");
        assert!(all_the_same(&case.workbook, &file, &name) > 500, "{name}");
        adds_up(&case, &file, &name);
        can_be_read(&case.workbook, &name);
    }
    for name in ["all", "follow"] {
        let case = made_with(crate::parse(&committed(name)), Some(COMMITTED), &[0]);
        let file = read(&xlsx::bytes(&case.workbook).expect("a workbook"));
        all_the_same(&case.workbook, &file, name);
        adds_up(&case, &file, name);
        can_be_read(&case.workbook, name);
        fees_are_as_in_the_ledger(&case, &file);
    }
}

/// Paper has room for letters that people can read, and every amount says in what currency it is.
#[track_caller]
fn can_be_read(workbook: &Workbook, name: &str) {
    for sheet in &workbook.sheets {
        let scale = sheet.scale();
        assert!(scale >= 60, "{name}, {} is printed at {scale} %", sheet.name);
        let heads: Vec<(At, &str)> = sheet.cells.iter().filter_map(head).collect();
        for (at, head) in &heads {
            assert!(head.len() > 2, "{name}, {}: `{head}` says nothing", at.on(&sheet.name));
        }
        // Units stand beside amounts on the one, and in titles of rows on the other.
        if [names::ASSUMPTIONS, names::CHECKS, names::PLAN].contains(&&*sheet.name) {
            continue;
        }
        let is_money = |cell: &&Cell| matches!(cell.style.kind, Kind::Money | Kind::Converted);
        for cell in sheet.cells.iter().filter(is_money) {
            let place = format!("{name}, {}", cell.at.on(&sheet.name));
            let above =
                heads.iter().filter(|(at, _)| at.column == cell.at.column && at.row < cell.at.row);
            let Some((_, head)) = above.max_by_key(|(at, _)| at.row) else {
                // Sums stand above what they are of.
                assert!(cell.style.role == Role::Total, "{place} has no head");
                continue;
            };
            assert!(["USD", "EUR"].iter().any(|code| head.contains(code)), "{place}: {head}");
        }
    }
}

/// The head of a column.
fn head(cell: &Cell) -> Option<(At, &str)> {
    if !matches!(cell.style.kind, Kind::Header | Kind::HeaderRight) {
        return None;
    }
    match &cell.content {
        Content::Text(text) | Content::Formula { result: Found::Text(text), .. } => {
            Some((cell.at, text))
        }
        other => panic!("{} is headed by {other:?}", cell.at.name()),
    }
}

/// What is paid once and what recurs are lines of their own, as elsewhere.
#[track_caller]
fn fees_are_as_in_the_ledger(case: &Case, file: &Read) {
    let plan = case.comparison.plans().find(|plan| plan.design.name == case.platform);
    let mut expected: BTreeMap<(String, u32), f64> = BTreeMap::new();
    for charge in ledger::charges(plan.expect("the plan"), &case.scenario.finance) {
        if charge.kind == ledger::ChargeKind::Purchase {
            let place = (charge.kind_name().to_owned(), charge.month + 1);
            *expected.entry(place).or_default() += number(charge.billed_cost.dollars());
        }
    }
    let mut found: BTreeMap<(String, u32), f64> = BTreeMap::new();
    for row in 5..=file.values[names::LINES].end().map_or(0, |end| end.0) {
        let at = |column| file.value(names::LINES, At::new(row, column));
        let (Data::Float(month), Data::String(kind)) = (at(0), at(2)) else { continue };
        if let (true, Data::Float(billed)) = (kind.ends_with("fee"), at(14)) {
            *found.entry((kind.clone(), *month as u32)).or_default() += billed;
            let (Data::Float(hours), Data::Float(price)) = (at(9), at(11)) else {
                panic!("a fee is hours and a price")
            };
            assert!((hours * price - billed).abs() < CENT, "{hours} h at {price} are {billed}");
        }
    }
    found.retain(|_, billed| *billed != 0.0);
    assert!(expected.keys().any(|(kind, _)| kind == "upfront commitment fee"));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (place, billed) in &found {
        assert!((billed - expected[place]).abs() < CENT, "{place:?}: {billed}");
    }
}

/// Rows of the first sheet below the one that begins with a text, as far as there are any: their texts, and two numbers.
fn table(file: &Read, head: &str) -> Vec<(String, f64, f64)> {
    let text = |row| match file.value(names::SUMMARY, At::new(row, 0)) {
        Data::String(text) => text.clone(),
        _ => String::new(),
    };
    let number = |row, column| match file.value(names::SUMMARY, At::new(row, column)) {
        Data::Float(number) => *number,
        _ => 0.0,
    };
    let last = file.values[names::SUMMARY].end().map_or(0, |end| end.0);
    let Some(first) = (0..=last).find(|row| text(*row) == head) else { return Vec::new() };
    let rows = (first + 1..).take_while(|row| !text(*row).is_empty());
    rows.map(|row| (text(row), number(row, 1), number(row, 2))).collect()
}

const YEARS: &str = "Fiscal year, months of it planned";

#[test]
fn fiscal_years_are_those_of_the_ledger() {
    let text = set(&crate::example("commitments.toml"), "horizon.months", "18").expect("a path");
    let case = made_with(crate::parse(&text), Some("committed"), &[0]);
    let file = read(&xlsx::bytes(&case.workbook).expect("a workbook"));
    let plan = case.comparison.plans().find(|plan| plan.design.name == "committed");
    let finance = &case.scenario.finance;
    let rate = finance.exchange.as_ref().expect("a rate").rate;
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for charge in ledger::charges(plan.expect("the plan"), finance) {
        let (start, _) = case.scenario.horizon.billing_period(charge.month).expect("a date");
        let year = fiscal_year(start, finance.fiscal_year_start).to_string();
        let sum = sums.entry(year).or_default();
        sum.0 += number(charge.billed_cost.dollars() * rate);
        sum.1 += number(charge.effective_cost.dollars() * rate);
    }
    let rows = table(&file, YEARS);
    let names: Vec<&str> = rows.iter().map(|(name, ..)| &**name).collect();
    let expected = [
        "FY2027: 2027-01 to 2027-03",
        "FY2028: 2027-04 to 2028-03",
        "FY2029: 2028-04 to 2028-06",
        "All of them",
    ];
    assert_eq!(names, expected);
    for (name, billed, effective) in &rows[..3] {
        let sum = sums[&name[..6]];
        assert!((billed - sum.0).abs() < CENT && (effective - sum.1).abs() < CENT, "{name}");
    }

    let text = crate::example("reference-100mib.toml");
    let case = made_with(crate::parse(&text), None, &[0]);
    assert_eq!(case.scenario.horizon.start, None);
    let file = read(&xlsx::bytes(&case.workbook).expect("a workbook"));
    assert_eq!(table(&file, YEARS), []);
}

#[test]
fn owners_bear_what_the_platform_costs() {
    let case =
        made_with(crate::parse(&crate::example("commitments.toml")), Some("paid-ahead"), &[0]);
    let file = read(&xlsx::bytes(&case.workbook).expect("a workbook"));
    let plan = case.comparison.plans().find(|plan| plan.design.name == "paid-ahead");
    let charges = ledger::charges(plan.expect("the plan"), &case.scenario.finance);
    let effective = number(ledger::costs(charges.iter()).effective.dollars());
    let rows = table(&file, "Owner");
    let names: Vec<&str> = rows.iter().map(|(name, ..)| &**name).collect();
    assert_eq!(names, ["metering", "grid control", "no owner", "All of them"]);
    let sum: f64 = rows[..3].iter().map(|(_, _, usd)| usd).sum();
    assert!((sum - effective).abs() < CENT, "{sum} instead of {effective}");
    for (name, euro, usd) in &rows {
        assert!((euro - usd * 0.92).abs() < CENT && *usd > 0.0, "{name}");
    }

    let case = of_example("smart-meter.toml");
    let file = read(&xlsx::bytes(&case.workbook).expect("a workbook"));
    assert_eq!(table(&file, "Owner"), [], "no stream has an owner");
}

/// How often the first sheet says that inputs are not as planned.
fn warnings(file: &Read) -> usize {
    let cells = file.values[names::SUMMARY].used_cells();
    let says = |cell: &Data| {
        let Data::String(text) = cell else { return false };
        ["1 input is ", "2 inputs are ", "3 inputs are ", "6 inputs are "]
            .iter()
            .any(|begin| text.starts_with(&format!("{begin}not as planned: ")))
    };
    cells.filter(|(_, _, cell)| says(cell)).count()
}

/// Sums of the sheet are those of the ledger, in the currency of the scenario.
#[track_caller]
fn adds_up(case: &Case, file: &Read, name: &str) {
    let plan = case.comparison.plans().find(|plan| plan.design.name == case.platform);
    let plan = plan.expect("the plan");
    let finance = &case.scenario.finance;
    let rate = finance.exchange.as_ref().map_or(Decimal::ONE, |exchange| exchange.rate);
    let charges = ledger::charges(plan, finance);
    let costs = ledger::costs(charges.iter());
    let converted = |usd: Usd| number(usd.dollars() * rate);
    let sums = by_label(file, names::PLAN);
    let is_near = |label: &str, expected: Usd| {
        let found = sums.get(label).copied().unwrap_or_default();
        let expected = converted(expected);
        assert!((found - expected).abs() < CENT, "{name}, {label}: {found}, not {expected}");
    };
    is_near("Effective cost", costs.effective);
    is_near("Billed cost", costs.billed);
    let credits = charges.iter().filter(|charge| charge.component.is_none());
    let credits: Usd = credits.map(|charge| charge.billed_cost).sum();
    is_near("Credits", credits);
    is_near("List cost", costs.list);
    is_near("Negotiated discounts", costs.contracted - costs.list);
    is_near("Commitments (unused hours included)", costs.effective - credits - costs.contracted);
    for component in Component::ALL {
        is_near(component.name(), plan.bill.of_component(*component));
    }
    let holds = Data::Bool(plan.is_complete());
    assert_eq!(file.value(names::CHECKS, At::new(2, 1)), &holds, "{name}");
}

/// The platform that is committed to.
const COMMITTED: &str = "automq-s3-wal";

/// The example of the whole bill for a year and a half, with commitments that overlap, end, are renewed and cover more than
/// runs, and with credits; its fleet is fixed, or follows the day.
fn committed(fleet: &str) -> String {
    let text = crate::example("whole-bill.toml");
    let mut text = set(&text, "horizon.months", "18").expect("a path");
    if fleet == "follow" {
        text = set(&text, &format!("platform.{COMMITTED}.fleet"), "follow").expect("a path");
    }
    for (path, value) in [("stream.clicks.growth", "5 %/month"), ("prices.discount.compute", "7 %")]
    {
        text = set(&text, path, value).expect("a path");
    }
    text + r#"
[finance]
discount_rate = "8 %/year"
exchange = "0.92 EUR/USD"
exchange_source = "a test"
exchange_as_of = "2026-11-20"

[[commitment]]
name = "base"
term = "1 year"
payment = "partial"
coverage = "70 %"
renew = true
discount = "31 %"
source = "a test"
as_of = "2026-11-01"

[[commitment]]
name = "top"
term = "3 years"
payment = "all"
brokers = 2
month = 4

[[credit]]
name = "migration credit"
amount = "$900/month"
month = 2
months = 6
source = "a letter"

[[credit]]
name = "welcome"
amount = "$5000/month"
months = 3
source = "a letter"
"#
}

/// Formulas stand where they were described and nowhere else, and use what all spreadsheets know.
#[test]
fn formulas_are_those_that_all_spreadsheets_share() {
    const SHARED: [&str; 14] = [
        "ABS",
        "COUNTIF",
        "IF",
        "INDEX",
        "MATCH",
        "MAX",
        "MIN",
        "NPV",
        "OR",
        "ROUND",
        "SUBTOTAL",
        "SUM",
        "SUMIFS",
        "SUMPRODUCT",
    ];
    let case = of_example("whole-bill.toml");
    let file = read(&xlsx::bytes(&case.workbook).expect("a workbook"));
    let mut formulas = 0;
    for sheet in &case.workbook.sheets {
        for cell in &sheet.cells {
            let place = cell.at.on(&sheet.name);
            let found = file.formula(&sheet.name, cell.at);
            let Content::Formula { text, .. } = &cell.content else {
                assert_eq!(found, "", "{place}");
                continue;
            };
            assert_eq!(found, text.trim_start_matches('='), "{place}");
            formulas += 1;
            let mut name = String::new();
            let mut quoted = false;
            for letter in text.chars() {
                quoted ^= letter == '"';
                match letter {
                    _ if quoted => name.clear(),
                    'A'..='Z' => name.push(letter),
                    '(' if !name.is_empty() => {
                        assert!(SHARED.contains(&&*name), "{place}: {name} in {text}");
                        name.clear();
                    }
                    _ => name.clear(),
                }
            }
        }
    }
    assert!(formulas > 1000, "only {formulas}");
}

#[test]
fn libreoffice_calculates_what_the_engine_says() {
    let mut described = BTreeMap::new();
    for path in examples("") {
        let name = path.file_stem().expect("a file name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("an example");
        let text = match text.contains("[finance]") {
            true => text,
            false => {
                text + "\n[finance]\ndiscount_rate = \"8 %/year\"\nexchange = \"0.9137 EUR/USD\"\nexchange_source = \"a test\"\nexchange_as_of = \"2026-11-20\"\n"
            }
        };
        described.insert(name, made(&text, None).workbook);
    }
    for name in ["all", "follow"] {
        let case = made_with(crate::parse(&committed(name)), Some(COMMITTED), &POINTS);
        described.insert(format!("committed-{name}"), case.workbook);
    }
    let files = described.iter().map(|(name, workbook)| {
        // Wrong results, so that none of them can be taken over.
        let mut wrong = workbook.clone();
        for cell in wrong.sheets.iter_mut().flat_map(|sheet| &mut sheet.cells) {
            if let Content::Formula { result: Found::Number(number), .. } = &mut cell.content {
                *number += 1e6;
            }
        }
        (name.clone(), xlsx::bytes(&wrong).expect("a workbook"))
    });
    let Some(found) = office::recalculated(&files.collect()) else { return };
    for (name, bytes) in &found {
        all_the_same(&described[name], &read(bytes), name);
    }
}

/// A change in the sheet, and the same in the scenario: of each component and in all.
#[test]
fn what_is_changed_in_the_sheet_is_what_the_engine_gives() {
    let mut changes: Vec<Change> = Vec::new();
    for (example, platform) in [
        ("whole-bill.toml", "kafka-tiered"),
        ("migration.toml", "automq-s3-wal"),
        ("two-regions.toml", "kafka-gp3"),
    ] {
        changes.extend(Change::all(example, &crate::example(example), platform, &[-2, 1]));
    }
    let other: Vec<i32> = POINTS.into_iter().filter(|points| *points != 0).collect();
    for fleet in ["all", "follow"] {
        changes.extend(Change::all(fleet, &committed(fleet), COMMITTED, &other));
    }
    let files = changes
        .iter()
        .map(|change| (change.name.clone(), xlsx::bytes(&change.entered).expect("a workbook")));
    let Some(found) = office::recalculated(&files.collect()) else { return };
    for change in &changes {
        let file = read(&found[&change.name]);
        let expected = read(&xlsx::bytes(&change.planned).expect("a workbook"));
        // Beside its figures, all platforms and the sentences.
        assert_eq!((warnings(&file), warnings(&expected)), (3, 0), "{}", change.name);
        let (found, expected) = (by_label(&file, names::PLAN), by_label(&expected, names::PLAN));
        assert!(found.len() > 5, "{}", change.name);
        for (label, expected) in &expected {
            let found = found.get(label).copied().unwrap_or_default();
            assert!(
                (found - expected).abs() < CENT,
                "{}: {label} comes to {found}, and the engine says {expected}",
                change.name
            );
        }
        assert_eq!(
            file.value(names::CHECKS, At::new(2, 1)),
            &Data::Bool(true),
            "{}: checks hold",
            change.name
        );
    }
}

/// An example whose workbook is changed, and the same example with the change in its scenario.
struct Change {
    name: String,
    entered: Workbook,
    planned: Workbook,
}

impl Change {
    fn all(example: &str, text: &str, platform: &str, growths: &[i32]) -> Vec<Self> {
        let before = alone(text, platform, &[0]);
        // Another price would choose another machine, which no spreadsheet does: it stays.
        let plan = before.comparison.plans().find(|plan| plan.design.name == platform);
        let machine = plan.expect("the plan").machine.clone();
        let text = match plan.expect("the plan").parts.is_empty() {
            true => set(text, &format!("platform.{platform}.broker"), &machine).expect("a path"),
            false => text.to_owned(),
        };
        let before = alone(&text, platform, &POINTS);
        let mut all = Vec::new();
        let mut change = |name: &str, entered: &[(&str, Content)], text: &str| {
            let mut workbook = before.workbook.clone();
            for (input, content) in entered {
                enter(&mut workbook, input, content.clone());
            }
            let name = format!("{}-{platform}-{name}", example.trim_end_matches(".toml"));
            let planned = alone(text, platform, &[0]).workbook;
            all.push(Self { name, entered: workbook, planned });
        };
        let discounts = [
            ("compute", "0.2"),
            ("block-storage", "0.1"),
            ("object-storage", "0.055"),
            ("requests", "0.15"),
            ("network", "0.3"),
            ("fees", "0.08"),
        ];
        let mut discounted = text.clone();
        let mut entered = Vec::new();
        for (group, share) in discounts {
            let percent = format!("{} %", share.parse::<f64>().expect("a literal") * 100.0);
            let path = format!("prices.discount.{group}");
            discounted = set(&discounted, &path, &percent).expect("a path");
            let name = format!("discount_{}", group.replace('-', "_"));
            entered.push((name, Content::Number(share.parse().expect("a literal"))));
        }
        let entered: Vec<(&str, Content)> =
            entered.iter().map(|(name, content)| (&**name, content.clone())).collect();
        change("discounts", &entered, &discounted);

        for &points in growths {
            let case = workbook::Case { points, plans: Ok(Vec::new()) };
            let chosen = Content::Text(case.name());
            let faster = faster(&text, &before.scenario, points);
            let name = format!("growth-{points}");
            change(&name, &[("growth_case", chosen)], &faster);
        }

        let mut money = text.clone();
        for (path, value) in [
            ("finance.exchange", "0.85 EUR/USD"),
            ("finance.exchange_source", "a test"),
            ("finance.exchange_as_of", "2026-11-20"),
            ("finance.discount_rate", "11.5 %/year"),
        ] {
            money = set(&money, path, value).expect("a path");
        }
        let entered = [
            ("currency_code", Content::Text("EUR".to_owned())),
            ("fx_rate", Content::Number(0.85)),
            ("discount_rate", Content::Number(0.115)),
        ];
        change("money", &entered, &money);

        if before.workbook.names.iter().any(|name| name.name == "labour_rate") {
            let dearer = set(&text, "lines.labour_rate", "$117.5/h").expect("a path");
            let entered = [("labour_rate", Content::Number(117.5))];
            change("labour", &entered, &dearer);
        }
        if before.scenario.finance.purchases.is_empty() {
            return all;
        }
        for brokers in [0, 1, 3, 9] {
            let number = Content::Number(f64::from(brokers));
            // None is no contract at all.
            let other = match brokers {
                0 => without(&text, "base"),
                _ => {
                    let coverage = "coverage = \"70 %\"";
                    assert!(text.contains(coverage));
                    text.replace(coverage, &format!("brokers = {brokers}"))
                }
            };
            let names = ["committed_brokers_1", "committed_brokers_2"];
            let entered = names.map(|name| (name, number.clone()));
            change(&format!("brokers-{brokers}"), &entered, &other);
        }
        let less = set(&text, "credit.welcome.amount", "$1234.5/month").expect("a path");
        change("credit", &[("credit_2", Content::Number(1234.5))], &less);
        all
    }
}

/// The workbook of a platform among those that it needs.
fn alone(text: &str, platform: &str, points: &[i32]) -> Case {
    let mut scenario = crate::parse(text);
    let left: Vec<String> = scenario.events.iter().filter_map(|event| event.from.clone()).collect();
    scenario.platforms.retain(|design| design.name == platform || left.contains(&design.name));
    made_with(scenario, Some(platform), points)
}

/// A scenario's text without one of its commitments.
fn without(text: &str, commitment: &str) -> String {
    let (before, after) =
        text.split_once(&format!("[[commitment]]\nname = \"{commitment}\"")).expect("it is there");
    let (_, after) = after.split_once("\n[").expect("something follows");
    format!("{before}[{after}")
}

/// A scenario's text with other growth of every stream.
fn faster(text: &str, scenario: &Scenario, points: i32) -> String {
    let mut text = text.to_owned();
    for stream in &scenario.workload.streams {
        let growth = &stream.growth;
        let (now, word) = match growth.linear == 0.0 {
            true => (growth.compound, ""),
            false => (growth.linear, " linear"),
        };
        let percent = ((now * 100.0 + f64::from(points)) * 1e9).round() / 1e9;
        let path = format!("stream.\"{}\".growth", stream.name);
        text = set(&text, &path, &format!("{percent} %/month{word}")).expect("a path");
    }
    text
}

/// Names that a spreadsheet would calculate, or that look like something else.
const HOSTILE: [&str; 9] = [
    "=cmd()",
    "=HYPERLINK(\"http://x\",\"y\")",
    "+1",
    "-1",
    "@x",
    "a\tb \"quoted\" \u{202e}bidi",
    "_x0041_ & <b>",
    "'quoted",
    "two\nlines",
];

/// Text is text in every cell, whatever it begins with, and comes back as it was.
#[test]
fn names_never_become_formulas() {
    let mut files = BTreeMap::new();
    let mut described = BTreeMap::new();
    for (index, hostile) in HOSTILE.iter().enumerate() {
        let mut scenario = crate::parse(&committed("all"));
        scenario.title = (*hostile).to_owned();
        for stream in &mut scenario.workload.streams {
            stream.name = format!("{hostile}{}", stream.name);
        }
        scenario.finance.purchases[0].name = (*hostile).to_owned();
        scenario.finance.credits[0].name = (*hostile).to_owned();
        scenario.finance.credits[0].source = (*hostile).to_owned();
        scenario.platforms.retain(|design| design.name == COMMITTED);
        scenario.platforms[0].name = (*hostile).to_owned();
        let case = made_with(scenario, Some(hostile), &[0]);
        let name = format!("hostile-{index}");
        let bytes = xlsx::bytes(&case.workbook).expect("a workbook");
        let file = read(&bytes);
        for sheet in &case.workbook.sheets {
            for cell in &sheet.cells {
                let place = format!("{hostile:?}, {}", cell.at.on(&sheet.name));
                let formula = file.formula(&sheet.name, cell.at);
                match &cell.content {
                    Content::Formula { text, .. } => {
                        assert_eq!(formula, text.trim_start_matches('='), "{place}");
                        let is_short = hostile.len() < 3;
                        assert!(is_short || !text.contains(hostile), "{place}: {text}");
                    }
                    _ => assert_eq!(formula, "", "{place}"),
                }
            }
        }
        all_the_same(&case.workbook, &file, &name);
        let titles = case.workbook.sheets[0].cells.iter();
        let titles = titles.filter(|cell| cell.content == Content::Text((*hostile).to_owned()));
        assert!(titles.count() > 0, "{hostile}");
        files.insert(name.clone(), bytes);
        described.insert(name, case.workbook);
    }
    let Some(found) = office::recalculated(&files) else { return };
    for (name, bytes) in &found {
        all_the_same(&described[name], &read(bytes), name);
    }
}

/// A longer text than a cell holds is cut, and not refused.
#[test]
fn long_text_fits_into_a_cell() {
    let mut workbook = of_example("reference-100mib.toml").workbook;
    let long = "€".repeat(40_000);
    workbook.sheets[0].text(At::new(0, 0), &long, workbook::Kind::Title);
    let file = read(&xlsx::bytes(&workbook).expect("a workbook"));
    let Data::String(found) = file.value(names::SUMMARY, At::new(0, 0)) else { panic!("no text") };
    assert_eq!(found.chars().count(), 32_767);
}

/// What cannot be grown is not offered, and says so.
#[test]
fn growth_that_cannot_be_planned_is_not_offered() {
    let text = crate::example("smart-meter.toml");
    let stream = crate::parse(&text).workload.streams[0].name.clone();
    let text = set(&text, &format!("stream.{stream}.growth"), "-49 %/month").expect("a path");
    let case = alone(&text, "kafka-gp3", &POINTS);
    let file = read(&xlsx::bytes(&case.workbook).expect("a workbook"));
    let sheet = &file.values[names::ASSUMPTIONS];
    let says = |text: &str| {
        sheet
            .used_cells()
            .any(|(_, _, cell)| matches!(cell, Data::String(found) if found.contains(text)))
    };
    assert!(says("would grow by -51 %/month; from -50 to 100 can be planned"));
    let (_, at) = at_name(&case.workbook, "growth_case");
    let list = case.workbook.sheets.iter().flat_map(|sheet| &sheet.validations);
    let list = list.filter_map(|one| match one.rule {
        workbook::Rule::OneOf(area) if one.at == at => Some(area.last.row - area.first.row + 1),
        _ => None,
    });
    assert_eq!(list.collect::<Vec<_>>(), [4]);
}

/// The command writes the same bytes for the same input, and only into a file.
#[test]
fn the_command_writes_a_workbook() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = crate::example("smart-meter.toml");
    let write = |name: &str, more: &[&str]| {
        let file = folder.path().join(name);
        let file = file.to_str().expect("a path");
        let arguments = ["export", "-", "--format", "xlsx", "-o", file];
        let (code, out, err) = highwater(&[&arguments, more].concat(), &text);
        assert_eq!((code, &*out), (0, ""), "{err}");
        fs::read(file).expect("a file")
    };
    // The audit says the command, and so the file's name.
    let [one, two] = [(); 2].map(|()| write("plan.xlsx", &["--reproducible"]));
    assert!(one == two, "the same input gives the same bytes");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&one)).expect("a workbook");
    assert_eq!(book.sheet_names(), SHEETS);
    assert!(book.worksheet_range(names::SUMMARY).is_ok());
    assert!(write("plan.xlsx", &[]) != one, "it says when it was made");

    let (code, out, err) = highwater(&["export", "-", "--format", "xlsx"], &text);
    assert_eq!((code, &*out), (2, ""));
    assert!(err.contains("name a file: `-o plan.xlsx`"), "{err}");
}
