//! Exports add up to the cent in every view, say what they were made from, and take no harm from any name.
//!
//! Files are read back by readers of their own: the `csv` crate, `serde_json`, and `roxmltree` for reports, which are
//! well-formed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;

use model::Scenario;
use model::comparison::{Comparison, View, compare};
use model::export::audit::{Audit, Origin, of_catalog, of_scenario, sha256};
use model::export::csv::{Profile, Table, Tables};
use model::export::document;
use model::export::report::{self, Report};
use model::scorecard::scorecard;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use crate::examples::{examples, highwater};
use crate::{catalog, parse};

/// Commitments that renew, end, and are too many; credits, discounts, and another currency, through fiscal years.
const FINANCE: &str = r#"
schema = 1
title  = "Orders, committed"

[horizon]
start  = 2027-02-01
months = 27

[prices]
provider = "aws"
region   = "us-east-1"
discount = { compute = "10 %", network = "20 %" }

[[prices.override]]
sku    = "data_transfer:inter_az:out"
price  = "$0.0071/GiB"
source = "contract 4711"
as_of  = 2026-11-01

[finance]
discount_rate     = "8 %/year"
fiscal_year_start = "april"
exchange          = "0.92 EUR/USD"
exchange_source   = "reference rate"
exchange_as_of    = 2026-11-20

[[commitment]]
name     = "base"
term     = "1 year"
payment  = "all"
coverage = "80 %"
renew    = true

[[commitment]]
name     = "extra"
term     = "1 year"
payment  = "partial"
brokers  = 30
month    = 4
platform = "kafka-gp3"
discount = "35 %"
source   = "quote of the account team"
as_of    = 2026-11-01

[[credit]]
name   = "move"
amount = "$2000.55/month"
months = 6
source = "letter of intent"

[[stream]]
name      = "orders"
owner     = "billing team"
produce   = "80 MiB/s"
record    = "1 KiB"
retention = "3 d"
growth    = "1 %/month"
[[stream.reader]]
group = "billing"

[lines]
labour      = true
labour_rate = "$85/h"

[[event]]
name = "zone down"
kind = "broker-loss"
at   = "day 40 18:30"

[[scorecard.mark]]
question = "migration"
mark     = "green"
evidence = "rehearsed in spring"

[[platform]]
preset = "kafka-gp3"
[[platform]]
preset = "automq-s3-wal"
"#;

/// A scenario with everything that exports are made of.
struct Case {
    name: String,
    text: String,
    scenario: Scenario,
    comparison: Comparison,
    audit: Audit,
    report: String,
}

impl Case {
    fn new(name: &str, text: &str) -> Self {
        let scenario = parse(text);
        let prices = catalog().prices(&scenario).expect("its region is in the catalogue");
        let comparison = compare(&scenario, &prices, View::Horizon);
        let origin = Origin {
            scenario_sha256: of_scenario(text),
            catalog_sha256: of_catalog([("a.csv", "")]),
            command: "highwater export".to_owned(),
            created: None,
            today: None,
        };
        let audit = Audit::new(&comparison, &scenario, None, &origin);
        let cards: Vec<_> =
            comparison.plans().map(|plan| scorecard(plan, &scenario, &prices)).collect();
        let (platform, cards) = (None, cards.as_slice());
        let ask = model::finance::Ask::default();
        let accounts =
            model::finance::accounts(&comparison, &scenario, ask, &[], &mut |_| Vec::new());
        let report = Report {
            comparison: &comparison,
            scenario: &scenario,
            text,
            platform,
            cards,
            accounts: &accounts,
            audit: &audit,
        };
        let report = report::html(&report);
        Self { name: name.to_owned(), text: text.to_owned(), scenario, comparison, audit, report }
    }

    fn csv(&self, table: Table, profile: Profile) -> String {
        let (comparison, scenario) = (&self.comparison, &self.scenario);
        let tables = Tables { comparison, scenario, platform: None, profile };
        let mut text = String::new();
        let counted = table.write(&tables, (&self.text, &self.audit), &mut text).expect("memory");
        let rows = reader(&text, b',').records().count();
        if profile == Profile::default() {
            assert_eq!(counted, rows as u64, "{}: {}", self.name, table.file());
        }
        text
    }

    fn rows(&self, table: Table) -> Vec<Row> {
        rows(&self.csv(table, Profile::default()))
    }

    fn json(&self) -> Value {
        let json = document::json(&self.comparison, &self.scenario, None, &self.audit);
        serde_json::from_str(&json).expect("JSON")
    }
}

/// Every example, and one with all that finance can say.
fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let example = |path: std::path::PathBuf| {
            let text = fs::read_to_string(&path).expect("an example is a text file");
            Case::new(&path.display().to_string(), &text)
        };
        let examples = examples("").into_iter().map(example);
        examples.chain([Case::new("finance", FINANCE)]).collect()
    })
}

type Row = BTreeMap<String, String>;

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes())
}

fn rows(text: &str) -> Vec<Row> {
    reader(text, b',').deserialize().map(|row| row.expect("a row")).collect()
}

/// A number; nothing of an empty cell.
#[track_caller]
fn number(row: &Row, column: &str) -> Decimal {
    match row[column].as_str() {
        "" => Decimal::ZERO,
        text => text.parse().unwrap_or_else(|_| panic!("{column} is no number: {row:?}")),
    }
}

const COSTS: [&str; 4] = ["list_cost", "contracted_cost", "billed_cost", "effective_cost"];

/// The four costs of the rows of a platform.
fn sum<'a>(rows: impl Iterator<Item = &'a Row>) -> [Decimal; 4] {
    rows.fold([Decimal::ZERO; 4], |sum, row| {
        std::array::from_fn(|cost| sum[cost] + number(row, COSTS[cost]))
    })
}

