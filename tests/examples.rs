//! Every example is a snapshot of what its user sees; so is every broken one, with its messages.

use std::path::{Path, PathBuf};

use rust_decimal::Decimal;

/// A day on which nothing is old yet, so that what is printed is the same on every day.
const TODAY: &str = "2000-01-01";

/// Runs the command as `main` does, from the examples' folder: exit code, data, messages.
pub fn highwater(arguments: &[&str], stdin: &str) -> (u8, String, String) {
    highwater_on(TODAY, arguments, stdin)
}

/// The same on a day.
pub fn highwater_on(today: &str, arguments: &[&str], stdin: &str) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let start = ["highwater", "--today", today];
    let arguments = start.iter().chain(arguments);
    let code = cli::run(arguments, &mut stdin.as_bytes(), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("output is text");
    (code, text(out), text(err))
}

pub fn examples(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(folder);
    let entries = std::fs::read_dir(&folder).expect("a folder of the project").flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    assert!(files.len() > 5, "{} has too few examples", folder.display());
    files
}

/// What the command says of a file, given on standard input so that no path of this machine is in it.
fn said(verb: &[&str], path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("an example is a text file");
    let (code, out, err) = highwater(&[verb, &["-"]].concat(), &text);
    format!("{out}{err}exit code {code}\n")
}

fn snapshots(prefix: &str, folder: &str, verb: &[&str]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in examples(folder) {
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a file name");
            insta::assert_snapshot!(format!("{prefix}-{name}"), said(verb, &path));
        }
    });
}

#[test]
fn every_example_is_compared() {
    snapshots("compare", "", &["compare"]);
}

#[test]
fn every_broken_example_says_what_is_wrong() {
    snapshots("error", "errors", &["check"]);
}

#[test]
fn the_reference_is_planned_in_full() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/reference-100mib.toml");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for platform in ["kafka-gp3", "kafka-tiered", "msk-express", "automq-s3-wal"] {
            let text = said(&["plan", "--platform", platform], &path);
            insta::assert_snapshot!(format!("plan-{platform}"), text);
        }
        let whole = path.with_file_name("whole-bill.toml");
        insta::assert_snapshot!(
            "plan-whole-bill",
            said(&["plan", "--platform", "msk-standard"], &whole)
        );
        let (_, listed, _) = highwater(&["lines", "observability"], "");
        insta::assert_snapshot!("lines-observability", listed);
        let whatif = said(
            &[
                "whatif",
                "--set",
                "stream.events.retention=180 d",
                "--set",
                "prices.region=eu-central-1",
            ],
            &path,
        );
        insta::assert_snapshot!("whatif-retention", whatif);
    });
}

/// Lines of a bill by their names, one of them in full, and names that no line has.
#[test]
fn lines_explain_themselves() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/reference-100mib.toml");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(
            "explain-lines",
            said(&["explain", "--platform", "kafka-gp3"], &path)
        );
    });
    let text = std::fs::read_to_string(&path).expect("an example is a text file");
    let asked = |line: &str, platform: &str| {
        highwater(&["explain", "-", line, "--platform", platform], &text)
    };
    settings.bind(|| {
        let (_, told, _) = asked("zone-crossing/replicate", "kafka-gp3");
        let (_, brokers, _) = asked("brokers", "kafka-gp3");
        insta::assert_snapshot!("explain-brokers", brokers);
        insta::assert_snapshot!("explain-replicate", told);
    });
    let (code, out, err) = asked("zone-crosing", "kafka-gp3");
    assert!(code == 2 && out.is_empty() && err.contains("`zone-crossing`?"), "{out}{err}");
    let (code, _, err) = asked("wal-volumes", "kafka-gp3");
    assert!(code == 2 && err.contains("`brokers`"), "{err}");
    let (code, _, err) = asked("brokers", "kafka-gp4");
    assert!(code == 2 && err.contains("kafka-gp3"), "{err}");

    let arguments = ["explain", "-", "zone-crossing/replicate", "--format", "json"];
    let (code, json, err) = highwater(&arguments, &text);
    assert_eq!(code, 0, "{err}");
    let document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let platforms = document["platforms"].as_array().expect("a list");
    assert!(platforms.len() > 1, "{json}");
    let line = &platforms[0]["lines"][0];
    assert_eq!(line["formula"], "R × (F − max(1, F ÷ Z)) × b × h");
    assert_eq!(line["inputs"][1]["origin"]["key"], "replication_factor");
}

