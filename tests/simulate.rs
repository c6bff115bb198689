//! Platforms through time, as people, spreadsheets and programs read them.

use std::collections::BTreeMap;

use model::bill::Component;
use model::chart::{Drawing, Paper};
use model::export::bars;
use model::export::timeline::{self, Extent, Picture, mib_per_sec};
use model::horizon::Asked;
use model::units::Hours;
use model::{Comparison, Scenario, View};

use crate::examples::highwater;

/// A month with an outage of a reader, a lost broker and a storm.
const STORM: &str = r#"
schema = 1
title  = "A month with a storm"

[horizon]
start  = 2027-02-01
months = 1
month  = "calendar"

[prices]
provider = "aws"
region   = "eu-west-1"

[[stream]]
name        = "telemetry"
sources     = 2_000_000
every       = "10 s"
record      = "300 B"
compression = 2
shape       = "regional-diurnal"
partitions  = 192
retention   = "7 d"

[[stream.reader]]
group      = "alerts"
lag_budget = "1 min"
[[stream.reader]]
group      = "archive"
lag_budget = "1 h"

[slo]
freshness = "5 min"
recovery  = "30 min"
budget    = "$4000/month"

[[event]]
name   = "alerts stop"
kind   = "reader-outage"
at     = "2027-02-05 12:00"
group  = "alerts"
outage = "4 h"

[[event]]
name = "a broker dies"
kind = "broker-loss"
at   = "2027-02-12 18:00"

[[event]]
name   = "feeder outage <north & south>"
kind   = "reconnect-storm"
at     = "2027-02-20 16:30"
share  = "60 %"
outage = "2 h"

[[platform]]
preset = "kafka-gp3"
[[platform]]
preset = "automq-s3-wal"
name   = "=automq"
"#;

fn simulated(text: &str) -> (Scenario, Comparison) {
    let scenario = crate::parse(text);
    let prices = crate::catalog().prices(&scenario).expect("prices");
    let asked = Asked { samples: true };
    let comparison = model::comparison::run(&scenario, &prices, View::Horizon, asked, &mut |_| ());
    (scenario, comparison)
}

fn said(arguments: &[&str]) -> String {
    let (code, out, err) = highwater(&[&["simulate", "-"], arguments].concat(), STORM);
    format!("{out}{err}exit code {code}\n")
}

fn bound(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(check);
}

#[test]
fn a_month_is_told() {
    bound(|| {
        insta::assert_snapshot!("simulate-storm", said(&[]));
        let part = ["--platform", "kafka-gp3", "--from", "day 20 12:00", "--to", "2027-02-21"];
        insta::assert_snapshot!("simulate-storm-evening", said(&part));
    });
}

#[test]
fn usage_errors_say_the_way_out() {
    let wrong: &[&[&str]] = &[
        &["--platform", "kafka-gp2"],
        &["--from", "day 9", "--to", "day 8"],
        &["--from", "day 8", "--to", "day 8"],
        &["--from", "day 40"],
        &["--from", "tomorrow"],
        &["--chart", "rates", "--format", "csv"],
        &["--chart", "rates,costs", "--format", "svg"],
        &["--chart", "everything", "--format", "svg"],
        &["--format", "png"],
    ];
    let mut text: String = wrong
        .iter()
        .map(|arguments| format!("$ {}\n{}\n", arguments.join(" "), said(arguments)))
        .collect();
    let (code, out, err) = highwater(&["plan", "-", "--format", "svg"], STORM);
    text += &format!("$ plan --format svg\n{out}{err}exit code {code}\n");
    bound(|| insta::assert_snapshot!("simulate-usage", text));
}

/// Rows follow each other without a gap, and what they add up to is what months are billed by.
#[test]
fn a_timeline_adds_up() {
    let (_, comparison) = simulated(STORM);
    let (code, csv, err) = highwater(&["simulate", "-", "--format", "csv"], STORM);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(csv.contains("'=automq,") && !csv.contains("\n=automq"), "names are defused");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().expect("heads"), timeline::columns());
    let column = |name: &str| timeline::columns().iter().position(|one| *one == name).expect(name);
    let (from, to, produce) =
        (column("from_hours"), column("to_hours"), column("produce_mib_per_sec"));
    let mut ends: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for row in reader.records() {
        let row = row.expect("a row");
        let number = |column: usize| -> f64 { row[column].parse().expect("a number") };
        for cell in row.iter().skip(2) {
            assert!(!cell.contains(['e', 'E']) || cell.parse::<f64>().is_err(), "{cell}");
        }
        let (end, produced) = ends.entry(row[0].to_owned()).or_default();
        assert_eq!(number(from), *end, "{row:?}");
        assert!(number(to) > number(from), "{row:?}");
        *end = number(to);
        *produced += number(produce) * (number(to) - number(from)) * 3600.0 / 1024.0;
    }
    for plan in comparison.plans() {
        let name = &plan.design.name;
        let (end, produced) = ends[&name.replacen('=', "'=", 1)];
        let months = &plan.simulation.as_ref().expect("a run").months;
        let expected: f64 =
            months.iter().flat_map(|month| &month.streams).map(|one| one.produce).sum();
        crate::near(produced, expected / (1_u64 << 30) as f64, 1e-6);
        crate::near(end, plan.months.last().expect("months").month.end().as_hours(), 1e-9);
    }
}

