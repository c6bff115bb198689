//! How sure a verdict is: what is told of each default is so, by scenarios that say it, and no default moves that is none.

use model::View;
use model::scenario::{self, Draft};
use model::sensitivity::{PRECISION, Sensitivity, Study, Trial, Value};

use crate::examples::highwater;

/// All defaults of a scenario in a steady month, in an order of one's own.
fn tried(text: &str, order: impl Fn(&mut Vec<usize>)) -> Study {
    let draft = Draft::read(text, &crate::catalog().vocabulary()).expect("a scenario");
    let scenario = draft.scenario().expect("a scenario");
    let prices = crate::catalog().prices(&scenario).expect("prices");
    let all = (0..scenario.platforms.len()).collect();
    let sensitivity =
        Sensitivity::new(draft, &prices, View::Steady(0), all).expect("what was read once");
    let mut numbers: Vec<usize> = (0..sensitivity.count()).collect();
    order(&mut numbers);
    let mut trials: Vec<(usize, Trial)> = numbers
        .into_iter()
        .map(|number| (number, sensitivity.run(number).expect("a default")))
        .collect();
    trials.sort_by_key(|(number, _)| *number);
    sensitivity.study(trials.into_iter().map(|(_, trial)| trial).collect())
}

fn study(text: &str) -> Study {
    tried(text, |_| ())
}

/// The cheapest of a scenario that says a value of a default, on every platform that has it, by exact bills.
fn cheapest(text: &str, study: &Study, trial: &Trial, value: &Value) -> Option<String> {
    let mut text = text.to_owned();
    for place in &trial.subject.platforms {
        let name = &study.platforms[*place];
        let lines = model::lines::parameter(trial.subject.parameter.key).is_some();
        let path = format!(
            "platform.\"{name}\".{}{}",
            if lines { "lines." } else { "" },
            trial.subject.parameter.key
        );
        let value = model::export::sensitivity::written(trial, value);
        text = scenario::set(&text, &path, &value).expect("a path of the scenario");
    }
    crate::compared(&text).verdict.cheapest().map(str::to_owned)
}

const EXAMPLES: [&str; 4] =
    ["smart-meter.toml", "reference-100mib.toml", "fleet-telemetry.toml", "whole-bill.toml"];

/// At a flip another platform is the cheapest, just before it nobody else is; and where none is told, the ends say so too.
#[test]
fn the_verdict_flips_where_it_is_said_to() {
    let (mut flips, mut held, mut words) = (0, 0, 0);
    for example in EXAMPLES {
        let text = crate::example(example);
        let study = study(&text);
        let verdict = crate::compared(&text).verdict;
        let first = verdict.cheapest().expect("a verdict").to_owned();
        assert_eq!(study.platforms[study.cheapest().expect("a verdict")], first, "{example}");
        for trial in &study.trials {
            let key = trial.subject.parameter.key;
            for flip in &trial.flips {
                let then = cheapest(&text, &study, trial, &flip.at);
                let told = flip.cheapest.map(|place| study.platforms[place].clone());
                assert_eq!(then, told, "{example} {key}: {flip:?}");
                assert_ne!(then.as_ref(), Some(&first), "{example} {key}: {flip:?}");
                words += usize::from(matches!(flip.at, Value::Word(_)));
                flips += 1;
                let (Some(before), Value::Number(at), Some([default, low, high])) =
                    (flip.before, &flip.at, trial.numbers)
                else {
                    continue;
                };
                let just = cheapest(&text, &study, trial, &Value::Number(before));
                assert_eq!(just.as_ref(), Some(&first), "{example} {key}: {flip:?}");
                // Between the default and its range's end, and as close as it says.
                let end = if *at < default { low } else { high };
                let way = flip.of_way.expect("a number");
                assert!((0.0..=1.0).contains(&way), "{example} {key}: {flip:?}");
                assert!((default + way * (end - default) - at).abs() <= 1e-9 * at.abs().max(1.0));
                let whole = trial.scale == Some(scenario::Scale::Count);
                let apart = (at - before).abs();
                let close =
                    PRECISION * at.abs().max(before.abs()).max(0.01 * (end - default).abs());
                assert!(
                    if whole { apart <= 1.0 } else { apart <= close },
                    "{example} {key}: {flip:?}"
                );
            }
            if let Some([_, low, high]) = trial.numbers.filter(|_| trial.flips.is_empty()) {
                for end in [low, high] {
                    let draft = Draft::read(&text, &crate::catalog().vocabulary());
                    let draft = draft.expect("a scenario");
                    let place = trial.subject.platforms[0];
                    let setting = draft.setting(place, key).expect("a setting");
                    // A few of them are enough, and values that contradict the rest are not looked at.
                    if held % 7 == 0 && setting.number(end).is_ok() && trial.bears {
                        let then = cheapest(&text, &study, trial, &Value::Number(end));
                        assert_eq!(then.as_ref(), Some(&first), "{example} {key} at {end}");
                    }
                    held += 1;
                }
            }
        }
    }
    assert!(flips > 15 && held > 100, "{flips} flips, {words} of them words, and {held} ends");
}

/// In which order defaults are tried, and so by how many threads, changes nothing.
#[test]
fn a_trial_depends_on_its_number_only() {
    let text = crate::example("fleet-telemetry.toml");
    let shown = |study: &Study| model::export::sensitivity::json(study);
    let forwards = shown(&study(&text));
    assert_eq!(forwards, shown(&tried(&text, |numbers| numbers.reverse())));
    assert_eq!(forwards, shown(&tried(&text, |numbers| numbers.sort_by_key(|number| number % 7))));
}