/// A platform in two regions and on two places: its parts, and each of them in full.
#[test]
fn a_platform_in_parts_is_planned_in_full() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/two-regions.toml");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let text = said(&["plan", "--platform", "alarms-stay"], &path);
        insta::assert_snapshot!("plan-in-parts", text);
        let text = said(&["scorecard", "--platform", "alarms-stay"], &path);
        insta::assert_snapshot!("scorecard-in-parts", text);
    });
}

/// Streams that stay where they are while the rest moves, in one region.
#[test]
fn a_platform_on_two_places_is_compared() {
    let text = crate::example("ev-charging.toml")
        + "\n[[platform]]\npreset = \"automq-s3-wal\"\nname = \"values-stay\"\n\
           [[platform.place]]\nstream = \"meter-values\"\non = \"kafka-gp3\"\n";
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let (code, out, err) = highwater(&["compare", "-"], &text);
        insta::assert_snapshot!("compare-places", format!("{out}{err}exit code {code}\n"));
    });
}

/// Each line of a bill, each row through time and each document says which region it is of, and adds up.
#[test]
fn parts_are_told_in_every_format() {
    let text = crate::example("two-regions.toml");
    let rows = |arguments: &[&str]| -> Vec<std::collections::BTreeMap<String, String>> {
        let (code, csv, err) = highwater(&[arguments, &["-", "--format", "csv"]].concat(), &text);
        assert_eq!(code, 0, "{err}");
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        reader.deserialize().map(|row| row.expect("a row")).collect()
    };
    let bill = rows(&["compare"]);
    for row in &bill {
        let (part, region) = (&row["part"], &row["region"]);
        if row["note"] == "not asked for" {
            assert!(part.is_empty() && region == "eu-central-1 + us-east-1", "{row:?}");
            continue;
        }
        let expected = if part.starts_with("eu") { "eu-central-1" } else { "us-east-1" };
        assert!(region == expected, "{row:?}");
        assert!(row["platform"] != "alarms-stay" || part.contains(" on "), "{row:?}");
    }
    let preset = |row: &&std::collections::BTreeMap<String, String>| {
        row["part"] == "us on kafka-gp3" && row["preset"] == "kafka-gp3"
    };
    assert!(bill.iter().any(|row| preset(&row)));
    for row in rows(&["simulate"]) {
        assert!(!row["part"].is_empty(), "{row:?}");
    }

    let json = |verb: &str| -> serde_json::Value {
        let (code, json, err) = highwater(&[verb, "-", "--format", "json"], &text);
        assert_eq!(code, 0, "{err}");
        serde_json::from_str(&json).expect("JSON")
    };
    let compared = json("compare");
    assert_eq!(compared["regions"][0]["region"], "eu-central-1");
    assert_eq!(compared["links"][0]["streams"][0], "alarms");
    let decimal = |value: &serde_json::Value| -> rust_decimal::Decimal {
        value.as_str().expect("a decimal").parse().expect("a decimal")
    };
    for platform in compared["platforms"].as_array().expect("platforms") {
        let plan = &platform["plan"];
        for line in plan["bill"]["lines"].as_array().expect("lines") {
            assert!(line["region"] == "eu" || line["region"] == "us", "{line}");
        }
        let parts = plan["parts"].as_array().expect("parts");
        let cost = |plan: &serde_json::Value| decimal(&plan["bill"]["contracted_cost"]);
        let sum: rust_decimal::Decimal = parts.iter().map(|part| cost(&part["plan"])).sum();
        assert_eq!(sum, cost(plan), "{}", platform["name"]);
    }
    let simulated = json("simulate");
    let parts = simulated["platforms"][3]["parts"].as_array().expect("parts");
    assert_eq!(parts.len(), 4);
    assert!(parts.iter().all(|part| part["simulation"]["samples"]["rows"].is_array()));
    let cards = json("scorecard");
    assert_eq!(cards["platforms"][3]["parts"].as_array().map(Vec::len), Some(4));
    assert_eq!(cards["platforms"][3]["answers"][1]["part"]["on"], "kafka-gp3");
}