#[test]
fn a_document_has_the_bill_and_every_breakpoint() {
    let (scenario, comparison) = simulated(STORM);
    let (_, text, _) = highwater(&["simulate", "-", "--format", "json"], STORM);
    let whole = Extent::whole(None, &scenario.horizon);
    assert_eq!(text, timeline::json(&comparison, &scenario, whole));
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["kind"], "simulation");
    let platforms = document["platforms"].as_array().expect("platforms");
    assert_eq!(platforms.len(), comparison.outcomes.len());
    for (entry, plan) in platforms.iter().zip(comparison.plans()) {
        let run = &entry["simulation"];
        let decimal = |value: &serde_json::Value| -> rust_decimal::Decimal {
            value.as_str().expect("money is text").parse().expect("a decimal")
        };
        let months = run["months"].as_array().expect("months");
        let sum: rust_decimal::Decimal =
            months.iter().map(|month| decimal(&month["contracted_cost"])).sum();
        assert_eq!(sum, plan.bill.contracted_cost().dollars().normalize());
        assert_eq!(decimal(&run["bill"]["contracted_cost"]), sum);
        let rows = run["samples"]["rows"].as_array().expect("rows");
        let columns = run["samples"]["columns"].as_array().expect("columns");
        assert_eq!(rows.len(), plan.simulation.as_ref().expect("a run").samples.len());
        assert!(rows.iter().all(|row| row.as_array().map(Vec::len) == Some(columns.len())));
        let names: Vec<_> = run["events"].as_array().expect("events").iter().collect();
        assert_eq!(names.len(), scenario.events.len());
    }
    assert!(
        text.lines().filter(|line| line.trim_start().starts_with("[") && line.len() > 50).count()
            > 1000,
        "a row a line"
    );
}

/// Charts of one platform and of several are documents by themselves, with every event and nothing that runs.
#[test]
fn charts_are_well_formed() {
    let (scenario, comparison) = simulated(STORM);
    for platform in [None, Some("kafka-gp3")] {
        let whole = Extent::whole(platform, &scenario.horizon);
        let part = Extent { from: Hours::new(470.0), to: Hours::new(480.0), ..whole };
        for extent in [whole, part] {
            let paper = Paper::default();
            let svg = timeline::svg(&comparison, &scenario, extent, Picture::ALL, paper);
            let document = roxmltree::Document::parse(&svg).expect("well-formed");
            let text: String =
                document.descendants().filter_map(|node| node.text()).collect::<Vec<_>>().join(" ");
            assert!(text.contains("feeder outage <north & south>"), "{text}");
            assert_eq!(text.contains("alerts stop"), extent == whole);
            assert!(!svg.contains("<script") && !svg.contains("NaN"));
            for picture in Picture::ALL {
                let alone = timeline::svg(&comparison, &scenario, extent, &[*picture], paper);
                assert!(alone.len() < svg.len(), "{}", picture.name());
            }
        }
    }
}

/// A value that a picture tells, as it is told.
fn told(drawing: &Drawing, at: f64, name: &str) -> f64 {
    let reading = drawing.reading(at);
    let value = reading.values.iter().find(|value| value.name == name);
    let text = &value.unwrap_or_else(|| panic!("no {name} at {at}: {reading:?}")).text;
    text.replace(',', "").parse().unwrap_or_else(|_| panic!("{text}"))
}

/// Figures have two decimals or more.
#[track_caller]
fn same(found: f64, expected: f64) {
    let off = (found - expected).abs();
    assert!(off <= 0.005 + 1e-5 * expected.abs(), "{found} instead of {expected}");
}