/// Cents by which each of the [`COSTS`] may be off at most, below so many: it is put together from so many amounts.
const UNITS: [i64; 4] = [2, 1, 1, 1];

fn cents(exact: Decimal) -> Decimal {
    exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Three brokers at $0.10 an hour; five are committed to for the first year at 30 % less, half of it paid upfront.
pub(crate) const BY_HAND: &str = r#"
schema = 1
title  = "By hand"

[horizon]
start  = 2027-01-01
months = 14

[prices]
provider = "aws"
region   = "us-east-1"
[[prices.override]]
sku    = "ec2:m7g.large"
price  = "$0.10/h"
source = "a test"
as_of  = 2026-11-01

[finance]
fiscal_year_start = "april"

[[commitment]]
name     = "base"
platform = "kafka-gp3"
term     = "1 year"
payment  = "partial"
brokers  = 5
discount = "30 %"
source   = "a test"
as_of    = 2026-11-01

[[credit]]
name   = "grant"
amount = "$10/month"
months = 2
source = "a letter"

[[stream]]
name      = "events"
produce   = "1 MiB/s"
retention = "1 d"

[[platform]]
preset  = "kafka-gp3"
broker  = "m7g.large"
brokers = 3

[lines]
labour       = true
labour_rate  = "$85/h"
"#;

/// Cells of the rows that are wanted.
fn cells<'a>(
    rows: &'a [Row],
    wanted: impl Fn(&Row) -> bool,
    columns: &[&str],
) -> Vec<Vec<&'a str>> {
    let wanted = rows.iter().filter(|row| wanted(row));
    wanted.map(|row| columns.iter().map(|column| row[*column].as_str()).collect()).collect()
}

/// 2,190 h run of 3,650 h that are paid: at $0.07 they bear $153.30, and $102.20 are lost. All of the year is $3,066.00, half
/// of it upfront, the rest $127.75 a month; on demand the hours that run cost $219.00.
#[test]
fn a_commitment_is_a_row_for_each_thing_that_it_does() {
    let case = Case::new("by hand", BY_HAND);
    let charges = case.rows(Table::Charges);
    let of = |month: &'static str| {
        let wanted = move |row: &Row| {
            row["month"] == month && ["brokers", "credits"].contains(&row["component"].as_str())
        };
        let columns = ["charge_kind", "commitment", "calendar_month", "fiscal_year"];
        cells(&charges, wanted, &[&columns[..], &COSTS].concat())
    };
    let first = ["2027-01", "FY2027"];
    let expected = [
        ["usage", "base", first[0], first[1], "219.00", "219.00", "0.00", "153.30"],
        ["unused commitment", "base", first[0], first[1], "0.00", "0.00", "0.00", "102.20"],
        ["upfront commitment fee", "base", first[0], first[1], "", "", "1533.00", "0.00"],
        ["commitment fee", "base", first[0], first[1], "", "", "127.75", "0.00"],
        ["credit", "", first[0], first[1], "", "", "-10.00", "-10.00"],
    ];
    let mut found = of("1");
    found.sort();
    let mut expected = expected.map(|row| row.to_vec()).to_vec();
    expected.sort();
    assert_eq!(found, expected);
    let kinds: BTreeSet<&str> = of("4").into_iter().map(|row| row[0]).collect();
    assert_eq!(kinds, ["commitment fee", "unused commitment", "usage"].into());
    let month = ["usage", "", "2028-01", "FY2028", "219.00", "219.00", "219.00", "219.00"];
    assert_eq!(of("13"), [month.to_vec()]);
    // A credit has no price, and no cost before it.
    let credit = |row: &Row| row["component"] == "credits";
    let prices = ["list_unit_price", "contracted_unit_price", "list_cost_exact", "part", "sku"];
    let prices = [&prices[..], &["contracted_cost_exact", "billed_cost_exact"]].concat();
    let expected = vec!["", "", "", "", "grant", "", "-10"];
    assert_eq!(cells(&charges, credit, &prices), [expected.clone(), expected]);
    // Fees are no price in use; hours of a commitment that ran and those that did not are at one price.
    let plan = case.comparison.plans().next().expect("a plan");
    let finance = &case.scenario.finance;
    let cents = model::export::cents::Cents::of(plan, finance);
    let used = model::export::stack::used(plan, finance, &cents);
    let base = used.iter().filter(|one| one.contract.is_some());
    let quantities: Vec<Decimal> = base.map(|one| one.quantity).collect();
    assert_eq!(quantities, [Decimal::from(3650 * 12)]);
}

#[test]
fn months_years_and_the_horizon_are_sums_of_their_charges() {
    let case = Case::new("by hand", BY_HAND);
    let charges = case.rows(Table::Charges);
    let months = |from: u32, to: u32| {
        let inside =
            move |row: &&Row| (from..=to).contains(&row["month"].parse().expect("a month"));
        let told =
            |row: &&Row| !["no price", "not asked for"].contains(&row["charge_kind"].as_str());
        sum(charges.iter().filter(inside).filter(told)).map(|cost| cost.to_string())
    };
    let month = |at: u32| {
        let year = if at <= 3 { "FY2027" } else { "FY2028" };
        let calendar = format!("{}-{:02}", 2027 + (at - 1) / 12, (at - 1) % 12 + 1);
        (["month".to_owned(), at.to_string(), calendar, year.to_owned()], at, at)
    };
    let year = |name: &str, from, to| {
        (["fiscal year".to_owned(), String::new(), String::new(), name.to_owned()], from, to)
    };
    let horizon = (["horizon", "", "", ""].map(str::to_owned), 1, 14);
    let spans = (1..=14).map(month).chain([year("FY2027", 1, 3), year("FY2028", 4, 14), horizon]);
    let expected: Vec<Vec<String>> = spans
        .map(|(place, from, to)| {
            let so_far = months(1, to)[2].clone();
            let people = |row: &&Row| {
                let month: u32 = row["month"].parse().expect("a month");
                row["component"] == "labour" && (from..=to).contains(&month)
            };
            let labour = sum(charges.iter().filter(people))[3].to_string();
            place.into_iter().chain(months(from, to)).chain([so_far, labour]).collect()
        })
        .collect();
    let totals = case.rows(Table::Totals);
    let columns = ["per", "month", "calendar_month", "fiscal_year"];
    let columns = [&columns[..], &COSTS, &["billed_cost_so_far", "of_it_labour"]].concat();
    assert_eq!(cells(&totals, |_| true, &columns), expected);
}