/// Values of regions, links and places are set like any other, and a scenario without regions has to say where it is.
#[test]
fn parts_are_changed_by_their_names() {
    let text = crate::example("two-regions.toml");
    for (path, value, expected) in [
        ("region.eu.region", "eu-west-1", "aws eu-west-1 + us-east-1"),
        ("link.eu.retention", "2 d", "kept 2 d"),
        ("platform.alarms-stay.place.kafka-gp3.on", "kafka-st1", "eu on kafka-st1"),
        ("platform.kafka-tiered.tiered_share", "10 %", "kafka-tiered"),
    ] {
        let changed = model::scenario::set(&text, path, value).expect(path);
        let (code, out, err) = highwater(&["compare", "-"], &changed);
        assert_eq!(code, 0, "{path}: {err}");
        assert!(out.contains(expected), "{path}: {out}");
    }
    let nowhere = text.replace("[[region]]", "[[x]]").replace("region   ", "x");
    let (code, _, err) = highwater(&["check", "-"], &nowhere);
    assert_eq!(code, 2);
    assert!(err.contains("`[prices]` has no `region`"), "{err}");
}

/// What the table says is wrong, the document says too: prices that are not there have no line.
#[test]
fn check_says_the_same_in_words_and_in_json() {
    let text = crate::example("smart-meter.toml");
    let unsold = text.replace("\"eu-west-1\"", "\"mx-central-1\"");
    let broken = text.replace("months", "moths");
    for (text, problems) in [(&text, 0), (&unsold, 1), (&broken, 1)] {
        let (code, _, err) = highwater(&["check", "-"], text);
        let (same, json, _) = highwater(&["check", "-", "--format", "json"], text);
        assert_eq!((code, same), if problems == 0 { (0, 0) } else { (2, 2) }, "{err}");
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let told = json["problems"].as_array().expect("a list");
        assert!(told.len() >= problems, "{json:#}");
        for problem in told {
            let message = problem["message"].as_str().expect("words");
            assert!(err.contains(message), "{message} is not in\n{err}");
            assert_eq!(problem["line"].is_null(), problem["column"].is_null());
        }
    }
}

/// Every preset of a comparison without a hole, and the same digits in every view.
#[test]
fn table_json_and_csv_agree() {
    for path in examples("") {
        let text = std::fs::read_to_string(&path).expect("an example is a text file");
        let (code, json, _) = highwater(&["compare", "-", "--format", "json"], &text);
        assert_eq!(code, 0, "{}", path.display());
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let (_, csv, _) = highwater(&["compare", "-", "--format", "csv"], &text);

        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let headers = reader.headers().expect("a header").clone();
        let column = |name: &str| headers.iter().position(|header| header == name).expect(name);
        let [platform, component, cost, exact, rate] =
            ["platform", "component", "effective_cost", "effective_cost_exact", "fx_rate"]
                .map(column);
        // What is shown, and what it comes to exactly: of the bill, and with credits.
        let mut totals = std::collections::BTreeMap::<String, [Decimal; 3]>::new();
        for row in reader.records() {
            let row = row.expect("a row");
            let amount = |column: usize| row[column].parse::<Decimal>().unwrap_or_default();
            let rate = if row[rate].is_empty() { Decimal::ONE } else { amount(rate) };
            let [shown, bill, all] = totals.entry(row[platform].to_owned()).or_default();
            *shown += amount(cost);
            *all += amount(exact) * rate;
            if &row[component] != "credits" {
                *bill += amount(exact);
            }
        }
        for one in json["platforms"].as_array().expect("platforms") {
            let Some(total) = one["plan"]["bill"]["contracted_cost"].as_str() else {
                assert!(one["rejection"].is_object(), "{one}");
                continue;
            };
            let total: Decimal = total.parse().expect("a decimal");
            let name = one["name"].as_str().expect("a name");
            let [shown, bill, all] = totals[name];
            assert_eq!(bill, total, "{} {name}: to the last digit", path.display());
            let cents =
                all.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
            assert_eq!(shown, cents, "{} {name}: the CSV adds up to the cent", path.display());
        }
    }
}

/// Every example is valid by the schema that editors use, and the broken ones that a schema can catch are not.
#[test]
fn examples_are_valid_by_the_schema() {
    let (code, schema, _) = highwater(&["schema"], "");
    assert_eq!(code, 0);
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for path in examples("") {
        let value = as_json(&std::fs::read_to_string(&path).expect("a text file"));
        let problems: Vec<String> =
            validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{}: {problems:?}", path.display());
    }
    let broken = [
        "bare-number",
        "misspelled-key",
        "unknown-preset",
        "no-effect",
        "event-of-another-kind",
        "daylight-saving",
        "lines-crossed",
        "lines-misread",
        "published-figure",
    ];
    for broken in broken {
        let value = as_json(&crate::example(&format!("errors/{broken}.toml")));
        assert!(!validator.is_valid(&value), "{broken} passes the schema");
    }
}

