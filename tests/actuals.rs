//! Bills beside plans: our own exports come back without a variance, bills of each provider's shape are read, nothing is lost,
//! and what cannot be read says where.

use std::fs;
use std::io::Write;
use std::path::Path;

use model::View;
use model::actuals::beside::{Report, beside};
use model::actuals::row::Columns;
use model::actuals::rules::TARGETS;
use model::actuals::tally::Tally;
use model::actuals::{Actuals, Cost, Rule, Target};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::examples::highwater;
use crate::properties::config;

const RULES: &str = r#"
[actuals]
platform = "kafka-gp3"
[[actuals.map]]
component = "ignore"
account   = "000000000003"
[[actuals.map]]
component = "zone crossing"
sku       = "DataTransfer-Regional-Bytes"
[[actuals.map]]
component = "zone crossing"
sku       = "*Inter*Zone*Data Transfer*"
[[actuals.map]]
component = "block storage"
sku       = "*EBS:Volume*"
[[actuals.map]]
component = "block storage"
sku       = "* PD Capacity *"
[[actuals.map]]
component = "block storage"
service   = "Storage Accounts"
[[actuals.map]]
component = "brokers"
category  = "Compute"
tag       = { cluster = "orders" }
"#;

fn scenario(provider: &str, region: &str, more: &str) -> String {
    format!(
        "schema = 1\ntitle = \"Orders\"\n[horizon]\nstart = 2027-01-01\nmonths = 2\n\
         [prices]\nprovider = \"{provider}\"\nregion = \"{region}\"\n\
         [[stream]]\nname = \"orders\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n\
         [[stream.reader]]\ngroup = \"fulfilment\"\n\
         [lines]\nlabour = true\nlabour_rate = \"$90/h\"\n\
         [[platform]]\npreset = \"kafka-gp3\"\n{more}"
    )
}

fn bill(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bills").join(name).display().to_string()
}

/// What the command says of a bill; no path of this machine is in it.
fn said(scenario: &str, arguments: &[&str]) -> String {
    let (code, out, err) = highwater(&[&["actuals", "-"], arguments].concat(), scenario);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bills");
    format!("{out}{err}exit code {code}\n").replace(&format!("{}/", folder.display()), "")
}

#[test]
fn bills_of_each_shape_are_told() {
    let euro = "[finance]\nexchange = \"0.92 EUR/USD\"\nexchange_source = \"a bank\"\nexchange_as_of = 2027-01-31\n";
    let aws = scenario("aws", "us-east-1", RULES);
    let azure = scenario("azure", "westeurope", &format!("{euro}{RULES}"));
    let google = scenario("gcp", "europe-west1", RULES);
    let file = bill("aws-data-exports-focus-1.0.csv");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("actuals-aws", said(&aws, &["--bill", &file]));
        insta::assert_snapshot!("actuals-aws-billed", said(&aws, &["--bill", &file, "--billed"]));
        insta::assert_snapshot!(
            "actuals-aws-csv",
            said(&aws, &["--bill", &file, "--format", "csv"])
        );
        let unmapped = scenario("aws", "us-east-1", "");
        insta::assert_snapshot!("actuals-no-rules", said(&unmapped, &["--bill", &file]));
        let file = bill("azure-cost-management-focus-1.0.csv");
        insta::assert_snapshot!("actuals-azure", said(&azure, &["--bill", &file]));
        let file = bill("google-cloud-focus-bigquery.csv");
        insta::assert_snapshot!(
            "actuals-google",
            said(&google, &["--bill", &file, "--month", "2027-01"])
        );
    });
}

/// The sum of everything that a report tells apart.
fn everything(report: &Report) -> Decimal {
    let months = report.months.iter();
    let apart = months.map(|month| month.tax.cost + month.not_mapped.cost + month.ignored.cost);
    report.total().actual + apart.sum::<Decimal>() + report.outside.cost
}

/// Plans of every kind: with commitments and credits, in regions, with support plans and labour, on the way elsewhere.
const PLANS: [&str; 4] =
    ["commitments.toml", "two-regions.toml", "whole-bill.toml", "migration.toml"];