#[test]
fn a_column_of_months_has_what_each_of_them_bears() {
    let wide = |text: &str, columns: &[&str]| -> Vec<Vec<String>> {
        let rows = Case::new("by hand", text).rows(Table::WideEffective);
        let found = cells(&rows, |row| row["component"] == "brokers", columns);
        found.into_iter().map(|row| row.into_iter().map(str::to_owned).collect()).collect()
    };
    let columns =
        ["charge_kind", "commitment", "2027-01", "2027-12", "2028-01", "total_effective_cost"];
    let expected = [
        ["usage", "base", "153.30", "153.30", "0.00", "1839.60"],
        ["unused commitment", "base", "102.20", "102.20", "0.00", "1226.40"],
        ["usage", "", "0.00", "0.00", "219.00", "438.00"],
    ];
    assert_eq!(wide(BY_HAND, &columns), expected);
    let columns =
        ["charge_kind", "commitment", "month 1", "month 12", "month 13", "total_effective_cost"];
    let undated = BY_HAND.replace("start  = 2027-01-01\n", "");
    assert_eq!(wide(&undated, &columns), expected);
}

/// Nobody sells it there; and lines that nobody asked for cost nothing.
#[test]
fn what_is_not_planned_says_why_in_every_table() {
    let case = Case::new("by hand", &format!("{BY_HAND}[[platform]]\npreset = \"event-hubs\"\n"));
    for table in
        [Table::Charges, Table::Totals, Table::WideBilled, Table::WideEffective, Table::Prices]
    {
        let rows = case.rows(table);
        let head = header(&case.csv(table, Profile::default()));
        let found = cells(&rows, |row| row["platform"] == "event-hubs", &["note"]);
        assert_eq!(found.len(), 1, "{}", table.file());
        assert!(found[0][0].starts_with("cannot be planned: "), "{}", found[0][0]);
        let row = rows.iter().find(|row| row["platform"] == "event-hubs").expect("a row");
        let costs = head.iter().filter(|name| name.contains("cost"));
        assert!(costs.into_iter().all(|name| row[name].is_empty()), "{row:?}");
    }
    let charges = case.rows(Table::Charges);
    let columns = ["component", "charge_kind", "month", "effective_cost", "effective_cost_exact"];
    let why = |row: &Row| row["platform"] == "event-hubs";
    assert_eq!(cells(&charges, why, &columns), [["", "no plan", "1", "", ""]]);
    let absent = |row: &Row| row["charge_kind"] == "not asked for";
    let absent = cells(&charges, absent, &columns);
    assert!(absent.contains(&vec!["connectors", "not asked for", "1", "0.00", "0"]), "{absent:?}");
    assert!(absent.iter().all(|row| row[3..] == ["0.00", "0"]), "{absent:?}");
}

#[test]
fn a_charge_of_a_part_is_told_with_that_part() {
    let case = Case::new("two regions", &crate::example("two-regions.toml"));
    let charges = case.rows(Table::Charges);
    let told: BTreeSet<(&str, &str)> = charges
        .iter()
        .filter(|row| row["component"] == "brokers" && row["platform"] == "kafka-gp3")
        .map(|row| (row["part"].as_str(), row["region"].as_str()))
        .collect();
    assert_eq!(told, [("eu", "eu-central-1"), ("us", "us-east-1")].into());
}

/// Who asks for one platform gets its rows, those of a platform without a plan included.
#[test]
fn a_table_of_one_platform_has_no_other() {
    let text = format!("{BY_HAND}[[platform]]\npreset = \"event-hubs\"\n");
    let Case { scenario, comparison, audit, .. } = &Case::new("by hand", &text);
    for platform in ["kafka-gp3", "event-hubs"] {
        let (profile, asked) = (Profile::default(), Some(platform));
        let tables = Tables { comparison, scenario, platform: asked, profile };
        let mut out = String::new();
        Table::Charges.write(&tables, (&text, audit), &mut out).expect("memory");
        let rows = rows(&out);
        assert!(!rows.is_empty() && rows.iter().all(|row| row["platform"] == platform), "{out}");
    }
}

fn header(text: &str) -> Vec<String> {
    reader(text, b',').headers().expect("a head").iter().map(str::to_owned).collect()
}

