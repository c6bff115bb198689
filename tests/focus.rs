//! Plans in the shape of FOCUS: columns, rules of rows that need no network, and that they add up to the bill.
//!
//! Source: columns, nullability and allowed values of FOCUS 1.2, 1.3 and 1.4, restated in tables here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use model::bill::Component;
use model::export::audit::{Audit, Origin};
use model::export::csv;
use model::export::focus::{self, File, Refusal, Version};
use model::money::Usd;
use model::{Comparison, Plan, Scenario, View};
use rust_decimal::Decimal;

use crate::examples::{examples, highwater};

mod names;
mod rules;
mod terms;

use rules::{SERVICES, broken, is_day, is_decimal};

/// Columns of every version that are never to be empty.
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
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "PricingCurrency",
    "PricingCurrencyEffectiveCost",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SubAccountId",
    "SubAccountName",
    "Tags",
    "x_AssumptionsHash",
    "x_CostBasis",
    "x_EngineVersion",
    "x_PlanId",
    "x_PriceCatalogHash",
    "x_PriceSource",
    "x_Scenario",
];

/// Columns that are there for loaders, and always empty.
const EMPTY: &[&str] = &["ChargeClass", "InvoiceId", "SkuPriceDetails"];

/// Who sells what, by version: who is never unknown.
const NAMED: [(Version, &[&str]); 3] = [
    (Version::V1_2, &["ProviderName", "PublisherName"]),
    (Version::V1_3, &["HostProviderName", "ProviderName", "PublisherName", "ServiceProviderName"]),
    (Version::V1_4, &["HostProviderName", "ServiceProviderName"]),
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

/// Commitments and a credit, in another currency; the public checkers see it, too.
const COMMITTED: &str = include_str!("fixtures/focus/one-year.toml");

/// What a file is made from.
fn audit() -> &'static Audit {
    static AUDIT: OnceLock<Audit> = OnceLock::new();
    AUDIT.get_or_init(|| Audit {
        scenario_sha256: "0a".repeat(32),
        catalog_sha256: "0b".repeat(32),
        ..Audit::default()
    })
}

fn file<'a>(
    scenario: &'a Scenario,
    comparison: &'a Comparison,
    version: Version,
    platform: Option<&'a str>,
) -> File<'a> {
    File { comparison, scenario, version, platform, audit: audit() }
}

/// The metadata of all platforms.
fn beside(scenario: &Scenario, comparison: &Comparison) -> serde_json::Value {
    let text = file(scenario, comparison, Version::default(), None).metadata();
    serde_json::from_str(&text).expect("JSON")
}

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
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/focus");
        let fixtures = fs::read_dir(fixtures).expect("a folder of the project").flatten();
        let fixtures = fixtures.map(|entry| entry.path());
        examples("").into_iter().chain(fixtures).map(|path| dated(&path)).collect()
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
    file(scenario, comparison, version, None).csv().expect("it has a first day")
}