/// Events with every key of their kinds, clocks, growth and a scorecard are valid by the parser and by the schema.
#[test]
fn everything_that_can_happen_is_valid() {
    use model::scenario::fields::{self, Section};

    let mut text = crate::example("ev-charging.toml")
        .replace("months = 12", "months = 12\ntime_zone = \"UTC+1\"\nlog = \"empty\"")
        .replacen(
            "growth      = \"3 %/month\"",
            "growth = \"3 %/month linear\"\nsteps = [{ month = 6, times = 1.4 }]\nstart = 2027-02-01\nend = \"day 300 06:00\"\ntime_zone = \"UTC-03:30\"",
            1,
        );
    for kind in model::events::EventKind::ALL {
        let name = kind.name();
        text += &format!(
            "\n[[event]]\nname = {name:?}\nkind = {name:?}\nat = \"month 2 day 3 04:05\"\n"
        );
        for setting in model::export::event_settings(*kind) {
            let auto = setting.value == "auto" && setting.parameter.key == "retention";
            let value = if auto { "30 d".to_owned() } else { setting.value };
            let number =
                setting.parameter.kind == model::parameters::Kind::Count && value != "auto";
            let value = if number { value } else { format!("{value:?}") };
            text += &format!("{} = {value}\n", setting.parameter.key);
        }
        for (key, value) in [
            ("stream", "\"meter-values\""),
            ("group", "\"billing\""),
            ("from", "\"kafka-gp3\""),
            ("devices", "100_000"),
        ] {
            if kind.keys().contains(&key) {
                text += &format!("{key} = {value}\n");
            }
        }
    }
    text += "\n[scorecard]\n";
    for row in model::policy::POLICY_PARAMETERS {
        let field = fields::find(Section::Scorecard, row.key).expect("a row of the table");
        let factor = row.kind == model::parameters::Kind::Factor;
        let value = if factor { row.default.to_owned() } else { format!("{:?}", row.default) };
        text += &format!("{} = {value}\n", field.key);
    }
    // All of them but the connectors' switch, which `auto` is.
    let mut lines = String::new();
    for row in model::lines::LINE_PARAMETERS.iter().filter(|row| row.key != "connector_machine") {
        let plain = !row.auto
            && matches!(
                row.kind,
                model::parameters::Kind::Factor
                    | model::parameters::Kind::Count
                    | model::parameters::Kind::Flag
            );
        let value = match row.key {
            "support_rates" => "\"10 % to $10000, 3 %\"".to_owned(),
            "labour_rate" => "\"$90/h\"".to_owned(),
            "cross_region" => "\"eu-west-1\"".to_owned(),
            _ if plain => row.default.to_owned(),
            _ => format!("{:?}", row.default),
        };
        lines += &format!("{} = {value}\n", row.key);
    }
    text += &format!("\n[lines]\n{lines}");
    text += "\n[[platform]]\npreset = \"kafka-gp3\"\nname = \"own lines\"\n[platform.lines]\n";
    text += &lines;
    text += "\n[[connector]]\nname = \"x\"\nstream = \"meter-values\"\ndirection = \"sink\"\nshare = \"50 %\"\n\
        tasks = 3\ntask_rate = \"5 MB/s\"\nruns_on = \"service\"\ngroup = \"billing\"\n";
    text += "\n[[scorecard.mark]]\nquestion = \"governance\"\nplatform = \"msk-express\"\nmark = \"green\"\nevidence = \"x\"\n";

    let scenario = crate::parse(&text);
    let own = crate::parse(&crate::example("ev-charging.toml")).events.len();
    assert_eq!(scenario.events.len(), own + model::events::EventKind::ALL.len());
    let (_, schema, _) = highwater(&["schema"], "");
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let problems: Vec<String> =
        validator.iter_errors(&as_json(&text)).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
}

