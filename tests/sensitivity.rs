//! How sure a verdict is: what is told of each default is so, by scenarios that say it, and no default moves that is none.

use model::View;
use model::scenario::{self, Draft};
use model::sensitivity::{PRECISION, Sensitivity, Study, Trial, Value};

use crate::examples::highwater;

/// All defaults of some platforms in a steady month, in an order of one's own.
fn tried(text: &str, names: &[&str], order: impl Fn(&mut Vec<usize>)) -> Study {
    let draft = Draft::read(text, &crate::catalog().vocabulary()).expect("a scenario");
    let scenario = draft.scenario().expect("a scenario");
    let prices = crate::catalog().prices(&scenario).expect("prices");
    let all = 0..scenario.platforms.len();
    let between = all.filter(|place| names.contains(&&*scenario.platforms[*place].name)).collect();
    let sensitivity =
        Sensitivity::new(draft, &prices, View::Steady(0), between).expect("what was read once");
    let mut numbers: Vec<usize> = (0..sensitivity.count()).collect();
    order(&mut numbers);
    let mut trials: Vec<(usize, Trial)> = numbers
        .into_iter()
        .map(|number| (number, sensitivity.run(number).expect("a default")))
        .collect();
    trials.sort_by_key(|(number, _)| *number);
    sensitivity.study(trials.into_iter().map(|(_, trial)| trial).collect())
}

fn study(text: &str, names: &[&str]) -> Study {
    tried(text, names, |_| ())
}

/// The cheapest of some platforms of a scenario, by their exact bills.
fn verdict(text: &str, names: &[&str]) -> Option<String> {
    let mut scenario = crate::parse(text);
    scenario.platforms.retain(|design| names.contains(&&*design.name));
    let prices = crate::catalog().prices(&scenario).expect("prices");
    model::compare(&scenario, &prices, View::Steady(0)).verdict.cheapest().map(str::to_owned)
}

/// The cheapest where a scenario says a value of a default, on every platform that has it.
fn cheapest(text: &str, names: &[&str], trial: &Trial, value: &Value) -> Option<String> {
    let key = trial.subject.parameter.key;
    let section = if model::lines::parameter(key).is_some() { "lines." } else { "" };
    let value = model::export::sensitivity::written(trial, value);
    let mut text = text.to_owned();
    for place in &trial.subject.platforms {
        let path = format!("platform.\"{}\".{section}{key}", names[*place]);
        text = scenario::set(&text, &path, &value).expect("a path of the scenario");
    }
    verdict(&text, names)
}

/// Few of each, the cheapest and its rivals among them, in the order of the scenario.
const CASES: [(&str, &[&str]); 4] = [
    ("smart-meter.toml", &["kafka-tiered", "msk-tiered", "automq-s3-wal"]),
    ("ev-charging.toml", &["kafka-tiered", "msk-tiered", "automq-s3-wal"]),
    ("reference-100mib.toml", &["automq-s3-wal", "diskless", "msk-express"]),
    ("whole-bill.toml", &["kafka-tiered", "msk-express", "automq-s3-wal"]),
];

/// At a flip the platform that is told is the cheapest, and just before it another is not yet; where no flip is told, the
/// ends of the range have none.
#[test]
fn the_verdict_flips_where_it_is_said_to() {
    let (mut flips, mut words, mut held) = (0, 0, 0_usize);
    for (example, names) in CASES {
        let text = crate::example(example);
        let study = study(&text, names);
        assert_eq!(study.platforms, names, "{example}");
        let first = verdict(&text, names).expect("a verdict");
        assert_eq!(study.platforms[study.cheapest().expect("a verdict")], first, "{example}");
        for trial in &study.trials {
            let at = |value: &Value| cheapest(&text, names, trial, value);
            let key = trial.subject.parameter.key;
            for flip in &trial.flips {
                let told = &study.platforms[flip.cheapest];
                assert_ne!(*told, first, "{example} {key}: {flip:?}");
                assert_eq!(at(&flip.at).as_ref(), Some(told), "{example} {key}: {flip:?}");
                words += usize::from(matches!(flip.at, Value::Word(_)));
                flips += 1;
                let (Some(before), Value::Number(number), Some([default, low, high])) =
                    (flip.before, &flip.at, trial.numbers)
                else {
                    continue;
                };
                let just = at(&Value::Number(before));
                assert_eq!(just.as_ref(), Some(&first), "{example} {key}: {flip:?}");
                // Between the default and the end of its range, and as close as it says.
                let end = if *number < default { low } else { high };
                let way = flip.of_way.expect("a number");
                assert!((0.0..=1.0).contains(&way), "{example} {key}: {flip:?}");
                let there = default + way * (end - default);
                assert!((there - number).abs() <= 1e-9 * number.abs().max(1.0), "{flip:?}");
                let apart = (number - before).abs();
                let size = number.abs().max(before.abs()).max(0.01 * (end - default).abs());
                let whole = trial.scale == Some(scenario::Scale::Count);
                let close = if whole { 1.0 } else { PRECISION * size };
                assert!(apart <= close, "{example} {key}: {flip:?}");
            }
            let Some([_, low, high]) = trial.numbers else { continue };
            if !trial.flips.is_empty() || !trial.bears {
                continue;
            }
            // Some of them are enough.
            held += 1;
            if held.is_multiple_of(5) {
                let draft = Draft::read(&text, &crate::catalog().vocabulary()).expect("a scenario");
                let place = crate::parse(&text)
                    .platforms
                    .iter()
                    .position(|design| design.name == study.platforms[trial.subject.platforms[0]]);
                let setting = draft.setting(place.expect("a platform"), key).expect("a setting");
                for end in [low, high].into_iter().filter(|end| setting.number(*end).is_ok()) {
                    let then = at(&Value::Number(end));
                    assert!(
                        then.is_none() || then.as_ref() == Some(&first),
                        "{example} {key} at {end}"
                    );
                }
            }
        }
    }
    assert!(flips >= 12 && held > 60, "{flips} flips, {words} of them words, and {held} that hold");
}