/// Five brokers are committed to, half of it paid upfront, and three run.
#[test]
fn a_commitment_is_told_by_what_it_does() {
    let (scenario, comparison) = case(crate::exports::BY_HAND);
    let text = all(&scenario, &comparison, Version::default());
    let month = "2027-01-01T00:00:00Z";
    let columns = [
        "ChargeCategory",
        "PricingCategory",
        "CommitmentDiscountStatus",
        "ResourceType",
        "ResourceId",
        "SkuId",
        "ChargeDescription",
    ];
    let found = rows(&text);
    let of_it = found
        .iter()
        .filter(|row| row["BillingPeriodStart"] == month)
        .filter(|row| row["SkuId"].contains("ec2:m7g.large") || row["ChargeCategory"] == "Credit");
    let mut told: Vec<Vec<&str>> =
        of_it.map(|row| columns.map(|column| row[column].as_str()).to_vec()).collect();
    told.sort();
    let (plan, base) = ("plan:By hand/kafka-gp3/brokers", "plan:By hand/kafka-gp3/base");
    let (machine, contract) = ("ec2:m7g.large", "ec2:m7g.large (base)");
    let term = "the commitment base (1 year, 50 % upfront)";
    let [once, monthly] = [("upfront", 43_800), ("of the month", 3_650)]
        .map(|(how, hours)| format!("Planned fee, {how}: {hours} Hours of {term}"));
    let mut expected = [
        [
            "Usage",
            "Committed",
            "Used",
            "Instance",
            plan,
            machine,
            "Planned brokers, serve: 2190 Hours of ec2:m7g.large, covered by the commitment base",
        ],
        [
            "Usage",
            "Committed",
            "Unused",
            "Commitment",
            base,
            contract,
            "Planned brokers, not used: 1460 Hours of the commitment base",
        ],
        ["Purchase", "Standard", "", "Commitment", base, contract, &once],
        ["Purchase", "Standard", "", "Commitment", base, contract, &monthly],
        [
            "Usage",
            "Standard",
            "",
            "Instance",
            "plan:By hand/kafka-gp3/controllers",
            machine,
            "Planned controllers, coordinate: 2190 Hours of ec2:m7g.large",
        ],
        ["Credit", "", "", "", "", "", "Planned credit: grant"],
    ]
    .map(|row| row.to_vec());
    expected.sort();
    assert_eq!(told, expected);
    let prices: BTreeSet<&str> = found
        .iter()
        .filter(|row| row["CommitmentDiscountStatus"] == "Unused")
        .map(|row| row["SkuPriceId"].as_str())
        .collect();
    assert_eq!(prices, ["ec2:m7g.large (base)@us-east-1@0.07"].into());
}

/// Of $3,066.00, half a year has paid 1,533.00 + 6 × 127.75 and borne 6 × 255.50.
#[test]
fn a_commitment_says_what_is_left_of_it() {
    let half = crate::exports::BY_HAND.replace("months = 14", "months = 6");
    let (scenario, comparison) = case(&half);
    let text = beside(&scenario, &comparison).to_string();
    for expected in [
        "\"CommitmentDiscountId\":\"plan:By hand/kafka-gp3/base\"",
        "\"x_TermStart\":\"2027-01-01T00:00:00Z\"",
        "\"x_TermEnd\":\"2028-01-01T00:00:00Z\"",
        "\"BilledCost\":\"2299.5\"",
        "\"EffectiveCost\":\"1533\"",
        "\"x_BilledCostBeyond\":\"766.5\"",
        "\"x_EffectiveCostBeyond\":\"1533\"",
        "\"x_PaidAheadBeyond\":\"766.5\"",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
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

        let metadata = file(&scenario, &comparison, version, None).metadata();
        let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
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
            assert_eq!(broken(row), [""; 0], "{name}: {row:?}");
            let category = (row["ServiceCategory"].clone(), row["ServiceSubcategory"].clone());
            let known = services.entry(row["ServiceName"].clone()).or_insert(category.clone());
            assert_eq!(*known, category, "{name}: {}", row["ServiceName"]);
            let sku = skus.entry(row["SkuPriceId"].clone()).or_insert(row["SkuId"].clone());
            assert_eq!(*sku, row["SkuId"], "{name}");
        }
        types_are_kept(&text, &beside(scenario, comparison));
    }
}

