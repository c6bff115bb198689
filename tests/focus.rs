//! Plans in the shape of FOCUS: columns, rules of rows that need no network, and that they add up to the bill.
//!
//! Source: columns, nullability and allowed values of FOCUS 1.2, 1.3 and 1.4, restated in tables here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use model::bill::Component;
use model::export::focus::{self, Refusal, Version};
use model::export::{csv, json};
use model::money::Usd;
use model::{Comparison, Plan, Scenario, View};
use rust_decimal::Decimal;

use crate::examples::{examples, highwater};

/// Columns of every version that are never to be empty on a row of usage.
const FILLED: &[&str] = &[
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingCurrency",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyEffectiveCost",
    "PricingCurrencyListUnitPrice",
    "PricingQuantity",
    "PricingUnit",
    "RegionId",
    "RegionName",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SkuPriceId",
    "SubAccountId",
    "SubAccountName",
    "x_CostBasis",
    "x_PlanId",
    "x_PriceSource",
    "x_Scenario",
];

/// Columns that are there and always empty: no charge is corrected, invoiced or committed to.
const EMPTY: &[&str] = &["ChargeClass", "CommitmentDiscountStatus", "InvoiceId", "SkuPriceDetails"];

/// Who sells what, by version: who is never unknown.
const NAMED: [(Version, &[&str]); 3] = [
    (Version::V1_2, &["ProviderName", "PublisherName"]),
    (Version::V1_3, &["HostProviderName", "ProviderName", "PublisherName", "ServiceProviderName"]),
    (Version::V1_4, &["HostProviderName", "ServiceProviderName"]),
];

/// ServiceCategory and the ServiceSubcategory values that belong to it, of those that a streaming platform can need.
const SERVICES: &[(&str, &[&str])] = &[
    ("Compute", &["Virtual Machines"]),
    ("Integration", &["Messaging"]),
    ("Management and Governance", &["Observability", "Support"]),
    ("Migration", &["Other (Migration)"]),
    ("Networking", &["Application Networking", "Network Connectivity", "Network Infrastructure"]),
    ("Storage", &["Backup Storage", "Block Storage", "File Storage", "Object Storage"]),
];

/// A short plan whose months are neither calendar months nor begin on a first day.
const SHORT: &str = r#"
schema = 1
title  = "Two months of orders"

[horizon]
start  = 2027-01-31
months = 2
month  = "730 h"

[prices]
provider = "aws"
region   = "us-east-1"

[[stream]]
name       = "orders"
records    = "1000 /s"
record     = "1 KiB"
partitions = 12
retention  = "1 d"
[[stream.reader]]
group = "fulfilment"

[lines]
labour      = true
labour_rate = "$90/h"

[[platform]]
preset = "msk-express"
[[platform]]
preset = "kafka-gp3"
"#;

fn case(text: &str) -> (Scenario, Comparison) {
    let scenario = crate::parse(text);
    let prices = crate::catalog().prices(&scenario).expect("prices");
    let comparison = model::comparison::compare(&scenario, &prices, View::Horizon);
    (scenario, comparison)
}

/// Every example through its horizon, with a first day where it has none.
fn cases() -> &'static [(String, Scenario, Comparison)] {
    static CASES: OnceLock<Vec<(String, Scenario, Comparison)>> = OnceLock::new();
    CASES.get_or_init(|| {
        let dated = |path: &Path| {
            let text = fs::read_to_string(path).expect("an example is a text file");
            let dated = text.replace("[horizon]\nmonths", "[horizon]\nstart = 2027-01-01\nmonths");
            let (scenario, comparison) = case(&dated);
            (path.display().to_string(), scenario, comparison)
        };
        examples("").iter().map(|path| dated(path)).collect()
    })
}

type Row = BTreeMap<String, String>;