/// Plans against their own exports in FOCUS, in both costs.
#[test]
fn a_plan_is_its_own_bill() {
    let mut read = 0;
    for (example, version) in PLANS.iter().zip(["1.2", "1.3", "1.4"].iter().cycle()) {
        let text = crate::example(example);
        let text = text.replace("[horizon]\nmonths", "[horizon]\nstart = 2027-01-01\nmonths");
        let export =
            ["export", "-", "--format", "focus", "--all-platforms", "--focus-version", version];
        let (code, bill, err) = highwater(&export, &text);
        assert_eq!(code, 0, "{example}: {err}");
        let scenario = crate::parse(&text);
        let prices = crate::catalog().prices(&scenario).expect("prices");
        let comparison = model::comparison::compare(&scenario, &prices, View::Horizon);
        for plan in comparison.plans() {
            let name = &plan.design.name;
            for cost in Cost::ALL {
                let tally = tallied(&bill, Some(name), &Actuals::default(), cost);
                let report = beside(plan, &scenario, &tally, None, cost).expect("a report");
                for (line, month) in report
                    .lines
                    .iter()
                    .flat_map(|line| line.months.iter().map(move |month| (line, month)))
                {
                    assert_eq!(month.actual, month.plan, "{} of {name} of {example}", line.name());
                }
                assert_eq!(report.total().variance(), Decimal::ZERO);
                assert_eq!(
                    (report.total().actual, everything(&report)),
                    (tally.all.cost, tally.all.cost)
                );
                assert_eq!(report.months.len(), plan.months.len());
                assert!(
                    report.unknown.is_empty()
                        && report.months.iter().all(|month| !month.is_partial())
                );
            }
            read += 1;
        }
    }
    assert!(read > 10, "{read}");
}

/// Adds up the rows of a bill, or of one platform of an export of several.
fn tallied(text: &str, platform: Option<&str>, actuals: &Actuals, cost: Cost) -> Tally {
    let mut tally = Tally::new(actuals, cost);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().expect("a head").clone();
    let columns = Columns::find(&head.iter().collect::<Vec<_>>()).expect("a bill");
    for row in reader.records() {
        let row = row.expect("a row");
        let own = head.iter().position(|name| name == "SubAccountName").and_then(|at| row.get(at));
        if platform.is_some() && own != platform {
            continue;
        }
        tally.add(&columns, |at| row.get(at).unwrap_or_default()).expect("a good row");
    }
    tally
}

#[test]
fn a_packed_bill_in_parts_is_the_same_bill() {
    let text = fs::read_to_string(bill("aws-data-exports-focus-1.0.csv")).expect("a bill");
    let (head, rows) = text.split_once('\n').expect("a head");
    let rows: Vec<&str> = rows.lines().collect();
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = Vec::new();
    for (index, part) in rows.chunks(5).enumerate() {
        let path = folder.path().join(format!("part-{index}.csv.gz"));
        let file = fs::File::create(&path).expect("a file");
        let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        write!(packed, "{head}\n{}\n", part.join("\n")).expect("a part");
        packed.finish().expect("a part");
        files.extend(["--bill".to_owned(), path.display().to_string()]);
    }
    let scenario = scenario("aws", "us-east-1", RULES);
    let mut parts: Vec<&str> = files.iter().map(String::as_str).collect();
    parts.extend(["--format", "csv"]);
    let whole = bill("aws-data-exports-focus-1.0.csv");
    assert_eq!(said(&scenario, &parts), said(&scenario, &["--bill", &whole, "--format", "csv"]));
}

#[test]
fn json_adds_up_to_the_bill() {
    let file = bill("aws-data-exports-focus-1.0.csv");
    let scenario = scenario("aws", "us-east-1", RULES);
    let (_, text, err) =
        highwater(&["actuals", "-", "--bill", &file, "--format", "json"], &scenario);
    let document: serde_json::Value =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{err}"));
    let number = |value: &serde_json::Value| -> Decimal {
        value.as_str().expect("money is text").parse().expect("a number")
    };
    let months = document["months"].as_array().expect("months");
    let apart = ["tax", "not_mapped", "left_out"]
        .iter()
        .flat_map(|key| months.iter().map(move |month| number(&month[key]["cost"])));
    let sum = number(&document["total"]["actual"])
        + apart.sum::<Decimal>()
        + number(&document["other_months"]["cost"]);
    assert_eq!(sum, number(&document["bill"]["cost"]));
    let lines = document["lines"].as_array().expect("lines");
    let variances = lines.iter().map(|line| number(&line["variance"])).sum::<Decimal>();
    assert_eq!(variances, number(&document["total"]["variance"]));
    assert_eq!(
        document["lines"].as_array().expect("lines").last().expect("a line")["component"],
        "credits"
    );
}

