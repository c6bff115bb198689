//! Laws of differences: their parts add up to the last digit, whatever changes, and what did not change has no part.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use model::calendar::Date;
use model::finance::{Exchange, Finance};
use model::money::Usd;
use model::variance::{Effect, Rates, Variance, reasons, variance};
use model::{Comparison, Scenario, View};
use proptest::prelude::*;

use crate::examples::{examples, highwater};
use crate::properties::config;

/// A platform on one machine, with room for more months, streams and sections.
fn scenario(months: u32, produce: u32, retention: u32, more: &str) -> String {
    format!(
        "schema = 1\ntitle = \"orders\"\n[horizon]\nstart = 2027-01-01\nmonths = {months}\n\
         [prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
         [[stream]]\nname = \"orders\"\nproduce = \"{produce} MiB/s\"\nretention = \"{retention} d\"\n\
         [[stream.reader]]\ngroup = \"fulfilment\"\n\
         [[platform]]\npreset = \"kafka-tiered\"\nbroker = \"m7g.xlarge\"\n{more}\n"
    )
}

fn planned(text: &str) -> (Scenario, Comparison) {
    let scenario = crate::parse(text);
    let prices = crate::catalog().prices(&scenario).expect("prices");
    let comparison = model::comparison::compare(&scenario, &prices, View::Horizon);
    (scenario, comparison)
}

fn between(a: &(Scenario, Comparison), b: &(Scenario, Comparison)) -> Variance {
    let first = |case: &Comparison| case.plans().next().expect("a plan").clone();
    let rates = Rates::of(&a.0.finance, &b.0.finance);
    variance((&first(&a.1), &a.0.finance), (&first(&b.1), &b.0.finance), &rates)
}

fn differing(a: &str, b: &str) -> Variance {
    between(&planned(a), &planned(b))
}

/// The steps that come to anything.
fn steps(variance: &Variance) -> Vec<Effect> {
    let of =
        |effect: &Effect| variance.changes.iter().any(|one| one.effects.of(*effect) != Usd::ZERO);
    Effect::ALL.into_iter().filter(of).collect()
}

/// Sums by line, by component and by step are the difference; nothing of it is a remainder.
#[track_caller]
fn adds_up(variance: &Variance) {
    let difference = variance.total_b() - variance.total_a();
    assert_eq!(variance.effects().total(), difference);
    let components = variance.components();
    assert_eq!(components.iter().map(|(_, [a, b], _)| *b - *a).sum::<Usd>(), difference);
    for (component, [a, b], effects) in components {
        assert_eq!(effects.total(), b - a, "{component:?}");
    }
    for change in &variance.changes {
        assert_eq!(change.effects.total(), change.b.cost - change.a.cost, "{}", change.sku);
    }
    if variance.rates == Rates::DOLLARS {
        assert_eq!(variance.effects().of(Effect::Exchange), Usd::ZERO);
    }
    assert_eq!(reasons(variance).iter().map(|reason| reason.amount).sum::<Usd>(), difference);
}

fn every_example() -> &'static [(Scenario, Comparison)] {
    static CASES: OnceLock<Vec<(Scenario, Comparison)>> = OnceLock::new();
    CASES.get_or_init(|| {
        let case = |path: &std::path::PathBuf| {
            planned(&fs::read_to_string(path).expect("an example is a text file"))
        };
        examples("").iter().map(case).collect()
    })
}

/// Platforms of all kinds, in one region and several, with migrations, support plans and ranges of prices.
#[test]
fn parts_add_up_between_any_two_platforms_of_an_example() {
    let euro = |rate: &str| Finance {
        exchange: Some(Exchange {
            currency: model::finance::Currency::named("EUR").expect("a currency"),
            rate: rate.parse().expect("a literal"),
            ..Exchange::none()
        }),
        ..Finance::default()
    };
    let mut pairs = 0;
    for (scenario, comparison) in every_example() {
        for a in comparison.plans() {
            for b in comparison.plans() {
                let dollars =
                    variance((a, &scenario.finance), (b, &scenario.finance), &Rates::DOLLARS);
                adds_up(&dollars);
                let (old, new) = (euro("0.9217"), euro("0.95"));
                let euros = variance((a, &old), (b, &new), &Rates::of(&old, &new));
                adds_up(&euros);
                let slip = euros.total_b().as_f64() - b.bill.contracted_cost().as_f64() * 0.95;
                assert!(slip.abs() < 0.01, "{}", b.design.name);
                if a.design.name == b.design.name {
                    assert_eq!(steps(&dollars), []);
                    assert_eq!(dollars.total_a(), a.bill.contracted_cost());
                    assert!(reasons(&dollars).is_empty());
                    assert_eq!(steps(&euros), [Effect::Exchange]);
                }
                pairs += 1;
            }
        }
    }
    assert!(pairs > 200, "{pairs}");
}