#[test]
fn every_table_adds_up_to_the_cent_of_every_plan() {
    for case in cases() {
        let name = &case.name;
        let charges = case.rows(Table::Charges);
        let totals = case.rows(Table::Totals);
        let prices = case.rows(Table::Prices);
        let wide = [Table::WideBilled, Table::WideEffective].map(|table| case.rows(table));
        for plan in case.comparison.plans() {
            let platform = &plan.design.name;
            let mine = |row: &&Row| row["platform"] == *platform;
            let told = sum(charges.iter().filter(mine));

            // Exact dollars at the rate, rounded once.
            let rate = charges.iter().find(mine).map(|row| number(row, "fx_rate")).expect("a row");
            for (cost, told) in COSTS.iter().zip(told) {
                let exact =
                    charges.iter().filter(mine).map(|row| number(row, &format!("{cost}_exact")));
                let exact: Decimal = exact.sum();
                assert_eq!(told, cents(exact * rate), "{name}: {platform}, {cost}");
            }
            for row in charges.iter().filter(mine) {
                for (cost, units) in COSTS.into_iter().zip(UNITS) {
                    let off = number(row, cost) - number(row, &format!("{cost}_exact")) * rate;
                    assert!(off.abs() < Decimal::new(units, 2), "{name}: {cost}: {row:?}");
                }
            }
            // So is a component of the whole horizon, however many months and lines it has.
            for component in charges.iter().filter(mine).map(|row| &row["component"]) {
                let of_it =
                    || charges.iter().filter(mine).filter(|row| row["component"] == *component);
                for (cost, units) in COSTS.into_iter().zip(UNITS) {
                    let exact: Decimal =
                        of_it().map(|row| number(row, &format!("{cost}_exact"))).sum();
                    let told: Decimal = of_it().map(|row| number(row, cost)).sum();
                    let kinds: BTreeSet<&str> =
                        of_it().map(|row| row["charge_kind"].as_str()).collect();
                    let most = Decimal::new(units * kinds.len() as i64, 2);
                    assert!((told - exact * rate).abs() < most, "{name}: {component}, {cost}");
                }
            }
            // A SKU comes to the same in the table of prices.
            for sku in prices.iter().filter(mine).map(|row| &row["sku"]) {
                let of = |rows: &[Row], column| -> Decimal {
                    let rows = rows.iter().filter(mine).filter(|row| row["sku"] == *sku);
                    rows.map(|row| number(row, column)).sum()
                };
                let (list, net) = (of(&prices, "list_cost"), of(&prices, "net_cost"));
                assert_eq!(list, of(&charges, "list_cost"), "{name}: {platform}, {sku}");
                assert_eq!(net, of(&charges, "effective_cost"), "{name}: {platform}, {sku}");
            }
            let bill = plan.bill.contracted_cost().dollars();
            let credits = charges.iter().filter(mine).filter(|row| row["component"] == "credits");
            let credits: Decimal = credits.map(|row| number(row, "effective_cost_exact")).sum();
            let exact = charges.iter().filter(mine).map(|row| number(row, "effective_cost_exact"));
            assert_eq!(exact.sum::<Decimal>(), bill + credits, "{name}: {platform}");

            // Months, fiscal years and the horizon are the same cents.
            let per = |per: &'static str| {
                totals.iter().filter(move |row| row["platform"] == *platform && row["per"] == per)
            };
            assert_eq!(sum(per("month")), told, "{name}: {platform}, months");
            assert_eq!(sum(per("horizon")), told, "{name}: {platform}, horizon");
            if case.scenario.horizon.start.is_some() {
                assert_eq!(sum(per("fiscal year")), told, "{name}: {platform}, fiscal years");
            }
            for month in per("month") {
                let of = charges
                    .iter()
                    .filter(mine)
                    .filter(|row| row["month"] == month["month"] && !row["charge_kind"].is_empty());
                let of: Vec<&Row> = of.collect();
                assert_eq!(sum(of.iter().copied()), sum([month].into_iter()), "{name}: {month:?}");
                let year: Vec<&String> = of.iter().map(|row| &row["fiscal_year"]).collect();
                assert!(
                    year.iter().all(|year| **year == month["fiscal_year"]),
                    "{name}: {month:?}"
                );
            }

            // A column for each month.
            for (wide, cost) in wide.iter().zip([2, 3]) {
                let total = format!("total_{}", COSTS[cost]);
                let whole: Decimal = wide.iter().filter(mine).map(|row| number(row, &total)).sum();
                assert_eq!(whole, told[cost], "{name}: {platform}, wide");
                for month in per("month") {
                    let column = match month["calendar_month"].as_str() {
                        "" => format!("month {}", month["month"]),
                        calendar => calendar.to_owned(),
                    };
                    let of = wide.iter().filter(mine).map(|row| number(row, &column));
                    assert_eq!(of.sum::<Decimal>(), number(month, COSTS[cost]), "{name}: {column}");
                }
            }

            // What is taken off prices leaves the effective cost.
            for row in prices.iter().filter(mine) {
                let left = number(row, "list_cost")
                    - number(row, "negotiated_saving")
                    - number(row, "commitment_saving")
                    + number(row, "unused_commitment")
                    - number(row, "credits");
                assert_eq!(left, number(row, "net_cost"), "{name}: {row:?}");
            }
            let net: Decimal = prices.iter().filter(mine).map(|row| number(row, "net_cost")).sum();
            assert_eq!(net, told[3], "{name}: {platform}, prices");
        }
    }
}