/// In which order defaults are tried, and so by how many threads, changes nothing.
#[test]
fn a_trial_depends_on_its_number_only() {
    let (example, names) = CASES[1];
    let text = crate::example(example);
    let shown = |study: &Study| model::export::sensitivity::json(study);
    let forwards = shown(&study(&text, names));
    let other = tried(&text, names, |numbers| numbers.sort_by_key(|number| number % 7));
    assert_eq!(forwards, shown(&other));
}

/// What a scenario sets is no default, whatever its value; another platform's is one still.
#[test]
fn what_is_set_does_not_move() {
    let (example, names) = CASES[0];
    let text = crate::example(example);
    let owners = |study: &Study, key: &str| -> Vec<String> {
        let own = study.trials.iter().filter(|trial| trial.subject.parameter.key == key);
        own.flat_map(|trial| &trial.subject.platforms)
            .map(|place| study.platforms[*place].clone())
            .collect()
    };
    let before = study(&text, names);
    assert_eq!(owners(&before, "vcpu_min"), names);
    let set = scenario::set(&text, "platform.automq-s3-wal.vcpu_min", "2").expect("a path");
    let after = study(&set, names);
    assert_eq!(owners(&after, "vcpu_min"), ["kafka-tiered", "msk-tiered"]);
    assert_eq!(after.left_out.given, before.left_out.given + 1);
    assert_eq!(before.ranking, after.ranking, "the value is the same");
    let designs = crate::parse(&set).platforms;
    for trial in &after.trials {
        let key = trial.subject.parameter.key;
        for place in &trial.subject.platforms {
            let design = designs.iter().find(|design| design.name == names[*place]);
            let design = design.expect("a platform");
            assert!(!design.overrides.iter().any(|own| own == key), "{key}");
            assert!(!design.preset.fixed.contains(&key), "{key}");
        }
    }
    // A value that has two sources is two defaults.
    let of = |key: &str| {
        let own = after.trials.iter().filter(|trial| trial.subject.parameter.key == key);
        own.map(|trial| (trial.subject.value.as_str(), trial.subject.platforms.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("controllers"), [("3", vec![0]), ("0", vec![2])]);
    // What a service's vendor says of it is what is sold.
    assert_eq!(of("replication_billed"), [("100 %", vec![0])]);
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
        insta::assert_snapshot!("sensitivity-committed", said("commitments.toml", &["--steady"]));
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
    let two = ["--platform", "kafka-gp3", "--platform", "automq-s3-wal"];
    let (code, json, err) = said(&[&two[..], &["--format", "json"]].concat(), &text);
    assert_eq!(code, 0, "{err}");
    let document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(document["kind"], "sensitivity");
    let (_, table, _) = said(&[&two[..], &["--format", "csv"]].concat(), &text);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        reader.deserialize().map(|row| row.expect("a row")).collect();
    let mut rows = rows.iter();
    for default in document["defaults"].as_array().expect("a list") {
        let flips = default["flips"].as_array().expect("a list");
        for index in 0..flips.len().max(1) {
            let row = rows.next().expect("a row for each");
            assert_eq!(default["key"], *row["key"], "{row:?}");
            assert_eq!(row["flips"], (!flips.is_empty()).to_string());
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
    let nobody = scenario::set(&text, "platform.*.memory_min", "9000 GiB").expect("a path");
    let (code, out, _) = said(&two, &nobody);
    assert!(code == 1 && out.contains("no verdict to try"), "{code}: {out}");
}