/// Every kind of event is listed, and shows its model and its settings.
#[test]
fn every_event_shows_its_model() {
    let (code, list, err) = highwater(&["events"], "");
    assert_eq!(code, 0, "{err}");
    for kind in model::events::EventKind::ALL {
        assert!(list.contains(kind.name()), "{list}");
        let (code, out, err) = highwater(&["events", kind.name()], "");
        assert_eq!(code, 0, "{}: {err}", kind.name());
        assert!(kind.keys().iter().all(|key| out.contains(&format!("{key} = "))), "{out}");
        let (code, out, _) = highwater(&["events", kind.name(), "--format", "json"], "");
        let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!((code, &json["event"]["name"]), (0, &serde_json::json!(kind.name())));
    }
}

/// TOML as a schema validator sees it: dates are strings.
pub fn as_json(text: &str) -> serde_json::Value {
    fn convert(value: toml::Value) -> serde_json::Value {
        match value {
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(convert).collect(),
            toml::Value::Table(table) => {
                table.into_iter().map(|(key, value)| (key, convert(value))).collect()
            }
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(flag) => flag.into(),
        }
    }
    let table: toml::Table = toml::from_str(text).expect("TOML");
    convert(toml::Value::Table(table))
}

/// A new user's first mistakes: each has a message that names the way out, and exit code 2.
#[test]
fn usage_errors_are_for_people() {
    for (arguments, expected) in [
        (&["compare", "no-such-file.toml"][..], "no-such-file.toml"),
        (&["compare"][..], "FILE"),
        (&["compere", "x"][..], "compare"),
        (&["presets", "show", "kafka-gp4"][..], "kafka-gp3"),
        (&["events", "reconnect_storm"][..], "reconnect-storm"),
        (&["lines", "back-ups"][..], "backups"),
        (&["prices", "show", "us-east-9"][..], "us-east-1"),
        (&["whatif", "-", "--set", "retention"][..], "="),
    ] {
        let (code, out, err) = highwater(arguments, "");
        assert_eq!(code, 2, "{arguments:?}: {err}");
        assert!(out.is_empty(), "{arguments:?} writes data: {out}");
        assert!(err.contains(expected), "{arguments:?}: {err}");
    }
}

/// A scenario for every region: a price that is missing is named, and the rest is planned.
#[test]
fn every_region_is_planned_or_says_what_is_missing() {
    let text = crate::example("smart-meter.toml");
    for (provider, regions) in crate::catalog().regions() {
        for region in regions {
            let moved = model::scenario::set(&text, "prices.provider", &provider).expect("a path");
            let moved = model::scenario::set(&moved, "prices.region", &region).expect("a path");
            let (code, out, err) = highwater(&["compare", "-"], &moved);
            let said = out.contains("costs least") || out.contains("cost about the same");
            // Where nothing can be planned, every platform says what is missing.
            let missing = err.contains("no price for") || out.contains("no price for");
            assert!((code == 0 && said) || (provider != "aws" && missing), "{region}: {out}{err}");
        }
    }
    let moved = model::scenario::set(&text, "prices.region", "us-west-1").expect("a path");
    let (_, out, _) = highwater(&["compare", "-"], &moved);
    assert!(
        out.contains("msk_express:"),
        "us-west-1 has no MSK Express, and the SKU is named: {out}"
    );
}

/// Every setting of every preset is shown with where its value comes from.
#[test]
fn every_preset_shows_its_settings() {
    for preset in model::presets::PRESETS {
        let (code, out, err) = highwater(&["presets", "show", preset.name], "");
        assert_eq!(code, 0, "{}: {err}", preset.name);
        let shown = model::parameters::PARAMETERS
            .iter()
            .filter(|row| row.scope.covers(preset.architecture))
            .all(|row| out.contains(row.key));
        assert!(shown, "{} hides a setting:\n{out}", preset.name);
    }
}

/// A catalogue in files gives the same bytes as the embedded one, and a broken one is refused with its place.
#[test]
fn a_catalogue_can_be_replaced() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pricing/catalog");
    let root = root.to_str().expect("a path in Unicode");
    let text = crate::example("ev-charging.toml");
    let embedded = highwater(&["compare", "-"], &text);
    assert_eq!(highwater(&["--catalog", root, "compare", "-"], &text), embedded);
    let (code, _, err) = highwater(
        &["--catalog", concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"), "compare", "-"],
        &text,
    );
    assert_eq!(code, 2, "a folder without a catalogue: {err}");
}