#[test]
fn documents_and_reports_have_the_same_cents() {
    for case in cases() {
        let json = case.json();
        let totals = case.rows(Table::Totals);
        let parsed = parsed(&case.report);
        let plans: Vec<_> = case.comparison.plans().collect();
        let told = json["ledger"].as_array().expect("a ledger");
        assert_eq!(told.len(), plans.len(), "{}", case.name);
        for (plan, ledger) in plans.into_iter().zip(told) {
            let platform = &plan.design.name;
            let whole = totals
                .iter()
                .find(|row| row["platform"] == *platform && row["per"] == "horizon")
                .expect("every plan has a total");
            let whole = sum([whole].into_iter());
            assert_eq!(amounts(&ledger["shown"]), whole, "{}: {platform}", case.name);
            for parts in ["months", "fiscal_years"] {
                let parts = ledger[parts].as_array().expect("a list");
                let added = parts.iter().fold([Decimal::ZERO; 4], |sum, part| {
                    let part = amounts(&part["shown"]);
                    std::array::from_fn(|cost| sum[cost] + part[cost])
                });
                assert!(parts.is_empty() || added == whole, "{}: {platform}", case.name);
            }
            for month in ledger["months"].as_array().expect("months") {
                let components = month["components"].as_array().expect("components");
                let added = components.iter().fold([Decimal::ZERO; 4], |sum, one| {
                    let one = amounts(&one["costs"]);
                    std::array::from_fn(|cost| sum[cost] + one[cost])
                });
                assert_eq!(added, amounts(&month["costs"]), "{}: {platform}", case.name);
            }

            // The rows of its bill in the report are its total.
            let code = json["finance"]["currency"].as_str().expect("a code");
            let bill = table(&parsed, &format!("{platform}, in {code}"));
            let (total, lines) = bill.split_last().expect("a bill has a total");
            assert_eq!(total[0], "Total");
            for cost in 0..COSTS.len() {
                let shown = |row: &Vec<String>| amount(&row[cost + 1]);
                assert_eq!(shown(total), whole[cost], "{}: {platform}", case.name);
                assert_eq!(lines.iter().map(shown).sum::<Decimal>(), whole[cost], "{}", case.name);
            }
        }
        for check in json["audit"]["checks"].as_array().expect("checks") {
            assert_eq!(check["holds"], true, "{}: {check}", case.name);
        }
    }
}

fn amounts(costs: &Value) -> [Decimal; 4] {
    ["list", "contracted", "billed", "effective"].map(|cost| {
        costs[cost].as_str().and_then(|text| text.parse().ok()).expect("an amount is a decimal")
    })
}

/// An amount as a report shows it.
fn amount(text: &str) -> Decimal {
    let plain = text.replace(',', "").replace('−', "-");
    if plain.is_empty() { Decimal::ZERO } else { plain.parse().expect(text) }
}

#[track_caller]
fn parsed(html: &str) -> roxmltree::Document<'_> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    roxmltree::Document::parse_with_options(html, options).expect("a report is well-formed")
}

/// The cells of the body of a table with a caption.
#[track_caller]
fn table(document: &roxmltree::Document<'_>, caption: &str) -> Vec<Vec<String>> {
    let text = |node: roxmltree::Node<'_, '_>| -> String {
        node.descendants().filter_map(|one| one.text().filter(|_| one.is_text())).collect()
    };
    let mut tables = document.descendants().filter(|node| node.has_tag_name_of("table"));
    let found = tables.find(|table| {
        table.children().any(|node| node.has_tag_name_of("caption") && text(node) == caption)
    });
    let found = found.unwrap_or_else(|| panic!("no table `{caption}`"));
    let body = found.children().find(|node| node.has_tag_name_of("tbody")).expect("a body");
    let cells = |row: roxmltree::Node<'_, '_>| {
        row.children().filter(|node| node.is_element()).map(text).collect()
    };
    body.children().filter(|node| node.is_element()).map(cells).collect()
}