#[test]
fn two_examples_add_up_whatever_they_are() {
    let cases: Vec<_> =
        every_example().iter().filter(|case| case.1.plans().next().is_some()).collect();
    for pair in cases.windows(2) {
        adds_up(&between(pair[0], pair[1]));
    }
}

#[test]
fn what_changes_is_what_the_difference_is_called() {
    let base = scenario(3, 40, 7, "");
    check(&base, &base, &[]);
    check(&base, &scenario(5, 40, 7, ""), &[Effect::Horizon]);
    check(&base, &scenario(3, 55, 9, ""), &[Effect::Volume]);
    check(&base, &base.replace("m7g.xlarge", "m6g.xlarge"), &[Effect::Mix]);
    check(
        &base,
        &scenario(3, 40, 7, "[lines]\nlabour = true\nlabour_rate = \"$90/h\""),
        &[Effect::Architecture],
    );
    let discount =
        scenario(3, 40, 7, "[prices.discount]\nnetwork = \"20 %\"\nobject-storage = \"3 %\"");
    check(&base, &discount, &[Effect::Price]);
    let dates = base.replace("2027-01-01", "2027-06-01");
    check(&base, &dates, &[]);
    let credit =
        "[[credit]]\nname = \"c\"\namount = \"$100/month\"\nmonth = 2\nsource = \"letter\"";
    check(&base, &scenario(3, 40, 7, credit), &[Effect::Credits]);
    let committed = "[[commitment]]\nname = \"base\"\nterm = \"1 year\"\npayment = \"none\"\n\
        discount = \"30 %\"\nsource = \"quote\"\nas_of = 2026-11-01";
    check(&base, &scenario(3, 40, 7, committed), &[Effect::Commitment]);
    check(&scenario(3, 40, 7, committed), &base, &[Effect::Commitment]);
    let euro = |rate: &str| {
        let exchange = format!(
            "[finance]\nexchange = \"{rate} EUR/USD\"\nexchange_source = \"bank\"\nexchange_as_of = 2026-11-01"
        );
        scenario(3, 40, 7, &exchange)
    };
    check(&euro("0.92"), &euro("0.95"), &[Effect::Exchange]);
    check(&base, &euro("0.95"), &[]);
}

#[track_caller]
fn check(a: &str, b: &str, expected: &[Effect]) {
    let found = differing(a, b);
    adds_up(&found);
    assert_eq!(steps(&found), expected, "{:#?}", reasons(&found));
}

/// 500 TB in S3 stand on the first step of its price, more on the second: cheaper storage because there is more is volume.
#[test]
fn a_step_that_is_reached_by_more_is_volume() {
    let found = differing(&scenario(1, 40, 30, ""), &scenario(1, 600, 30, ""));
    adds_up(&found);
    assert_eq!(steps(&found), [Effect::Volume]);
    let storage = found.changes.iter().find(|one| one.sku == "s3:standard:storage");
    let storage = storage.expect("tiered storage");
    let each = |side: &model::variance::Side| {
        side.contracted.as_f64() / f64::try_from(side.quantity).expect("a number")
    };
    assert!(each(&storage.b) < each(&storage.a), "the second step is cheaper");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..config() })]

    /// More or less of everything at other prices.
    #[test]
    fn parts_add_up(
        (months_a, months_b) in (1..4_u32, 1..4_u32),
        (produce_a, produce_b) in (1..900_u32, 1..900_u32),
        (days_a, days_b) in (1..90_u32, 1..90_u32),
        discount in 1..99_u32,
        machine in prop::sample::select(vec!["m7g.xlarge", "r7g.2xlarge", "auto"]),
        start in 0..24_u32,
    ) {
        let a = scenario(months_a, produce_a, days_a, "");
        let more = format!("[prices.discount]\nobject-storage = \"{discount} %\"\nnetwork = \"{discount}.5 %\"");
        let start: Date = "2027-01-01".parse::<Date>().ok().and_then(|day| day.month_after(start)).expect("a day");
        let b = scenario(months_b, produce_b, days_b, &more)
            .replace("m7g.xlarge", machine)
            .replace("2027-01-01", &start.to_string());
        let (a, b) = (planned(&a), planned(&b));
        if a.1.plans().next().is_some() && b.1.plans().next().is_some() {
            adds_up(&between(&a, &b));
            let (there, back) = (between(&a, &b), between(&b, &a));
            prop_assert_eq!(there.effects().total(), -back.effects().total());
        }
    }

    /// On a machine that stays, prices change no quantity and quantities change no price.
    #[test]
    fn one_cause_has_one_part(produce in 1..300_u32, times in 2..5_u32, days in 2..60_u32, discount in 1..99_u32) {
        let base = scenario(1, produce, days, "");
        let more = format!("[prices.discount]\nobject-storage = \"{discount} %\"\nnetwork = \"{discount} %\"");
        prop_assert_eq!(steps(&differing(&base, &scenario(1, produce, days, &more))), [Effect::Price]);
        prop_assert_eq!(steps(&differing(&base, &scenario(1, produce * times, days, ""))), [Effect::Volume]);
    }
}