fn rows(text: &str) -> Vec<Row> {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn header(text: &str) -> Vec<String> {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    reader.headers().expect("a header").iter().map(str::to_owned).collect()
}

fn all(scenario: &Scenario, comparison: &Comparison, version: Version) -> String {
    focus::csv(comparison, scenario, version, None).expect("it has a first day")
}

#[track_caller]
fn decimal(row: &Row, column: &str) -> Decimal {
    row[column].parse().unwrap_or_else(|_| panic!("{column} is no number: {row:?}"))
}

fn invoiced(plan: &Plan) -> Usd {
    plan.bill.contracted_cost() - plan.bill.of_component(Component::Labour)
}

#[test]
fn columns_are_those_of_each_version_and_then_ours() {
    let (scenario, comparison) = case(SHORT);
    assert_eq!(Version::default(), Version::V1_3);
    for (version, named) in NAMED {
        let text = all(&scenario, &comparison, version);
        let columns = header(&text);
        let (ours, theirs): (Vec<&str>, Vec<&str>) =
            columns.iter().map(String::as_str).partition(|column| column.starts_with("x_"));
        assert_eq!(columns, [theirs.clone(), ours.clone()].concat(), "ours come last");
        assert!(theirs.is_sorted() && ours.is_sorted(), "{columns:?}");
        for column in &columns {
            let name = column.strip_prefix("x_").unwrap_or(column);
            let pascal = name.starts_with(|first: char| first.is_ascii_uppercase())
                && name.chars().all(|letter| letter.is_ascii_alphanumeric());
            assert!(pascal, "{column}");
        }
        for column in FILLED.iter().chain(EMPTY).chain(named) {
            assert!(columns.iter().any(|found| found == column), "{} {column}", version.name());
        }
        let everybody: BTreeSet<_> = NAMED.iter().flat_map(|(_, named)| *named).collect();
        let told: BTreeSet<_> = everybody
            .into_iter()
            .filter(|name| columns.iter().any(|found| found == **name))
            .collect();
        assert_eq!(told, named.iter().collect(), "{}", version.name());

        let metadata: serde_json::Value =
            serde_json::from_str(&focus::metadata(&comparison, version, None, None)).expect("JSON");
        let defined = metadata["ColumnDefinition"].as_array().expect("columns");
        let defined: Vec<_> = defined.iter().map(|column| column["ColumnName"].as_str()).collect();
        assert_eq!(defined, columns.iter().map(|name| Some(name.as_str())).collect::<Vec<_>>());
        assert_eq!(metadata["FocusVersion"], version.name());
        assert!(metadata.get("CreationDate").is_none(), "nobody knows when");
    }
}

#[test]
fn every_row_of_every_example_keeps_the_rules() {
    let mut services: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut skus: BTreeMap<String, String> = BTreeMap::new();
    for (name, scenario, comparison) in cases() {
        let text = all(scenario, comparison, Version::default());
        assert!(text.starts_with("BilledCost,"), "{name}: no byte order mark");
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{name}");
        let named = NAMED.iter().find(|(version, _)| *version == Version::default());
        let filled: Vec<&str> =
            FILLED.iter().chain(named.expect("every version").1).copied().collect();
        let found = rows(&text);
        assert!(!found.is_empty(), "{name}");
        for row in &found {
            for column in &filled {
                assert!(!row[*column].trim().is_empty(), "{name}: no {column} in {row:?}");
            }
            for column in EMPTY {
                assert_eq!(row[*column], "", "{name}: {column}");
            }
            keeps_the_rules(row);
            let category = (row["ServiceCategory"].clone(), row["ServiceSubcategory"].clone());
            let known = services.entry(row["ServiceName"].clone()).or_insert(category.clone());
            assert_eq!(*known, category, "{name}: {}", row["ServiceName"]);
            let sku = skus.entry(row["SkuPriceId"].clone()).or_insert(row["SkuId"].clone());
            assert_eq!(*sku, row["SkuId"], "{name}");
        }
        types_are_kept(&text, comparison);
    }
}

/// What a row says by itself.
#[track_caller]
fn keeps_the_rules(row: &Row) {
    let one_of = |column: &str, allowed: &[&str]| {
        assert!(allowed.contains(&row[column].as_str()), "{column}: {row:?}");
    };
    // FOCUS allows more categories of charges; a plan has none of them.
    one_of("ChargeCategory", &["Usage"]);
    one_of("ChargeFrequency", &["Recurring", "Usage-Based"]);
    one_of("PricingCategory", &["Standard"]);
    one_of("BillingCurrency", &["USD"]);
    one_of("PricingCurrency", &["USD"]);
    one_of("x_CostBasis", &["Plan"]);
    let category = SERVICES.iter().find(|(category, _)| row["ServiceCategory"] == *category);
    one_of("ServiceSubcategory", category.unwrap_or_else(|| panic!("{row:?}")).1);
    for column in ["BillingAccountId", "SubAccountId"] {
        assert!(row[column].starts_with("plan:"), "{column}: {row:?}");
    }
    assert_eq!(row["SubAccountId"], format!("plan:{}", row["x_PlanId"]));
    assert_ne!(row["x_Component"], Component::Labour.name(), "nobody invoices it");
    assert_eq!(row["InvoiceIssuerName"], row["ServiceProviderName"]);

    let set = |column: &str| !row[column].is_empty();
    assert_eq!(set("ResourceId"), set("ResourceType"), "{row:?}");
    assert_eq!(set("ResourceId"), set("ResourceName"), "{row:?}");
    if set("ResourceId") {
        assert!(row["ResourceId"].starts_with("plan:"), "{row:?}");
        assert_ne!(row["ResourceId"], row["ResourceName"]);
    }
    if set("x_PriceAsOfDate") {
        assert!(is_day(&row["x_PriceAsOfDate"]), "{row:?}");
    }

    for period in ["Billing", "Charge"] {
        let [start, end] = ["Start", "End"].map(|edge| &row[&format!("{period}Period{edge}")]);
        let first =
            |moment: &str| moment.strip_suffix("-01T00:00:00Z").map(|month| format!("{month}-01"));
        let [start, end] = [start, end].map(|moment| first(moment).expect("the start of a month"));
        assert!(is_day(&start) && is_day(&end), "{row:?}");
        let count = |day: &str| {
            let (year, month) = (&day[..4], &day[5..7]);
            year.parse::<u32>().expect("a year") * 12 + month.parse::<u32>().expect("a month")
        };
        assert_eq!(count(&end), count(&start) + 1, "{row:?}");
    }

    let quantity = decimal(row, "PricingQuantity");
    assert_eq!(decimal(row, "ConsumedQuantity"), quantity);
    assert_eq!(row["ConsumedUnit"], row["PricingUnit"]);
    assert!(is_unit(&row["PricingUnit"]), "{row:?}");
    for price in ["List", "Contracted"] {
        let unit_price = decimal(row, &format!("{price}UnitPrice"));
        assert!(unit_price >= Decimal::ZERO, "{row:?}");
        assert_eq!(unit_price * quantity, decimal(row, &format!("{price}Cost")), "{row:?}");
        assert_eq!(decimal(row, &format!("PricingCurrency{price}UnitPrice")), unit_price);
    }
    for cost in ["BilledCost", "EffectiveCost", "PricingCurrencyEffectiveCost"] {
        assert_eq!(row[cost], row["ContractedCost"], "nothing is committed to");
    }
}

/// Every column holds what the metadata beside it says.
#[track_caller]
fn types_are_kept(text: &str, comparison: &Comparison) {
    let metadata = focus::metadata(comparison, Version::default(), None, None);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    for column in metadata["ColumnDefinition"].as_array().expect("columns") {
        let name = column["ColumnName"].as_str().expect("a name");
        for row in rows(text) {
            let cell = &row[name];
            let kept = match column["DataType"].as_str() {
                Some("DECIMAL") => is_decimal(cell),
                Some("DATETIME") => {
                    cell.strip_suffix("T00:00:00Z").is_some_and(is_day) && cell.len() == 20
                }
                Some("STRING") => !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
                other => panic!("{name} is {other:?}"),
            };
            assert!(kept, "{name}: {cell}");
        }
    }
}

fn is_decimal(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    cell.strip_prefix('-')
        .unwrap_or(cell)
        .split_once('.')
        .is_some_and(|(whole, part)| digits(whole) && digits(part) && part.len() >= 2)
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    matches!(parts[..], [year, month, day] if digits(year, 4)
        && digits(month, 2) && ("01"..="12").contains(&month)
        && digits(day, 2) && ("01"..="31").contains(&day))
}

/// A plural, or a singular and the plural of a time; sizes of data and currencies have no plural.
fn is_unit(unit: &str) -> bool {
    let known = ["GB", "GiB", "USD", "IOPS", "MBps", "MiBps"];
    match unit.split_once('-') {
        Some((one, time)) => known.contains(&one) && time == "Months",
        None => known.contains(&unit) || ["Hours", "Months", "Requests"].contains(&unit),
    }
}

/// To the last digit: each platform of every example, each of its months, and what the metadata says of it.
#[test]
fn every_example_adds_up_to_its_bill() {
    let mut labour = Usd::ZERO;
    for (name, scenario, comparison) in cases() {
        let metadata = focus::metadata(comparison, Version::default(), None, None);
        let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
        let told = metadata["x_Plans"].as_array().expect("plans");
        assert_eq!(told.len(), comparison.outcomes.len(), "{name}");
        let exact = rows(&csv::compare(comparison, scenario));
        let together = rows(&all(scenario, comparison, Version::default()));
        for plan in comparison.plans() {
            let platform = &plan.design.name;
            let alone = focus::csv(comparison, scenario, Version::default(), Some(platform));
            let alone = rows(&alone.expect("it has a first day"));
            let mine = |row: &&Row| row["SubAccountName"] == *platform;
            assert!(alone.iter().eq(together.iter().filter(mine)), "{name}: {platform}");

            let sum = |column: &str| alone.iter().map(|row| decimal(row, column)).sum::<Decimal>();
            assert_eq!(Usd::new(sum("BilledCost")), invoiced(plan), "{name}: {platform}");
            assert_eq!(sum("EffectiveCost"), sum("BilledCost"), "{name}: {platform}");
            let others = exact.iter().filter(|row| {
                row["platform"] == *platform
                    && row["component"] != Component::Labour.name()
                    && !row["contracted_cost_exact"].is_empty()
            });
            let others: Decimal = others.map(|row| decimal(row, "contracted_cost_exact")).sum();
            assert_eq!(others, sum("BilledCost"), "{name}: {platform}");

            let starts: BTreeSet<&str> =
                alone.iter().map(|row| row["BillingPeriodStart"].as_str()).collect();
            assert_eq!(starts.len(), plan.months.len(), "{name}: {platform}");
            for (start, billed) in starts.into_iter().zip(&plan.months) {
                let month = alone.iter().filter(|row| row["BillingPeriodStart"] == start);
                let month: Decimal = month.map(|row| decimal(row, "BilledCost")).sum();
                let of = &billed.bill;
                let expected = of.contracted_cost() - of.of_component(Component::Labour);
                assert_eq!(Usd::new(month), expected, "{name}: {platform}, {start}");
            }

            let id = format!("{}/{platform}", comparison.title);
            let entry = told.iter().find(|entry| entry["x_PlanId"] == id.as_str()).expect("told");
            let amount = |key: &str| entry[key].as_str().expect(key).parse::<Decimal>().expect(key);
            assert_eq!(amount("BilledCost"), sum("BilledCost"), "{name}: {platform}");
            assert_eq!(amount("ListCost"), sum("ListCost"), "{name}: {platform}");
            let people = Usd::new(amount("x_LabourLeftOut"));
            assert_eq!(invoiced(plan) + people, plan.bill.contracted_cost(), "{name}: {platform}");
            labour += people;
        }
    }
    assert!(labour > Usd::ZERO, "an example has labour to leave out");
}

/// While two platforms are paid, the time of the people of both is a line of its own.
#[test]
fn labour_of_a_platform_that_is_left_is_no_invoice() {
    let text = crate::example("migration.toml")
        .replace("[prices]", "[lines]\nlabour = true\nlabour_rate = \"$90/h\"\n\n[prices]");
    let (scenario, comparison) = case(&text);
    let verdict = focus::default_platform(&comparison).expect("one is cheapest").to_owned();
    assert_ne!(verdict, "kafka-gp3", "it is left");
    let plan = comparison.plans().find(|plan| plan.design.name == verdict).expect("it is planned");
    let left = plan.bill.lines.iter().filter(|line| line.sku == "plan:kafka-gp3");
    let components: BTreeSet<Component> = left.map(|line| line.component).collect();
    assert_eq!(components, [Component::Migration, Component::Labour].into());
    let text = focus::csv(&comparison, &scenario, Version::default(), Some(&verdict));
    let found = rows(&text.expect("it has a first day"));
    let migration = found.iter().filter(|row| row["x_Component"] == Component::Migration.name());
    assert!(migration.clone().count() > 0);
    for row in migration {
        assert_eq!(row["x_PriceAsOfDate"], "", "another plan has no date");
    }
    let sum: Decimal = found.iter().map(|row| decimal(row, "BilledCost")).sum();
    assert_eq!(Usd::new(sum), invoiced(plan));
}

/// What the catalogue sells is called as on its provider's bill.
#[test]
fn everything_that_is_sold_has_a_name() {
    let mut nameless = BTreeSet::new();
    for market in crate::markets() {
        let services = &market.prices.services;
        assert!(services.provider().is_some(), "{}", market.prices.provider);
        for price in &market.prices.prices {
            match services.of(&price.sku) {
                Some(service) => {
                    let category = SERVICES.iter().find(|(name, _)| *name == service.category);
                    let known = category.is_some_and(|(_, subcategories)| {
                        subcategories.contains(&service.subcategory.as_str())
                    });
                    assert!(known, "{}: {service:?}", price.sku);
                }
                None => drop(nameless.insert((market.prices.provider.clone(), price.sku.clone()))),
            }
        }
    }
    assert_eq!(nameless, BTreeSet::new());
}

/// Rows and their metadata, without the moment at which they were written.
#[test]
fn a_short_plan_is_exported() {
    let arguments = ["export", "-", "--format", "focus", "--platform", "msk-express"];
    let (code, out, err) = highwater(&arguments, SHORT);
    let (scenario, comparison) = case(SHORT);
    let wanted = Some("msk-express");
    assert_eq!(Ok(&out), focus::csv(&comparison, &scenario, Version::V1_3, wanted).as_ref());
    let metadata =
        focus::metadata(&comparison, Version::V1_3, wanted, Some("2027-01-01T08:00:00Z"));
    bound(|| {
        let text = out.replace("\r\n", "\n");
        insta::assert_snapshot!("export-focus", format!("{text}{err}exit code {code}\n"));
        let ours = format!("\"DataGeneratorVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
        assert!(metadata.contains(&ours), "{metadata}");
        let version = "\"DataGeneratorVersion\": \"VERSION\"";
        insta::assert_snapshot!("export-focus-metadata", metadata.replace(&ours, version));
    });
}

#[test]
fn a_file_and_its_metadata_are_written_whole() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("plan.csv");
    let beside = folder.path().join("plan.metadata.json");
    let to = |file: &Path| {
        let file = file.to_str().expect("a path");
        highwater(&["export", "-", "--format", "focus", "-o", file], SHORT)
    };
    let names = || {
        let entries = fs::read_dir(folder.path()).expect("it is there").flatten();
        entries.map(|entry| entry.file_name()).collect::<BTreeSet<_>>()
    };
    let both: BTreeSet<_> = ["plan.csv", "plan.metadata.json"].map(Into::into).into();

    // It replaces what is there.
    fs::write(&file, "old").expect("a file");
    let (code, out, err) = to(&file);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert_eq!(names(), both, "no temporary file is left");
    let (scenario, comparison) = case(SHORT);
    let wanted = focus::default_platform(&comparison);
    assert!(err.contains(&format!("`{}`", wanted.expect("one is cheapest"))), "{err}");
    let text = fs::read_to_string(&file).expect("rows");
    assert_eq!(Ok(&text), focus::csv(&comparison, &scenario, Version::V1_3, wanted).as_ref());
    let metadata = fs::read_to_string(&beside).expect("metadata");
    let document: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    let created = document["CreationDate"].as_str().expect("a moment");
    assert!(created.len() == 20 && is_day(&created[..10]) && created.ends_with('Z'), "{created}");
    assert_eq!(metadata, focus::metadata(&comparison, Version::V1_3, wanted, Some(created)));

    // What has no place for one of the two touches neither.
    fs::remove_file(&beside).expect("it is there");
    fs::create_dir(&beside).expect("a folder in its place");
    fs::write(&file, "old").expect("a file");
    let (code, out, err) = to(&file);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("is a folder"), "{err}");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "old");
    assert_eq!(names(), both);
    let (code, _, err) = to(&folder.path().join("nowhere").join("plan.csv"));
    assert!(code == 2 && err.contains("cannot write"), "{err}");
    assert_eq!(names(), both);

    // A slip of the finger is not to cost a scenario.
    let scenario = folder.path().join("scenario.toml");
    fs::write(&scenario, SHORT).expect("a file");
    let path = scenario.to_str().expect("a path");
    let (code, _, err) = highwater(&["export", path, "--format", "focus", "-o", path], "");
    assert!(code == 2 && err.contains("is the scenario itself"), "{err}");
    assert_eq!(fs::read_to_string(&scenario).expect("it is there"), SHORT);
}