/// The day of a storm, from which no breakpoint is thinned out.
#[test]
fn a_picture_reads_what_the_plan_has() {
    let (scenario, comparison) = simulated(STORM);
    let whole = Extent::whole(Some("kafka-gp3"), &scenario.horizon);
    let extent = Extent { from: Hours::new(468.0), to: Hours::new(492.0), ..whole };
    let drawings = timeline::drawn(&comparison, &scenario, extent, Picture::ALL, 1200.0);
    let of = |name: &str| drawings.iter().find(|one| one.picture == name).expect("a picture");
    let plan = comparison.plans().next().expect("a plan");
    let samples = extent.samples(plan.simulation.as_ref().expect("a run"));
    let mut seen = 0;
    for sample in samples.iter().filter(|sample| sample.to - sample.from > 0.02) {
        let middle = (sample.from + sample.to) / 2.0;
        same(told(of("rates"), middle, "offered by sources"), mib_per_sec(sample.offered));
        same(told(of("rates"), middle, "accepted"), mib_per_sec(sample.produce));
        same(told(of("utilization"), middle, "network"), sample.network * 100.0);
        same(told(of("brokers"), middle, "paid for"), sample.paid);
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
    for drawing in &drawings {
        let columns = drawing.table.columns.len();
        assert!(columns > drawing.tracks.len() && !drawing.table.rows.is_empty());
        assert!(drawing.table.rows.iter().all(|row| row.len() == columns));
    }
}

/// What a bill says, a picture of it says, and so does the table behind it.
#[test]
fn pictures_of_cost_agree_with_the_bill() {
    let (scenario, comparison) = simulated(STORM);
    let whole = Extent::whole(Some("kafka-gp3"), &scenario.horizon);
    let drawings = timeline::drawn(&comparison, &scenario, whole, &[Picture::Cost], 720.0);
    let cost = &drawings[0];
    let plan = comparison.plans().next().expect("a plan");
    for (billed, row) in plan.months.iter().zip(&cost.table.rows) {
        let reading = cost.reading(billed.month.start.as_hours() + 1.0);
        for component in Component::ALL {
            let billed = billed.bill.of_component(*component).as_f64();
            let Some(value) = reading.values.iter().find(|one| one.name == component.name()) else {
                assert_eq!(billed, 0.0, "{} is not drawn", component.name());
                continue;
            };
            let found: f64 = value.text.replace(',', "").parse().expect("a number");
            assert!((found - billed).abs() <= 0.5 + 1e-5 * billed, "{found} for {billed}");
            let head = cost.table.columns.iter().position(|head| *head == value.name);
            assert_eq!(row[head.expect("a column")], value.text);
        }
    }
    assert_eq!(cost.table.rows.len(), plan.months.len());

    let breakdown = bars::drawn(&comparison, 720.0);
    assert!(!breakdown.segments.is_empty());
    for segment in &breakdown.segments {
        let table = &breakdown.table;
        let row = table.rows.iter().find(|row| row[0] == segment.bar).expect("a row");
        let column = table.columns.iter().position(|head| *head == segment.part).expect("a column");
        assert_eq!(row[column], segment.amount);
    }
    for plan in comparison.plans() {
        let bar: f64 = breakdown
            .segments
            .iter()
            .filter(|one| one.bar == plan.design.name)
            .map(|one| one.width)
            .sum();
        assert!(bar > 0.0, "{}", plan.design.name);
    }
}

/// A file is written in one step; the scenario is never overwritten.
#[test]
fn a_file_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = folder.path().join("scenario.toml");
    let chart = folder.path().join("chart.svg");
    std::fs::write(&scenario, STORM).expect("a file");
    let (scenario_name, chart_name) =
        (scenario.to_str().expect("text"), chart.to_str().expect("text"));
    for _ in 0..2 {
        let (code, out, err) = highwater(
            &[
                "simulate",
                scenario_name,
                "--format",
                "svg",
                "--chart",
                "lag,cost",
                "-o",
                chart_name,
            ],
            "",
        );
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        assert!(err.contains("wrote ") && err.contains("chart.svg"), "{err}");
    }
    let svg = std::fs::read_to_string(&chart).expect("it is there");
    assert!(svg.starts_with("<svg") && svg.contains("Cost of each month"));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2);
    let (code, _, err) = highwater(&["simulate", scenario_name, "-o", scenario_name], "");
    assert_eq!(code, 2);
    assert!(err.contains("is the scenario itself"), "{err}");
    assert_eq!(std::fs::read_to_string(&scenario).expect("it is there"), STORM);
}