/// Every column holds what the metadata beside it says.
#[track_caller]
fn types_are_kept(text: &str, metadata: &serde_json::Value) {
    let rows = rows(text);
    for column in metadata["ColumnDefinition"].as_array().expect("columns") {
        let name = column["ColumnName"].as_str().expect("a name");
        for row in &rows {
            let cell = &row[name];
            // What is never empty has a rule of its own.
            let kept = cell.is_empty()
                || match column["DataType"].as_str() {
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

/// To the last digit: each platform of every example, each of its months, and what the metadata says of it.
#[test]
fn every_example_adds_up_to_its_bill() {
    let mut labour = Usd::ZERO;
    for (name, scenario, comparison) in cases() {
        let exchange = scenario.finance.exchange.as_ref();
        let converted =
            |amount: Usd| exchange.map_or(amount.dollars(), |exchange| exchange.convert(amount));
        let metadata = beside(scenario, comparison);
        let told = metadata["x_Plans"].as_array().expect("plans");
        assert_eq!(told.len(), comparison.outcomes.len(), "{name}");
        let exact = rows(&csv::compare(comparison, scenario));
        let together = rows(&all(scenario, comparison, Version::default()));
        for plan in comparison.plans() {
            let platform = &plan.design.name;
            let alone = file(scenario, comparison, Version::default(), Some(platform)).csv();
            let alone = rows(&alone.expect("it has a first day"));
            let mine = |row: &&Row| row["SubAccountName"] == *platform;
            assert!(alone.iter().eq(together.iter().filter(mine)), "{name}: {platform}");

            let sum = |column: &str| total(&alone, column);
            let of = |category: &str| {
                let rows = alone.iter().filter(|row| row["ChargeCategory"] == category);
                rows.map(|row| decimal(row, "EffectiveCost")).sum::<Decimal>()
            };
            assert_eq!(of("Usage"), converted(invoiced(plan)), "{name}: {platform}");
            let others = exact.iter().filter(|row| {
                row["platform"] == *platform
                    && row["component"] != Component::Labour.name()
                    && !row["effective_cost_exact"].is_empty()
            });
            let others: Decimal = others.map(|row| decimal(row, "effective_cost_exact")).sum();
            assert_eq!(sum("EffectiveCost"), converted(Usd::new(others)), "{name}: {platform}");

            let starts: BTreeSet<&str> =
                alone.iter().map(|row| row["BillingPeriodStart"].as_str()).collect();
            assert_eq!(starts.len(), plan.months.len(), "{name}: {platform}");
            for (start, billed) in starts.into_iter().zip(&plan.months) {
                let month = alone.iter().filter(|row| {
                    row["BillingPeriodStart"] == start && row["ChargeCategory"] == "Usage"
                });
                let month: Decimal = month.map(|row| decimal(row, "EffectiveCost")).sum();
                let of = &billed.bill;
                let expected = of.contracted_cost() - of.of_component(Component::Labour);
                assert_eq!(month, converted(expected), "{name}: {platform}, {start}");
            }

            let id = format!("{}/{platform}", comparison.title);
            let entry = told.iter().find(|entry| entry["x_PlanId"] == id.as_str()).expect("told");
            let amount = |key: &str| entry[key].as_str().expect(key).parse::<Decimal>().expect(key);
            for cost in ["BilledCost", "EffectiveCost"] {
                assert_eq!(amount(cost), sum(cost), "{name}: {platform}");
            }
            let consumed: Vec<Row> =
                alone.iter().filter(|row| row["ChargeCategory"] == "Usage").cloned().collect();
            for cost in ["ListCost", "ContractedCost"] {
                assert_eq!(amount(cost), total(&consumed, cost), "{name}: {platform}");
            }
            // What stands in the file and what it leaves out are the plan, less what is granted.
            let people = amount("x_LabourLeftOut");
            assert_eq!(sum("EffectiveCost") + people, amount("x_PlanTotal"), "{name}: {platform}");
            assert_eq!(of("Credit"), amount("x_Credits"), "{name}: {platform}");
            let bill = converted(plan.bill.contracted_cost());
            assert_eq!(bill, amount("x_PlanTotal") - amount("x_Credits"), "{name}: {platform}");
            labour += Usd::new(people);
        }
    }
    assert!(labour > Usd::ZERO, "an example has labour to leave out");
}

/// The three versions say the same of every row, and differ in who is named.
#[test]
fn versions_differ_in_their_columns_alone() {
    let (scenario, comparison) = case(COMMITTED);
    let of = |version| {
        let mut found = rows(&all(&scenario, &comparison, version));
        for row in &mut found {
            NAMED.iter().flat_map(|(_, named)| *named).for_each(|name| drop(row.remove(*name)));
        }
        found
    };
    let oldest = of(Version::V1_2);
    assert!(oldest.len() > 100);
    for version in Version::ALL {
        assert_eq!(of(version), oldest, "{}", version.name());
    }
}

/// A dollar is what the scenario says, in every amount; the catalogue's prices stay in dollars beside.
#[test]
fn amounts_are_in_the_currency_of_the_plan() {
    let (scenario, comparison) = case(COMMITTED);
    let dollars = COMMITTED.lines().filter(|line| !line.starts_with("exchange"));
    let dollars = case(&dollars.collect::<Vec<_>>().join("\n"));
    let euros = rows(&all(&scenario, &comparison, Version::default()));
    let dollars = rows(&all(&dollars.0, &dollars.1, Version::default()));
    assert_eq!(euros.len(), dollars.len());
    let rate: Decimal = "0.92".parse().expect("a literal");
    for (euro, dollar) in euros.iter().zip(&dollars) {
        assert_eq!((&*euro["BillingCurrency"], &*dollar["BillingCurrency"]), ("EUR", "USD"));
        for (column, cell) in dollar {
            let converts = (column.ends_with("Cost") || column.ends_with("UnitPrice"))
                && !column.starts_with("PricingCurrency");
            if converts && !cell.is_empty() {
                assert_eq!(decimal(euro, column), decimal(dollar, column) * rate, "{column}");
            } else if column != "BillingCurrency" {
                assert_eq!(euro[column], *cell, "{column}");
            }
        }
    }
    let metadata = beside(&scenario, &comparison);
    assert_eq!(metadata["x_Exchange"]["x_Rate"], "0.92");
    assert_eq!(metadata["x_Exchange"]["x_AsOfDate"], "2026-11-20");
    assert_eq!(
        (&metadata["x_Currency"], &metadata["x_PricingCurrency"]),
        (&"EUR".into(), &"USD".into())
    );
}

fn total(rows: &[Row], column: &str) -> Decimal {
    rows.iter().map(|row| decimal(row, column)).sum()
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
    let text = file(&scenario, &comparison, Version::default(), Some(&verdict)).csv();
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

/// What a file that was written says that it was made from.
fn written(text: &str) -> Audit {
    let row = rows(text).remove(0);
    let (scenario, catalog) = (row["x_AssumptionsHash"].clone(), row["x_PriceCatalogHash"].clone());
    assert_eq!(scenario, model::export::audit::of_scenario(SHORT));
    assert!(
        catalog.len() == 64 && catalog.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{catalog}"
    );
    Audit { scenario_sha256: scenario, catalog_sha256: catalog, ..Audit::default() }
}

/// Rows and their metadata, without the moment at which they were written.
#[test]
fn a_short_plan_is_exported() {
    let arguments = ["export", "-", "--format", "focus", "--platform", "msk-express"];
    let (code, out, err) = highwater(&arguments, SHORT);
    let (scenario, comparison) = case(SHORT);
    let written = written(&out);
    let file = File {
        audit: &written,
        ..file(&scenario, &comparison, Version::V1_3, Some("msk-express"))
    };
    assert_eq!(Ok(&out), file.csv().as_ref());
    let moment = Origin {
        scenario_sha256: audit().scenario_sha256.clone(),
        catalog_sha256: audit().catalog_sha256.clone(),
        created: Some("2027-01-01T08:00:00Z".to_owned()),
        ..Origin::default()
    };
    let moment = Audit::new(&comparison, &scenario, Some("msk-express"), &moment);
    let metadata = File { audit: &moment, ..file }.metadata();
    bound(|| {
        let text = out
            .replace("\r\n", "\n")
            .replace(&written.scenario_sha256, "SCENARIO")
            .replace(&written.catalog_sha256, "CATALOG")
            .replace(&format!(",{},", env!("CARGO_PKG_VERSION")), ",VERSION,");
        insta::assert_snapshot!("export-focus", format!("{text}{err}exit code {code}\n"));
        let ours = format!("\"DataGeneratorVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
        assert!(metadata.contains(&ours), "{metadata}");
        let quoted = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
        insta::assert_snapshot!("export-focus-metadata", metadata.replace(&quoted, "\"VERSION\""));
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
    let from = written(&text);
    let expected =
        File { audit: &from, ..self::file(&scenario, &comparison, Version::V1_3, wanted) };
    assert_eq!(Ok(&text), expected.csv().as_ref());
    let metadata = fs::read_to_string(&beside).expect("metadata");
    let document: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    let created = document["CreationDate"].as_str().expect("a moment");
    assert!(created.len() == 20 && is_day(&created[..10]) && created.ends_with('Z'), "{created}");
    let command = document["x_Audit"]["command"].as_str().expect("a command");
    assert_eq!(command, "highwater --today 2000-01-01 export - --format focus -o plan.csv");
    let from = Origin {
        scenario_sha256: from.scenario_sha256.clone(),
        catalog_sha256: from.catalog_sha256.clone(),
        command: command.to_owned(),
        created: Some(created.to_owned()),
        today: "2000-01-01".parse().ok(),
    };
    let from = Audit::new(&comparison, &scenario, wanted, &from);
    assert!(from.holds());
    assert_eq!(metadata, File { audit: &from, ..expected }.metadata());

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

/// The other formats are those of `compare` and `plan`: the rows byte for byte, the document with more at its end.
#[test]
fn tables_and_documents_are_those_of_other_verbs() {
    let said = |arguments: &[&str], format: &str| {
        let (code, out, err) = highwater(&[arguments, &["--format", format]].concat(), SHORT);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
        out
    };
    let one = ["--platform", "kafka-gp3"];
    for (verb, flags) in [("compare", &[][..]), ("plan", &one)] {
        let export = [&["export", "-"], flags].concat();
        let other = [&[verb, "-"], flags].concat();
        assert_eq!(said(&export, "csv"), said(&other, "csv"));
        let document = |arguments: &[&str]| -> serde_json::Map<String, serde_json::Value> {
            serde_json::from_str(&said(arguments, "json")).expect("JSON")
        };
        let (whole, part) = (document(&export), document(&other));
        for (key, value) in &part {
            assert_eq!(whole.get(key), Some(value), "{key}");
        }
        assert!(whole.len() > part.len() && whole.contains_key("audit"));
    }
    let (scenario, comparison) = case(SHORT);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("plan");
    let path = file.to_str().expect("a path");
    let (code, ..) = highwater(&["export", "-", "--format", "csv", "-o", path], SHORT);
    let written = fs::read_to_string(&file).expect("it is there");
    assert_eq!((code, written), (0, csv::compare(&comparison, &scenario)));
    let names = fs::read_dir(folder.path()).expect("it is there").flatten();
    let names: BTreeSet<_> = names.map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["plan", "plan.audit.json"].map(Into::into).into());
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
    let refused = file(&scenario, &comparison, Version::V1_3, None).csv();
    assert_eq!(refused, Err(vec![Refusal::NoFirstDay]));
}

/// Nobody who reads what the command says takes a plan for billing data.
#[test]
fn it_is_called_a_plan() {
    let (_, help, _) = highwater(&["export", "--help"], "");
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("not billing data") && !help.contains("conform"), "{help}");
    let (scenario, comparison) = case(SHORT);
    let text = all(&scenario, &comparison, Version::default());
    assert!(!text.contains("onform"));
    let metadata = file(&scenario, &comparison, Version::default(), None).metadata();
    assert_eq!(metadata.matches("conform").count(), metadata.matches("not conformant").count());
    assert!(metadata.contains("not billing data"));
}

fn bound(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(check);
}