/// The other formats are those of `compare` and `plan`, byte for byte.
#[test]
fn tables_and_documents_are_those_of_other_verbs() {
    for format in ["csv", "json"] {
        let said = |arguments: &[&str]| {
            let (code, out, err) = highwater(&[arguments, &["--format", format]].concat(), SHORT);
            assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
            out
        };
        assert_eq!(said(&["export", "-"]), said(&["compare", "-"]));
        let one = ["-", "--platform", "kafka-gp3"];
        assert_eq!(
            said(&[&["export"], one.as_slice()].concat()),
            said(&[&["plan"], one.as_slice()].concat())
        );
    }
    let (scenario, comparison) = case(SHORT);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("plan");
    for (format, text) in [
        ("csv", csv::compare(&comparison, &scenario)),
        ("json", json::compare(&comparison, &scenario)),
    ] {
        let path = file.to_str().expect("a path");
        let (code, ..) = highwater(&["export", "-", "--format", format, "-o", path], SHORT);
        assert_eq!((code, fs::read_to_string(&file).expect("it is there")), (0, text));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1, "nothing beside it");
}

#[test]
fn refusals_say_the_way_out() {
    let undated = SHORT.replace("start  = 2027-01-31\n", "");
    let formula = SHORT
        .replace("Two months", "=1+1")
        .replace("preset = \"kafka-gp3\"", "preset = \"kafka-gp3\"\nname = \"@home\"");
    let wrong: &[(&[&str], &str)] = &[
        (&[], SHORT),
        (&["--format", "svg"], SHORT),
        (&["--format", "focus", "--platform", "kafka-gp2"], SHORT),
        (&["--format", "focus", "--platform", "kafka-gp3", "--all-platforms"], SHORT),
        (&["--format", "focus", "--focus-version", "1.1"], SHORT),
        (&["--format", "csv", "--focus-version", "1.4"], SHORT),
        (&["--format", "json", "--all-platforms"], SHORT),
        (&["--format", "focus", "--platform", "kafka-gp3"], &undated),
        (&["--format", "focus", "--all-platforms"], &formula),
    ];
    let mut told = String::new();
    for (arguments, text) in wrong {
        let (code, out, err) = highwater(&[&["export", "-"], *arguments].concat(), text);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        told += &format!("$ export - {}\n{err}exit code {code}\n", arguments.join(" "));
    }
    let (code, out, err) = highwater(&["compare", "-", "--format", "focus"], SHORT);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    told += &format!("$ compare - --format focus\n{err}exit code {code}\n");
    bound(|| insta::assert_snapshot!("export-usage", told));

    let (scenario, comparison) = case(&undated);
    let refused = focus::csv(&comparison, &scenario, Version::V1_3, None);
    assert_eq!(refused, Err(vec![Refusal::NoFirstDay]));
}

/// Nobody who reads what the command says takes a plan for billing data.
#[test]
fn it_is_called_a_plan() {
    let (_, help, _) = highwater(&["export", "--help"], "");
    assert!(help.contains("not billing data") && !help.contains("conform"), "{help}");
    let (scenario, comparison) = case(SHORT);
    let text = all(&scenario, &comparison, Version::default());
    assert!(!text.contains("onform"));
    let metadata = focus::metadata(&comparison, Version::default(), None, None);
    assert_eq!(metadata.matches("conform").count(), metadata.matches("not conformant").count());
    assert!(metadata.contains("not billing data"));
}

fn bound(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(check);
}