/// Tags whatever their namespace.
trait Named {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for roxmltree::Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

/// What finance said is what stands there: fees, idle hours and credits each as what they are, negative numbers as numbers.
#[test]
fn charges_say_what_they_are() {
    let case = cases().last().expect("the scenario of finance");
    let charges = case.rows(Table::Charges);
    let kinds: BTreeSet<&str> = charges.iter().map(|row| row["charge_kind"].as_str()).collect();
    let expected = [
        "commitment fee",
        "credit",
        "not asked for",
        "unused commitment",
        "upfront commitment fee",
        "usage",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
    let first = &charges[0];
    assert_eq!(
        (first["calendar_month"].as_str(), first["fiscal_year"].as_str()),
        ("2027-02", "FY2027")
    );
    for row in &charges {
        match row["charge_kind"].as_str() {
            "credit" => {
                assert!(number(row, "billed_cost") < Decimal::ZERO, "{row:?}");
                assert!(row["billed_cost"].starts_with('-'), "a number is left alone: {row:?}");
            }
            "commitment fee" | "upfront commitment fee" => {
                assert!(
                    row["list_cost"].is_empty() && row["contracted_cost"].is_empty(),
                    "{row:?}"
                );
                assert!(!row["commitment"].is_empty() && number(row, "effective_cost").is_zero());
            }
            "unused commitment" => assert!(number(row, "list_cost").is_zero(), "{row:?}"),
            _ => {}
        }
        assert_eq!((row["currency"].as_str(), row["pricing_currency"].as_str()), ("EUR", "USD"));
    }
    let prices = case.rows(Table::Prices);
    let committed = prices.iter().find(|row| row["commitment"] == "base").expect("a commitment");
    assert_eq!(committed["negotiated_discount"], "0.1");
    assert!(number(committed, "commitment_saving") > Decimal::ZERO, "{committed:?}");
    let own = prices.iter().find(|row| row["price_source"] == "contract 4711").expect("a quote");
    assert_eq!(
        (own["price_basis"].as_str(), own["negotiated_discount"].as_str()),
        ("scenario", "0")
    );
}

#[test]
fn assumptions_have_values_and_origins() {
    let case = cases().last().expect("the scenario of finance");
    let rows = case.rows(Table::Assumptions);
    let find = |section: &str, subject: &str, key: &str| {
        let mut found = rows.iter().filter(|row| {
            (row["section"].as_str(), row["subject"].as_str(), row["key"].as_str())
                == (section, subject, key)
        });
        let row = found.next().unwrap_or_else(|| panic!("no {section} {subject} {key}"));
        assert!(found.next().is_none(), "{section} {subject} {key} stands there twice");
        (row["value"].as_str(), row["given_by"].as_str())
    };
    assert_eq!(find("stream", "orders", "growth"), ("1 %/month", "scenario"));
    assert_eq!(find("stream", "orders", "compression"), ("1", "default"));
    assert_eq!(find("finance", "", "fiscal_year_start"), ("april", "scenario"));
    assert_eq!(find("commitment", "base", "coverage"), ("80 %", "scenario"));
    assert_eq!(find("platform", "kafka-gp3", "replication_factor").1, "default");
    assert_eq!(find("platform", "kafka-gp3", "labour_rate"), ("$85/h", "scenario"));
    for row in &rows {
        assert!(!row["unit"].is_empty() && !row["meaning"].is_empty(), "{row:?}");
        let own = row["given_by"] == "scenario";
        assert!(own || row["confidence"].is_empty() || !row["source"].is_empty(), "{row:?}");
    }
}

#[test]
fn local_spreadsheets_read_the_same_numbers() {
    let case = cases().last().expect("the scenario of finance");
    let local = Profile::new(";", ",", true).expect("a profile");
    for table in Table::ALL {
        let text = case.csv(table, local);
        let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
        let theirs: Vec<csv::StringRecord> =
            reader(text, b';').records().map(|row| row.expect("a row")).collect();
        let ours = case.csv(table, Profile::default());
        let ours: Vec<csv::StringRecord> =
            reader(&ours, b',').records().map(|row| row.expect("a row")).collect();
        assert_eq!(theirs.len(), ours.len(), "{}", table.file());
        for (theirs, ours) in theirs.iter().zip(&ours) {
            assert_eq!(theirs.len(), ours.len(), "{}", table.file());
            for (theirs, ours) in theirs.iter().zip(ours) {
                let number = ours.parse::<Decimal>().is_ok();
                let expected = if number { ours.replace('.', ",") } else { ours.to_owned() };
                assert_eq!(theirs, expected, "{}", table.file());
            }
        }
    }
}

fn said(arguments: &[&str], text: &str) -> (u8, String, String) {
    highwater(&[&["export", "-", "--format"], arguments].concat(), text)
}

#[test]
fn flags_that_make_no_sense_say_the_way_out() {
    for (arguments, expected) in [
        (&["csv", "--decimal", ","][..], "with a decimal comma, use `;` between cells"),
        (&["csv", "--delimiter", "x"], "use `,`, `;`, `|` or `tab`"),
        (&["csv", "--decimal", ";"], "use `.` or `,`"),
        (&["csv", "--totals", "--prices"], "`-o FOLDER/`"),
        (&["json", "--wide"], "leave it out, or use `--format csv`"),
        (&["html", "--bom"], "leave it out, or use `--format csv`"),
        (&["csv", "--wide=list"], "invalid value 'list'"),
    ] {
        let (code, out, err) = said(arguments, FINANCE);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(expected), "{arguments:?}: {err}");
    }
}

#[test]
fn each_table_can_be_asked_for_by_itself() {
    let case = cases().last().expect("the scenario of finance");
    for (flags, table) in [
        (&[][..], Table::Charges),
        (&["--wide"], Table::WideEffective),
        (&["--wide=billed"], Table::WideBilled),
        (&["--totals"], Table::Totals),
        (&["--prices"], Table::Prices),
        (&["--assumptions"], Table::Assumptions),
    ] {
        let (code, out, err) = said(&[&["csv"], flags].concat(), FINANCE);
        assert_eq!((code, err.as_str()), (0, ""), "{flags:?}");
        assert_eq!(out, case.csv(table, Profile::default()), "{flags:?}");
    }
}

/// All tables with a list of them, the same bytes wherever they are written.
#[test]
fn a_folder_has_every_table_and_a_list() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, flags: &[&str]| {
        let path = folder.path().join(name).join("plan");
        let output = format!("{}/", path.display());
        let (code, out, err) = said(&[&["csv", "-o", &output], flags].concat(), FINANCE);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        let entries = fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("a file"));
        let read = |entry: fs::DirEntry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).expect("a file"))
        };
        entries.map(read).collect::<BTreeMap<_, _>>()
    };
    let files = write("one", &["--reproducible"]);
    assert_eq!(files, write("other", &["--reproducible"]));
    assert_eq!(files.len(), Table::ALL.len() + 1);
    let list: Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    for (entry, table) in list["files"].as_array().expect("files").iter().zip(Table::ALL) {
        let name = entry["name"].as_str().expect("a name");
        let bytes = &files[name];
        assert_eq!(name, table.file());
        assert_eq!(entry["bytes"], bytes.len());
        assert_eq!(entry["sha256"], sha256(bytes), "{name}");
        let text = std::str::from_utf8(bytes).expect("text");
        assert_eq!(entry["rows"], rows(text).len(), "{name}");
    }
    let audit = &list["audit"];
    assert_eq!(audit["scenario_sha256"], of_scenario(FINANCE));
    assert_eq!(audit["catalog_sha256"], of_catalog(catalog().files()));
    let command = "highwater --today 2000-01-01 export - --format csv -o plan/ --reproducible";
    assert_eq!(audit["command"], command, "folders are left out");
    assert!(audit.get("created").is_none());

    let now = write("now", &["--totals"]);
    assert_eq!(now.keys().collect::<Vec<_>>(), ["manifest.json", "totals.csv"]);
    let list: Value = serde_json::from_slice(&now["manifest.json"]).expect("JSON");
    assert!(list["audit"]["created"].as_str().is_some_and(|moment| moment.ends_with('Z')));
}