#[test]
fn what_cannot_be_read_says_where() {
    let good = fs::read_to_string(bill("google-cloud-focus-bigquery.csv")).expect("a bill");
    let text = scenario("gcp", "europe-west1", RULES);
    let without_start = text.replace("start = 2027-01-01\n", "");
    let other_year = text.replace("2027-01-01", "2029-01-01");
    let two = text.clone() + "[[platform]]\npreset = \"kafka-tiered\"\n";
    let two = two.replace("platform = \"kafka-gp3\"\n", "");
    for (name, scenario, bill, words) in [
        (
            "not-focus",
            &text,
            "lineItem/UsageAccountId,lineItem/UnblendedCost\n1,2\n".to_owned(),
            "Cost and Usage Report",
        ),
        ("nothing", &text, "a,b\n1,2\n".to_owned(), "no FOCUS columns"),
        ("empty", &text, String::new(), "no FOCUS columns"),
        ("no-rows", &text, good.lines().next().expect("a head").to_owned() + "\n", "no rows"),
        ("no-column", &text, good.replace("EffectiveCost", "Cost"), "lacks `EffectiveCost`"),
        ("amount", &text, good.replacen("88.2,", "\"88,2\",", 1), "row 2: BilledCost is `88,2`"),
        (
            "moment",
            &text,
            good.replacen("2027-01-20 12:00:00 UTC", "20/01/2027", 1),
            "row 2: ChargePeriodEnd is `20/01/2027`",
        ),
        (
            "category",
            &text,
            good.replacen("Credit,", "Rebate,", 1),
            "row 6: ChargeCategory is `Rebate`",
        ),
        ("tags", &text, good.replacen("[{\"\"key", "{{\"\"key", 1), "row 2: Tags is"),
        (
            "cells",
            &text,
            good.replacen("88.2,", "88.2,,", 1),
            "row 2: it has 32 cells, and the head has 31",
        ),
        (
            "currencies",
            &text,
            good.replacen("USD", "EUR", 1),
            "BillingCurrency is USD, and EUR in the rows before",
        ),
        ("euro", &text, good.replace("USD", "EUR"), "the bill is in EUR, and the plan in USD"),
        ("start", &without_start, good.clone(), "no first day"),
        (
            "year",
            &other_year,
            good.clone(),
            "the bill is of Jan 2027, and the plan of Jan 2029 to Feb 2029",
        ),
        ("platform", &two, good.clone(), "which platform"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("bill.csv");
        fs::write(&path, &bill).expect("a bill");
        let told = said(scenario, &["--bill", &path.display().to_string()]);
        assert!(told.contains(words) && told.ends_with("exit code 2\n"), "{name}: {words}\n{told}");
        assert!(told.contains("help:"), "{name} has a way out\n{told}");
    }
    let file = bill("google-cloud-focus-bigquery.csv");
    for (arguments, words) in [
        (&["--bill", "-"][..], "stdin can be read once"),
        (&["--bill", &file, "--month", "3"], "no month of the horizon"),
        (&["--bill", &file, "--from", "2", "--to", "1"], "after"),
        (&["--bill", &file, "--platform", "kafka-gp4"], "kafka-gp3"),
        (&["--bill", &file, "--month", "2"], "the bill is of Jan 2027, and the plan of Feb 2027"),
        (&["--bill", "no-such-file"], "cannot read"),
    ] {
        let told = said(&text, arguments);
        assert!(told.contains(words) && told.ends_with("exit code 2\n"), "{words}\n{told}");
    }
}

#[test]
fn rules_are_checked_with_their_scenario() {
    let file = bill("google-cloud-focus-bigquery.csv");
    for (from, to, words) in [
        ("\"brokers\"", "\"broker\"", "did you mean `brokers`?"),
        ("\"brokers\"", "\"labour\"", "labour"),
        ("{ cluster = \"orders\" }", "\"orders\"", "`{ cluster = \"orders\" }`"),
        ("platform = \"kafka-gp3\"", "platform = \"kafka-gp4\"", "did you mean `kafka-gp3`?"),
        ("platform = \"kafka-gp3\"", "cost = \"list\"", "`effective`"),
        ("category  =", "categories =", "did you mean `category`?"),
    ] {
        let rules = RULES.replace(from, to);
        assert_ne!(rules, RULES, "{from}");
        let told = said(&scenario("gcp", "europe-west1", &rules), &["--bill", &file]);
        assert!(told.contains(words) && told.ends_with("exit code 2\n"), "{words}\n{told}");
    }
}

/// A quotation mark that is never closed ends before memory does.
#[test]
fn a_row_that_never_ends_is_refused() {
    let good = fs::read_to_string(bill("google-cloud-focus-bigquery.csv")).expect("a bill");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bill.csv");
    let endless = format!("{}\n\"{}", good.lines().next().expect("a head"), "x".repeat(20 << 20));
    fs::write(&path, endless).expect("a bill");
    let told = said(&scenario("gcp", "europe-west1", ""), &["--bill", &path.display().to_string()]);
    assert!(told.contains("longer than 16 MiB") && told.ends_with("exit code 2\n"), "{told}");
}

#[test]
fn ten_broken_rows_are_enough() {
    let good = fs::read_to_string(bill("google-cloud-focus-bigquery.csv")).expect("a bill");
    let (head, rows) = good.split_once('\n').expect("a head");
    let broken = rows.lines().next().expect("a row").replacen("88.2", "?", 1);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bill.csv");
    fs::write(&path, format!("{head}\n{}", format!("{broken}\n").repeat(50))).expect("a bill");
    let told = said(&scenario("gcp", "europe-west1", ""), &["--bill", &path.display().to_string()]);
    assert_eq!(told.matches("BilledCost is `?`").count(), 10, "{told}");
    assert!(told.contains("rows behind these have not been read"), "{told}");
}

/// Text of a bill that a spreadsheet would calculate is told as text.
#[test]
fn services_are_no_formulas() {
    let good = fs::read_to_string(bill("google-cloud-focus-bigquery.csv")).expect("a bill");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bill.csv");
    fs::write(&path, good.replace("BigQuery,", "=1+1,")).expect("a bill");
    let file = path.display().to_string();
    let told = said(&scenario("gcp", "europe-west1", RULES), &["--bill", &file, "--format", "csv"]);
    assert!(told.contains(",'=1+1,"), "{told}");
}

/// A row: kind of charge, service, tag, account, cost in cents, month, corrected.
type Drawn = (usize, usize, usize, i64, u32, bool);

fn written(rows: &[Drawn]) -> String {
    let mut text =
        "ChargeCategory,ServiceName,ServiceCategory,Tags,BilledCost,EffectiveCost,BillingCurrency,\
        BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,ChargeClass\n"
            .to_owned();
    for (charge, service, tag, cents, month, correction) in rows {
        let charge = ["Usage", "Purchase", "Tax", "Credit", "Adjustment"][*charge];
        let (service, tag) = (
            ["a", "b", "=c", ""][*service],
            ["", "{\"\"k\"\":\"\"x\"\"}", "{\"\"k\"\":\"\"y\"\"}"][*tag],
        );
        let cost = Decimal::new(*cents, 2);
        let class = if *correction { "Correction" } else { "" };
        text.push_str(&format!(
            "{charge},{service},Compute,\"{tag}\",{cost},{cost},USD,2027-{month:02}-01,2027-{month:02}-01,2027-{month:02}-09,{class}\n"
        ));
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..config() })]

    /// Whatever the rules say, each cent of a bill is told once.
    #[test]
    fn nothing_of_a_bill_is_lost(
        rows in prop::collection::vec((0..5_usize, 0..4_usize, 0..3_usize, -9999..99999_i64, 1..5_u32, any::<bool>()), 1..60),
        rules in prop::collection::vec((0..TARGETS.len(), 0..4_usize, 0..3_usize), 0..5),
        billed in any::<bool>(),
    ) {
        let rule = |(target, service, tag): &(usize, usize, usize)| Rule {
            service: ["a", "b", "*", "?"].get(*service).map(|name| (*name).to_owned()),
            tags: [None, Some("x"), Some("*")][*tag].map(|value| ("k".to_owned(), value.to_owned())).into_iter().collect(),
            ..Rule::all(Target::named(TARGETS[*target]).expect("a target"))
        };
        let actuals = Actuals { rules: rules.iter().map(rule).collect(), ..Actuals::default() };
        let cost = if billed { Cost::Billed } else { Cost::Effective };
        let tally = tallied(&written(&rows), None, &actuals, cost);
        let cents: i64 = rows.iter().map(|row| row.3).sum();
        prop_assert_eq!(tally.all.cost, Decimal::new(cents, 2));
        let (scenario, plan) = planned();
        if let Ok(report) = beside(plan, scenario, &tally, None, cost) {
            prop_assert_eq!(everything(&report), tally.all.cost);
            let counted = report.treated.iter().map(|(_, sum)| sum.rows).sum::<u64>() + report.outside.rows;
            prop_assert_eq!(counted, rows.len() as u64);
            let unknown: Decimal = report.unknown.iter().map(|(_, sum)| sum.cost).sum();
            prop_assert_eq!(unknown, report.months.iter().map(|month| month.not_mapped.cost).sum::<Decimal>());
        }
    }
}

fn planned() -> &'static (model::Scenario, model::Plan) {
    static PLANNED: std::sync::OnceLock<(model::Scenario, model::Plan)> =
        std::sync::OnceLock::new();
    PLANNED.get_or_init(|| {
        let scenario = crate::parse(&scenario("aws", "us-east-1", RULES));
        let prices = crate::catalog().prices(&scenario).expect("prices");
        let comparison = model::comparison::compare(&scenario, &prices, View::Horizon);
        let plan = comparison.plans().next().expect("a plan").clone();
        (scenario, plan)
    })
}