fn files(texts: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in texts {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

fn said(arguments: &[&str], folder: &Path) -> String {
    let in_folder = |argument: &&str| match argument.strip_prefix('@') {
        Some(file) => folder.join(file).display().to_string(),
        None => (*argument).to_owned(),
    };
    let arguments: Vec<String> = arguments.iter().map(in_folder).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, out, err) = highwater(&arguments, "");
    let text = format!("{out}{err}exit code {code}\n");
    text.replace(&format!("{}/", folder.display()), "")
}

#[test]
fn differences_are_told() {
    let a = scenario(3, 40, 7, "");
    let more = "[prices.discount]\nnetwork = \"20 %\"\n[lines]\nlabour = true\nlabour_rate = \"$90/h\"\n\
        [finance]\nexchange = \"0.95 EUR/USD\"\nexchange_source = \"bank\"\nexchange_as_of = 2026-11-01";
    let b = scenario(4, 60, 7, more).replace("m7g.xlarge", "m6g.xlarge");
    let folder = files(&[("a.toml", &a), ("b.toml", &b)]);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(
            "diff-scenarios",
            said(&["diff", "@a.toml", "@b.toml"], folder.path())
        );
        insta::assert_snapshot!("diff-same", said(&["diff", "@a.toml", "@a.toml"], folder.path()));
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/iot-platform.toml");
        let text = fs::read_to_string(example).expect("an example");
        fs::write(folder.path().join("iot.toml"), text).expect("a file");
        let pair =
            ["diff", "@iot.toml", "--platform-a", "kafka-gp3", "--platform-b", "msk-express"];
        insta::assert_snapshot!("diff-platforms", said(&pair, folder.path()));
    });
}

/// What a spreadsheet adds up is the difference, and the document says the same.
#[test]
fn exports_add_up() {
    let folder = files(&[("a.toml", &scenario(2, 40, 7, "")), ("b.toml", &scenario(2, 90, 9, ""))]);
    let (a, b) = (folder.path().join("a.toml"), folder.path().join("b.toml"));
    let (a, b) = (a.display().to_string(), b.display().to_string());
    let (code, text, err) = highwater(&["diff", &a, &b, "--format", "csv"], "");
    assert_eq!(code, 0, "{err}");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().expect("a head").clone();
    let place = |name: &str| heads.iter().position(|head| head == name).expect("a column");
    let mut sums = vec![Usd::ZERO; heads.len()];
    for row in reader.records() {
        for (index, cell) in row.expect("a row").iter().enumerate().skip(place("cost_a")) {
            sums[index] += cell.parse().unwrap_or_default();
        }
    }
    let steps: Usd = Effect::ALL.iter().map(|effect| sums[place(effect.name())]).sum();
    assert_eq!(steps, sums[place("difference")]);
    assert_eq!(sums[place("cost_b")] - sums[place("cost_a")], steps);

    let (_, text, _) = highwater(&["diff", &a, &b, "--format", "json"], "");
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let usd = |value: &serde_json::Value| {
        value.as_str().expect("money is text").parse::<Usd>().expect("money")
    };
    let pair = &document["pairs"][0];
    assert_eq!(usd(&pair["difference"]), steps);
    let effects = pair["effects"].as_object().expect("an object");
    assert_eq!(effects.values().map(usd).sum::<Usd>(), steps);
    assert_eq!(document["order"].as_array().map(Vec::len), Some(Effect::ALL.len()));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let folder = files(&[("a.toml", &scenario(1, 40, 7, ""))]);
    for (arguments, words) in [
        (&["diff", "@a.toml"][..], "nothing to compare"),
        (&["diff", "-", "-"], "both scenarios are stdin"),
        (&["diff", "@a.toml", "@a.toml", "--platform", "kafka-gp4"], "kafka-tiered"),
        (&["diff", "@a.toml", "--catalog-b", "@none"], "none"),
        (&["diff", "@a.toml", "--platform-a", "kafka-tiered"], "--platform-b"),
    ] {
        let text = said(arguments, folder.path());
        assert!(text.contains(words) && text.ends_with("exit code 2\n"), "{arguments:?}\n{text}");
    }
}