#[test]
fn every_export_says_what_it_was_made_from() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, flags: &[&str]| {
        let path = folder.path().join(name);
        let path = path.to_str().expect("a path");
        let flags = [flags, &["-o", path, "--reproducible"]].concat();
        let (code, out, err) = said(&flags, FINANCE);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        fs::read_to_string(path).expect("a file")
    };
    let beside = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    let hash = of_scenario(FINANCE);
    write("plan.csv", &["csv"]);
    write("focus.csv", &["focus", "--platform", "kafka-gp3"]);
    for (name, text) in [
        ("csv", beside("plan.audit.json")),
        ("focus", beside("focus.metadata.json")),
        ("json", write("plan.json", &["json"])),
        ("html", write("plan.html", &["html"])),
    ] {
        assert!(text.contains(&hash), "{name}");
        assert!(text.contains(&of_catalog(catalog().files())), "{name}");
        assert!(text.contains("-o ") && !text.contains(folder.path().to_str().expect("a path")));
    }
    for format in ["json", "html"] {
        let name = format!("plan.{format}");
        assert_eq!(beside(&name), write(&name, &[format]), "{format}: the same bytes");
    }
}

/// What stands in a report is there for every platform: what it takes and what does not hold, its prices, who bears it.
#[test]
fn reports_leave_no_platform_out() {
    for case in cases() {
        let parsed = parsed(&case.report);
        let (finance, plans) = (&case.scenario.finance, case.comparison.plans());
        let code = finance.own_exchange().currency.code;

        // A row for each platform, and for each of its parts behind it.
        let mut expected = Vec::new();
        for plan in plans.clone() {
            expected.push(plan.design.name.clone());
            expected.extend(plan.parts.iter().map(|part| format!("· {}", part.part.name())));
        }
        let taken = table(&parsed, "What each platform takes");
        let names: Vec<_> = taken.iter().map(|row| row[0].clone()).collect();
        assert_eq!(names, expected, "{}", case.name);

        // Its name, then a row for each price, whose net costs add up to what it comes to.
        let mut rows = table(&parsed, "Prices in use").into_iter();
        for plan in plans.clone() {
            let cents = model::export::cents::Cents::of(plan, finance);
            let used = model::export::stack::used(plan, finance, &cents);
            assert_eq!(rows.next().as_deref(), Some(&[plan.design.name.clone()][..]));
            let own: Vec<_> = rows.by_ref().take(used.len()).collect();
            for (row, used) in own.iter().zip(&used) {
                assert!(row[0].starts_with(&used.first.sku), "{}: {row:?}", case.name);
            }
            let net: Decimal = own.iter().map(|row| amount(&row[6])).sum();
            assert_eq!(net, cents.total()[3], "{}: {}", case.name, plan.design.name);
        }
        assert_eq!(rows.next(), None, "{}", case.name);

        // What each owner bears adds up to what each platform comes to.
        if case.scenario.workload.streams.iter().any(|stream| stream.owner.is_some()) {
            let owners =
                table(&parsed, &format!("Effective cost by owner over the horizon, in {code}"));
            let (total, each) = owners.split_last().expect("a total");
            for (column, plan) in plans.clone().enumerate() {
                let whole = model::export::cents::Cents::of(plan, finance).total()[3];
                assert_eq!(amount(&total[column + 1]), whole, "{}", case.name);
                let borne: Decimal = each.iter().map(|row| amount(&row[column + 1])).sum();
                assert_eq!(borne, whole, "{}: {}", case.name, plan.design.name);
            }
        }

        // What does not hold is said of those of which something does not.
        let headings = parsed.descendants().filter(|node| node.has_tag_name_of("h3"));
        let said: BTreeSet<&str> =
            headings.filter_map(|node| node.text()?.strip_suffix(": what does not hold")).collect();
        let fails = |plan: &&model::Plan| {
            let runs = plan.each().filter_map(|part| part.simulation.as_ref());
            runs.into_iter().any(|run| !run.incidents.is_empty())
        };
        let expected: BTreeSet<&str> =
            plans.filter(fails).map(|plan| plan.design.name.as_str()).collect();
        assert_eq!(said, expected, "{}", case.name);
    }
}

/// Nothing in a report is fetched or run, and it has its chapters.
#[test]
fn reports_stand_alone() {
    for case in cases() {
        let document = parsed(&case.report);
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            let name = node.tag_name().name();
            assert!(
                !["script", "link", "iframe", "img", "object", "embed", "a", "form"]
                    .contains(&name)
            );
            for attribute in node.attributes() {
                let (key, value) = (attribute.name(), attribute.value());
                assert!(!key.starts_with("on"), "{}: {key}", case.name);
                assert!(
                    !["src", "href", "srcset", "action"].contains(&key),
                    "{}: {key}",
                    case.name
                );
                assert!(!value.contains("url("), "{}: {key}", case.name);
            }
        }
        let style = document.descendants().find(|node| node.has_tag_name_of("style"));
        let style = style.and_then(|node| node.text()).expect("a style");
        assert!(!style.contains("url(") && !style.contains("@import"));
        assert!(case.report.contains("default-src 'none'"));
        let chapters = document.descendants().filter(|node| node.has_tag_name_of("h2"));
        let chapters: Vec<&str> = chapters.filter_map(|node| node.text()).collect();
        for chapter in ["Verdict", "Bills", "Scorecard", "Prices", "Assumptions", "Audit"] {
            assert!(chapters.contains(&chapter), "{}: {chapters:?}", case.name);
        }
        assert!(!case.report.contains("NaN") && !case.report.contains("inf "), "{}", case.name);
    }
}