/// Shells get completions, readers a manual, and the embedded catalogue has no fault.
#[test]
fn what_is_generated_is_there() {
    for arguments in [
        &["completions", "bash"][..],
        &["completions", "zsh"][..],
        &["man"][..],
        &["prices", "check"][..],
    ] {
        let (code, out, err) = highwater(arguments, "");
        assert_eq!(code, 0, "{arguments:?}: {err}");
        assert!(out.contains("highwater") || out.contains("gap"), "{arguments:?}: {out}");
    }
}

/// Text that a spreadsheet would run as a formula reaches it as text.
#[test]
fn spreadsheets_run_no_formula() {
    let text = crate::example("ev-charging.toml");
    let text =
        text.replacen("preset = \"kafka-gp3\"", "preset = \"kafka-gp3\"\nname = \"=cmd()\"", 1);
    let (code, out, err) = highwater(&["compare", "-", "--format", "csv"], &text);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("'=cmd()"), "the name is defused");
    assert!(!out.lines().any(|line| line.starts_with("=cmd()")), "{out}");
}

/// Every preset in one table: a cost, or a reason in words, and nothing in between.
#[test]
fn every_preset_stands_beside_the_others() {
    let text = crate::example("smart-meter.toml");
    let (code, out, err) = highwater(&["compare", "--all", "-"], &text);
    assert_eq!((code, err.as_str()), (0, ""));
    let table: Vec<&str> = out.lines().skip_while(|line| !line.starts_with('─')).skip(1).collect();
    let table: Vec<&str> = table.iter().take_while(|line| !line.is_empty()).copied().collect();
    assert_eq!(table.len(), model::presets::PRESETS.len());
    for (preset, row) in model::presets::PRESETS.iter().zip(&table) {
        let cells: Vec<&str> = row.split("  ").filter(|cell| !cell.trim().is_empty()).collect();
        assert_eq!(cells[0].trim(), preset.name);
        let cost = cells[1].trim().trim_start_matches(['≥', '≤', '≈']).replace(',', "");
        let reason = format!("{} cannot be planned\n  ", preset.name);
        assert!(cost.parse::<u64>().is_ok() != out.contains(&reason), "{row}");
    }
    // What is not complete says what is missing, and what to do.
    for preset in ["automq-ebs-wal", "leaderless", "redpanda-serverless"] {
        let note = out.lines().find(|line| line.starts_with('≥') && line.contains(preset));
        assert!(note.is_some(), "{preset} has a gap without a note:\n{out}");
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("compare-all-smart-meter", out));
}

/// What a provider does not sell, and what a service does not keep, is a reason and not a price.
#[test]
fn a_rejection_says_who_sells_it_and_what_it_keeps() {
    let text = crate::example("ev-charging.toml");
    let moved = |provider: &str, region: &str| {
        let text = model::scenario::set(&text, "prices.provider", provider).expect("a path");
        model::scenario::set(&text, "prices.region", region).expect("a path")
    };
    let all = |text: &str| highwater(&["compare", "--all", "-"], text).1;
    let google = all(&moved("gcp", "us-central1"));
    assert!(
        google.contains("`msk-standard` is sold by aws, and not in gcp us-central1"),
        "{google}"
    );
    assert!(google.contains("Way out: plan for a region of aws that has it"), "{google}");
    let azure = all(&moved("azure", "eastus"));
    assert!(azure.contains("and it keeps records for 7 d at most"), "{azure}");
    assert!(azure.contains("azure eastus has no disk `hard-disk`"), "{azure}");
}

/// What is written well may still be a plan that nobody can make.
#[test]
fn check_tells_what_cannot_be_planned() {
    let text = "schema = 1\ntitle = \"elsewhere\"\n[horizon]\nmonths = 1\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
         [[stream]]\nname = \"s\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n\
         [[platform]]\npreset = \"event-hubs\"\n[[platform]]\npreset = \"kafka-gp3\"\n";
    let (code, out, err) = highwater(&["check", "-"], text);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("is fine"), "{out}");
    assert!(err.contains("event-hubs: cannot be planned: "), "{err}");
    assert!(!err.contains("kafka-gp3: cannot"), "{err}");
    let (_, json, _) = highwater(&["check", "-", "--format", "json"], text);
    let document: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let warnings = document["warnings"].as_array().expect("a list");
    assert!(warnings.iter().any(|one| one["platform"] == "event-hubs"), "{json}");
}