/// What a scenario sets is no default, whatever its value; another platform's is one still.
#[test]
fn what_is_set_does_not_move() {
    let text = crate::example("smart-meter.toml");
    let platforms = |study: &Study, key: &str| -> Vec<String> {
        let own = study.trials.iter().filter(|trial| trial.subject.parameter.key == key);
        own.flat_map(|trial| &trial.subject.platforms)
            .map(|place| study.platforms[*place].clone())
            .collect()
    };
    let before = study(&text);
    assert!(platforms(&before, "flush_interval").contains(&"automq-s3-wal".to_owned()));
    let set = scenario::set(&text, "platform.automq-s3-wal.flush_interval", "250 ms");
    let after = study(&set.expect("a path"));
    assert_eq!(platforms(&after, "flush_interval"), ["automq-ebs-wal"]);
    assert_eq!(after.left_out.given, before.left_out.given + 1);
    // Its own number is the verdict's only change.
    assert_eq!(before.ranking, after.ranking);
    for trial in before.trials.iter().chain(&after.trials) {
        let key = trial.subject.parameter.key;
        for place in &trial.subject.platforms {
            let scenario = crate::parse(&text);
            assert!(!scenario.platforms[*place].overrides.iter().any(|own| own == key), "{key}");
            assert!(!scenario.platforms[*place].preset.fixed.contains(&key), "{key}");
        }
    }
}

/// Platforms that take the same value from another source are tried by themselves.
#[test]
fn a_default_is_a_value_from_a_source() {
    let study = study(&crate::example("smart-meter.toml"));
    let of = |key: &str| {
        let own = study.trials.iter().filter(|trial| trial.subject.parameter.key == key);
        own.map(|trial| (trial.subject.value.as_str(), trial.subject.platforms.len()))
            .collect::<Vec<_>>()
    };
    // The table's, and what the presets of MSK say.
    assert_eq!(of("replication_billed").len(), 1, "no range leads down from 0 % of MSK's own");
    assert!(of("utilization").len() >= 2, "{:?}", of("utilization"));
}

fn snapshots(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(check);
}

#[test]
fn how_sure_it_is_is_told_to_people() {
    let said = |example: &str, arguments: &[&str]| {
        let text = crate::example(example);
        let (code, out, err) = highwater(&[&["sensitivity", "-"], arguments].concat(), &text);
        format!("{out}{err}exit code {code}\n")
    };
    snapshots(|| {
        insta::assert_snapshot!("sensitivity", said("smart-meter.toml", &["--steady"]));
        insta::assert_snapshot!("sensitivity-fleet", said("fleet-telemetry.toml", &["--steady"]));
        let two = ["--steady", "--platform", "kafka-tiered", "--platform", "kafka-gp3"];
        insta::assert_snapshot!("sensitivity-of-two", said("ev-charging.toml", &two));
        let csv = said("smart-meter.toml", &["--steady", "--format", "csv"]);
        insta::assert_snapshot!(
            "sensitivity-csv",
            csv.lines().take(6).collect::<Vec<_>>().join("\n")
        );
        let (code, help, err) = highwater(&["sensitivity", "--help"], "");
        assert_eq!(code, 0, "{err}");
        insta::assert_snapshot!("sensitivity-help", help);
    });
}

/// The same digits in JSON and CSV; one platform by itself has nothing to be sure of.
#[test]
fn formats_agree_and_mistakes_are_told() {
    let text = crate::example("fleet-telemetry.toml");
    let said = |arguments: &[&str], text: &str| {
        highwater(&[&["sensitivity", "-", "--steady"], arguments].concat(), text)
    };
    let (code, json, err) = said(&["--format", "json"], &text);
    assert_eq!(code, 0, "{err}");
    let document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(document["kind"], "sensitivity");
    let (_, table, _) = said(&["--format", "csv"], &text);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        reader.deserialize().map(|row| row.expect("a row")).collect();
    let mut rows = rows.iter();
    for default in document["defaults"].as_array().expect("a list") {
        let flips = default["flips"].as_array().expect("a list");
        for index in 0..flips.len().max(1) {
            let row = rows.next().expect("a row for each");
            assert_eq!(default["key"], *row["key"], "{row:?}");
            assert_eq!(
                (flips.is_empty(), &*row["flips"]),
                (flips.is_empty(), if flips.is_empty() { "false" } else { "true" })
            );
            if let Some(flip) = flips.get(index) {
                assert_eq!(flip["at"], *row["at"], "{row:?}");
            }
        }
    }
    assert!(rows.next().is_none());

    let (code, _, err) = said(&["--platform", "kafka-gp3"], &text);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("by itself has no verdict") && err.contains("--platform"), "{err}");
    let (code, _, err) = said(&["--platform", "kafka-gp4", "--platform", "kafka-gp3"], &text);
    assert!(code == 2 && err.contains("kafka-gp3"), "{err}");
    let nobody = text.replace("schema = 1", "schema = 1\n");
    let nobody = scenario::set(&nobody, "platform.*.memory_min", "9000 GiB").expect("a path");
    let (code, out, _) = said(&[], &nobody);
    assert!(code == 1 && out.contains("no verdict to try"), "{code}: {out}");
}