/// The published schema says what is written, no less and no more.
#[test]
fn documents_are_valid_by_their_schema() {
    let (code, schema, _) = highwater(&["schema", "--output"], "");
    assert_eq!(code, 0);
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let check = |name: &str, json: &Value| {
        let problems: Vec<String> = validator
            .iter_errors(json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{name}: {problems:?}");
    };
    for case in cases() {
        check(&case.name, &case.json());
    }
    for path in examples("published") {
        let text = fs::read_to_string(&path).expect("a text file");
        let (_, out, err) = said(&["json"], &text);
        let json =
            serde_json::from_str(&out).unwrap_or_else(|_| panic!("{}: {err}", path.display()));
        check(&path.display().to_string(), &json);
    }
    let (_, one, _) = said(&["json", "--platform", "kafka-gp3"], FINANCE);
    check("one platform", &serde_json::from_str(&one).expect("JSON"));

    let good = cases().last().expect("the scenario of finance").json();
    for (pointer, key, value) in [
        ("", "extra", Value::from(1)),
        ("/ledger/0/costs", "billed", Value::from(1.5)),
        ("/finance", "currency", Value::from("euro")),
        ("/audit", "scenario_sha256", Value::from("x")),
        ("/platforms/0/plan/bill/lines/0", "component", Value::from("snacks")),
    ] {
        let mut bad = good.clone();
        let place = bad.pointer_mut(pointer).and_then(Value::as_object_mut).expect(pointer);
        place.insert(key.to_owned(), value);
        assert!(!validator.is_valid(&bad), "{pointer}/{key}");
    }
}

/// Texts that do harm where they are taken for something else.
const HOSTILE: &[&str] = &[
    "=cmd()",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@x",
    "＝1+1",
    "say \"hi\", 'you'; all",
    "<script>alert(1)</script>",
    "<!-- ]]> &amp; <![CDATA[",
    "a|b;c,d",
    "\\u0009=1",
    "a\\u0009b",
    "a\\nb",
    "a\\r\\nb",
    "abc\\u202Edef",
    "a\\u200Bb",
    "\\uFEFFa",
];

/// Where people write texts that reach exports: what stands there, and what of it is the text.
const FIELDS: &[(&str, &str)] = &[
    ("title", "title  = \"Orders, committed\""),
    ("stream", "name      = \"orders\""),
    ("owner", "owner     = \"billing team\""),
    ("reader", "group = \"billing\""),
    ("event", "name = \"zone down\""),
    ("commitment", "name     = \"base\""),
    ("commitment's source", "source   = \"quote of the account team\""),
    ("credit", "name   = \"move\""),
    ("credit's source", "source = \"letter of intent\""),
    ("exchange's source", "exchange_source   = \"reference rate\""),
    ("quote's source", "source = \"contract 4711\""),
    ("evidence", "evidence = \"rehearsed in spring\""),
    ("platform", "preset = \"automq-s3-wal\""),
];

#[test]
fn hostile_texts_are_refused_or_do_no_harm() {
    let short = FINANCE.replace("months = 27", "months = 4");
    let vocabulary = catalog().vocabulary();
    let write = |text: &str, (field, line): (&str, &str), hostile: &str| {
        assert_eq!(text.matches(line).count(), 1, "{field}");
        let value = format!("\"{}\"", hostile.replace('"', "\\\""));
        let changed = match field {
            "platform" => format!("{line}\nname = {value}"),
            _ => format!("{}= {value}", line.split_once('=').expect("a line").0),
        };
        text.replace(line, &changed)
    };
    let problems = |text: &str| -> Vec<String> {
        let parsed = model::scenario::parse(text, &vocabulary);
        parsed.err().unwrap_or_default().iter().map(ToString::to_string).collect()
    };
    for field in FIELDS {
        // TOML's own escapes: what hides is refused everywhere.
        for hostile in HOSTILE.iter().filter(|text| text.contains('\\')) {
            let found = problems(&write(&short, *field, hostile));
            let expected = "characters that can be seen; it has U+";
            assert!(
                found.iter().any(|one| one.contains(expected)),
                "{field:?}: {hostile}: {found:?}"
            );
        }
        let found = problems(&write(&short, *field, &"x".repeat(300)));
        let expected = "needs 1 to 256 characters";
        assert!(found.iter().any(|one| one.contains(expected)), "{field:?}: {found:?}");
        assert_eq!(problems(&write(&short, *field, &"W".repeat(256))), [""; 0], "{field:?}");
    }
    // All fields at once: no name stands beside another of its kind.
    for hostile in HOSTILE.iter().filter(|text| !text.contains('\\')) {
        let text = FIELDS.iter().fold(short.clone(), |text, field| write(&text, *field, hostile));
        harmless(hostile, &text);
    }
}

/// Looks for a text in every export of a scenario that has it everywhere.
fn harmless(hostile: &str, text: &str) {
    let case = Case::new(hostile, text);
    for table in Table::ALL {
        let mut told = 0;
        for record in reader(&case.csv(table, Profile::default()), b',').records() {
            for cell in &record.expect("a row") {
                let formula =
                    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
                let number = cell.parse::<Decimal>().is_ok();
                assert!(!formula || number, "{hostile}: {}: {cell}", table.file());
                told += usize::from(cell.contains(hostile));
            }
        }
        // The audit block names platforms, all others have more.
        assert!(told > 0, "{hostile}: {}", table.file());
        if table == Table::Assumptions {
            assert!(told >= FIELDS.len(), "{hostile}: {told}");
        }
    }
    let json = case.json();
    let says = |pointer: &str| json.pointer(pointer).and_then(Value::as_str) == Some(hostile);
    for pointer in ["/title", "/platforms/1/name", "/ledger/1/platform", "/finance/credits/0/name"]
    {
        assert!(says(pointer), "{hostile}: {pointer}");
    }
    let document = parsed(&case.report);
    let names = document.descendants().filter(roxmltree::Node::is_element);
    let tags: std::collections::BTreeSet<&str> = names.map(|node| node.tag_name().name()).collect();
    assert!(!tags.contains("script"), "{hostile}");
    let shown = document.descendants().filter_map(|node| node.text());
    let shown = shown.filter(|text| text.contains(hostile)).count();
    assert!(shown >= FIELDS.len(), "{hostile}: {shown}");
    assert!(case.audit.holds(), "{hostile}");
}
