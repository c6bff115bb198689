//! Futures: what they come to against closed forms and counts by hand, and what people see.

use model::View;
use model::export::uncertainty as export;
use model::scenario::Draft;
use model::uncertainty::{Future, Futures, Market, Study, study};

use crate::examples::highwater;

/// One stream, whose bill is easy to follow.
fn small(changes: &str, stream: &str, platforms: &[&str]) -> String {
    let platforms: String =
        platforms.iter().map(|name| format!("[[platform]]\npreset = \"{name}\"\n")).collect();
    format!(
        "schema = 1\ntitle = \"t\"\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n{changes}\n[[stream]]\nname = \"s\"\nrecord = \"1 KiB\"\n{stream}\n{platforms}"
    )
}

struct Run {
    futures: Futures,
    drawn: Vec<Future>,
    study: Study,
}

/// So many futures of a scenario that must be right.
fn futures(text: &str, draws: u32, view: View) -> Futures {
    let draft = Draft::read(text, &crate::catalog().vocabulary()).expect("a scenario");
    Futures::new(crate::parse(text), draft, Some(draws), view)
}

/// All futures in a steady month, one after the other.
fn run(text: &str, draws: u32) -> Run {
    let mut futures = futures(text, draws, View::Steady(0));
    let look = |scenario: &model::Scenario| {
        crate::catalog().prices(scenario).map_err(|errors| format!("{errors:?}"))
    };
    let fixed = look(futures.middle()).expect("prices");
    let market = if futures.draw_prices() { Market::Looked(&look) } else { Market::Fixed(&fixed) };
    let standing = futures.standing(&market);
    let drawn: Vec<Future> =
        (0..futures.count()).map(|index| futures.run(index, &standing, &market)).collect();
    let study = study(&mut futures, &standing, &drawn, &market);
    Run { futures, drawn, study }
}

/// What a platform costs in a steady month of a scenario.
fn cost(text: &str) -> f64 {
    let scenario = crate::parse(text);
    let prices = crate::catalog().prices(&scenario).expect("the region is in the catalogue");
    let comparison = model::compare(&scenario, &prices, View::Steady(0));
    comparison.plans().next().expect("a plan").monthly_cost().as_f64()
}

/// A cost that falls with its only input has its percentiles where the input has the opposite ones: a closed form.
#[test]
fn percentiles_of_a_monotone_cost_are_those_of_its_input() {
    let stream = "produce = \"20 MiB/s\"\nretention = \"3 d\"\npartitions = 12";
    let with = |discount: &str| {
        small(&format!("[prices.discount]\nblock-storage = \"{discount}\""), stream, &["kafka-gp3"])
    };
    let found = &run(&with("5 % .. 15 % .. 40 %"), 256).study.candidates[0];
    assert!((found.middle_usd.expect("a plan") - cost(&with("15 %"))).abs() < 1e-9);
    for (percentile, discount) in found.monthly_usd.iter().zip(["40 %", "15 %", "5 %"]) {
        let known = cost(&with(discount));
        let value = percentile.value.expect("all are planned");
        // One stratum of 256 is the most that it can be off by.
        assert!((value / known - 1.0).abs() < 0.004, "{percentile:?} for {known}");
        let (low, high) = (percentile.low.expect("a bound"), percentile.high.expect("a bound"));
        assert!(low < known && known < high, "{percentile:?} for {known}");
    }
    // The only input explains everything, and its bar reaches from one percentile to the other.
    let bar = &found.tornado[0];
    // What is left differs within groups of neighbours.
    assert!(bar.share > 0.95, "{bar:?}");
    for (end, discount) in [(bar.low_usd, "5 %"), (bar.high_usd, "40 %")] {
        assert!((end.expect("a plan") - cost(&with(discount))).abs() < 1e-6, "{bar:?}");
    }
}

const UNCERTAIN: &str = "produce = \"10 MiB/s .. 20 MiB/s .. 60 MiB/s\"\nretention = \"1 d .. 3 d .. 10 d\"\n[[stream.reader]]\ngroup = \"g\"\n";

#[test]
fn a_future_depends_on_its_number_only() {
    let text = small("", UNCERTAIN, &["kafka-gp3", "automq-s3-wal"]);
    let Run { futures, drawn, .. } = run(&text, 48);
    let scenario = crate::parse(&text);
    let prices = crate::catalog().prices(&scenario).expect("prices");
    let market = Market::Fixed(&prices);
    let standing = futures.standing(&market);
    let mut one = futures.clone();
    let backwards: Vec<Future> =
        (0..48).rev().map(|index| one.run(index, &standing, &market)).collect();
    assert!(drawn.iter().eq(backwards.iter().rev()));
    // Another input moves none of what was drawn for this one.
    let more =
        small("[prices.discount]\ncompute = \"1 % .. 2 % .. 3 %\"", UNCERTAIN, &["kafka-gp3"]);
    let more = run(&more, 48).futures;
    let drawn_as = |futures: &Futures, path: &str| -> Vec<f64> {
        let input = futures.inputs().iter().position(|input| input.path == path).expect("an input");
        (0..48).map(|index| futures.drawn(input, index)).collect()
    };
    assert_eq!(drawn_as(&futures, "stream.s.produce"), drawn_as(&more, "stream.s.produce"));
}

/// Counted by hand from the table of draws: coverage, chances and regret.
#[test]
fn shares_are_counts_of_futures() {
    let slo = "[slo]\nbudget = \"$3000/month\"";
    let text = small(slo, UNCERTAIN, &["kafka-gp3", "kafka-tiered", "automq-s3-wal"]);
    let Run { futures, drawn, study } = run(&text, 128);
    let table = export::csv(&futures, &drawn);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let heads = reader.headers().expect("heads").clone();
    let column = |name: &str| heads.iter().position(|head| head == name).expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 128 * 3);
    let of = |platform: &str, name: &str| -> Vec<String> {
        let own = rows.iter().filter(|row| &row[column("platform")] == platform);
        own.map(|row| row[column(name)].to_owned()).collect()
    };
    let costs = |platform: &str| -> Vec<f64> {
        of(platform, "monthly_usd").iter().map(|cell| cell.parse().expect("dollars")).collect()
    };
    let names: Vec<&str> = study.candidates.iter().map(|one| one.platform.as_str()).collect();
    let least: Vec<f64> = (0..128)
        .map(|draw| names.iter().map(|name| costs(name)[draw]).fold(f64::INFINITY, f64::min))
        .collect();
    for candidate in &study.candidates {
        let (name, count) = (candidate.platform.as_str(), 128.0);
        let held = candidate.coverage.as_ref().expect("a fleet");
        let needs = of(name, "brokers_of_planned_machine");
        for step in &held.frontier {
            let enough = needs
                .iter()
                .filter(|need| need.parse::<u32>().is_ok_and(|need| need <= step.brokers));
            assert_eq!(step.share, enough.count() as f64 / count, "{name} {step:?}");
        }
        let rises = held.frontier.windows(2).all(|pair| {
            pair[0].share <= pair[1].share && pair[0].monthly_usd <= pair[1].monthly_usd
        });
        assert!(rises && held.frontier.last().is_some_and(|step| step.share == 1.0), "{held:?}");
        let planned =
            held.frontier.iter().find(|step| step.brokers == held.brokers).expect("its own");
        assert!(
            (planned.monthly_usd.expect("a cost") - candidate.middle_usd.expect("a plan")).abs()
                < 0.01
        );

        let over = costs(name).iter().filter(|cost| **cost > 3000.0).count();
        let told = candidate.chances.iter().find(|chance| chance.matter.name() == "budget");
        assert_eq!(told.map_or(0.0, |chance| chance.share), over as f64 / count, "{name}");

        let regret = candidate.regret.expect("complete bills");
        let own: Vec<f64> =
            costs(name).iter().zip(&least).map(|(cost, least)| cost - least).collect();
        assert!((regret.expected_usd - own.iter().sum::<f64>() / count).abs() < 0.01, "{name}");
        assert!(
            (regret.worst_usd - own.iter().copied().fold(0.0, f64::max)).abs() < 0.011,
            "{name}"
        );
        let best = own.iter().filter(|regret| **regret == 0.0).count();
        assert!((regret.best - best as f64 / count).abs() < 1e-12, "{name}");
    }
    for pair in &study.pairs {
        let both = || costs(&pair.one).into_iter().zip(costs(&pair.other));
        let cheaper = both().filter(|(one, other)| one < other).count();
        assert!((pair.one_cheaper - cheaper as f64 / 128.0).abs() < 1e-12, "{pair:?}");
        assert!(pair.one_cheaper + pair.other_cheaper <= 1.0);
    }
}

/// What cannot be planned, and what contradicts itself, is counted and said.
#[test]
fn futures_without_a_plan_are_not_dropped() {
    let reader = "[[stream.reader]]\ngroup = \"r\"\nkind = \"replay\"\nwindow = \"2 d\"\nevery = \"30 d\"\nwithin = \"8 h\"\n";
    let stream = UNCERTAIN.replace("[[stream.reader]]\ngroup = \"g\"\n", reader);
    let mut text = small("", &stream, &["kafka-gp3", "automq-s3-wal"]);
    text = text.replace(
        "preset = \"kafka-gp3\"",
        "preset = \"kafka-gp3\"\nbroker = \"m7g.large\"\nbrokers_max = 12",
    );
    let Run { drawn, study, .. } = run(&text, 128);
    let contradictory = drawn.iter().filter(|future| future.outcomes.is_err()).count();
    assert!(contradictory > 0 && contradictory < 64, "{contradictory}");
    let counted = |list: &[model::uncertainty::Refusal]| -> usize {
        list.iter().map(|one| one.futures).sum()
    };
    assert_eq!(counted(&study.contradictory), contradictory);
    let [kafka, other] = &study.candidates[..] else { panic!("two platforms") };
    let refused = drawn.iter().filter_map(|future| future.outcomes.as_ref().ok());
    let refused = refused.filter(|outcomes| outcomes[0].is_err()).count();
    assert!(refused > 20, "{refused}");
    assert_eq!(counted(&kafka.refused), refused);
    assert_eq!(kafka.regret.expect("a bill").without, refused);
    // Dearer than every other future, so the upper percentile is none, and the lower one is.
    assert!(kafka.monthly_usd[0].value.is_some() && kafka.monthly_usd[2].value.is_none());
    assert_eq!((counted(&other.refused), other.regret.expect("a bill").without), (0, 0));
    assert_eq!(
        export::least_regret(&study).map(|best| best.platform.as_str()),
        Some("automq-s3-wal")
    );
    let said = export::sentences(&study).join("\n");
    assert!(
        said.contains(&format!(
            "kafka-gp3 cannot be planned in {refused} of {} futures: ",
            128 - contradictory
        )),
        "{said}"
    );
    assert!(
        said.contains(&format!("{contradictory} futures contradict the scenario's own rules")),
        "{said}"
    );
    let json: serde_json::Value = serde_json::from_str(&export::json(&study)).expect("JSON");
    assert_eq!(json["candidates"][0]["monthly_usd"][2]["value"], serde_json::Value::Null);
}

/// What goes together is drawn together: the ranks of two correlated rates.
#[test]
fn correlated_inputs_move_the_tail_of_cost() {
    let second = "[[stream]]\nname = \"t\"\nproduce = \"10 MiB/s .. 20 MiB/s .. 60 MiB/s\"\nretention = \"3 d\"\n";
    let stream =
        format!("produce = \"10 MiB/s .. 20 MiB/s .. 60 MiB/s\"\nretention = \"3 d\"\n{second}");
    let of = |rank: &str| {
        let pair = format!(
            "[[uncertainty.correlation]]\nname = \"both\"\nbetween = [\"stream.s.produce\", \"stream.t.produce\"]\nrank = {rank}\n"
        );
        let text = small("", &stream, &["kafka-gp3"]) + &pair;
        let found = run(&text, 128).study.candidates[0].monthly_usd;
        found[2].value.expect("a plan") - found[0].value.expect("a plan")
    };
    let (against, free, together) = (of("-0.9"), of("0"), of("0.9"));
    assert!(against < free && free < together, "{against} {free} {together}");
}

#[test]
fn people_see_the_choice_of_least_regret_and_what_it_hangs_on() {
    let text = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/uncertain-rollout.toml"),
    )
    .expect("an example");
    let said = |arguments: &[&str]| {
        let (code, out, err) = highwater(
            &[&["uncertainty", "-", "--steady", "--draws", "128"], arguments].concat(),
            &text,
        );
        format!("{out}{err}exit code {code}\n")
    };
    insta::assert_snapshot!("uncertainty", said(&[]));
    insta::assert_snapshot!("uncertainty-of-one", said(&["--platform", "kafka-tiered"]));
    let (code, csv, _) =
        highwater(&["uncertainty", "-", "--steady", "--draws", "32", "--format", "csv"], &text);
    assert_eq!((code, csv.lines().count()), (0, 1 + 32 * 4));
    insta::assert_snapshot!("uncertainty-csv", csv.lines().take(5).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_scenario_without_intervals_is_told_how_to_have_one() {
    let text = small("", "produce = \"1 MiB/s\"\nretention = \"1 d\"", &["kafka-gp3"]);
    let (code, out, err) = highwater(&["uncertainty", "-"], &text);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!("uncertainty-without-intervals", err);
    let set = [
        "uncertainty",
        "-",
        "--steady",
        "--draws",
        "32",
        "--set",
        "stream.s.retention=1 d .. 2 d .. 9 d",
    ];
    assert_eq!(highwater(&set, &text).0, 0);
    let wrong = ["uncertainty", "-", "--set", "stream.s.retention=9 d .. 2 d .. 1 d"];
    let (code, _, err) = highwater(&wrong, &text);
    assert_eq!(code, 2);
    insta::assert_snapshot!("uncertainty-of-a-falling-interval", err);
}

/// Futures take the short way: what they say of the middle is what plans say, for every example.
#[test]
fn a_future_costs_what_its_plan_costs() {
    for path in crate::examples::examples("") {
        let text = std::fs::read_to_string(&path).expect("an example");
        // A certain scenario has one future: itself.
        let certain = crate::parse(&text).uncertainty.inputs.is_empty();
        for view in [View::Horizon, View::Steady(0)] {
            let mut futures = futures(&text, 32, view);
            let prices = crate::catalog().prices(futures.middle()).expect("prices");
            let market = Market::Fixed(&prices);
            let standing = futures.standing(&market);
            let future = if certain {
                futures.run(0, &standing, &market)
            } else {
                futures.corner(0, 0.5, &market)
            };
            for (plan, outcome) in standing.iter().zip(future.outcomes.expect("no contradiction")) {
                let place = path.display();
                let (Ok(plan), Ok(outcome)) = (plan, &outcome) else {
                    let large_enough =
                        |plan: &model::Plan| plan.each().all(|part| !part.fleet.short);
                    assert_eq!(plan.as_ref().is_ok_and(large_enough), outcome.is_ok(), "{place}");
                    continue;
                };
                let name = &plan.design.name;
                let exact = plan.monthly_cost().as_f64();
                assert!(
                    (outcome.monthly() / exact - 1.0).abs() < 1e-6,
                    "{place} {name}: {} {exact}",
                    outcome.monthly()
                );
                assert_eq!(
                    (outcome.brokers, outcome.complete),
                    (plan.fleet.brokers, plan.is_complete()),
                    "{place} {name}"
                );
                assert_eq!(outcome.machine, plan.machine, "{place} {name}");
                if certain && plan.parts.is_empty() {
                    // The fleet of the middle is what the middle needs.
                    assert_eq!(outcome.needed, Some(plan.fleet.brokers), "{place} {name}");
                }
                if view == View::Horizon {
                    let told: std::collections::BTreeSet<_> = model::objectives::incidents(plan)
                        .map(|incident| incident.matter)
                        .collect();
                    assert_eq!(
                        outcome.broken,
                        told.into_iter().collect::<Vec<_>>(),
                        "{place} {name}"
                    );
                }
            }
        }
    }
}

/// A fleet that the scenario fixes is no plan for a future that it is too small for.
#[test]
fn a_fixed_fleet_does_not_win_futures_that_are_too_much_for_it() {
    let text = small("", UNCERTAIN, &["kafka-gp3", "automq-s3-wal"]);
    let fixed = text.replace(
        "preset = \"kafka-gp3\"",
        "preset = \"kafka-gp3\"\nbroker = \"m7g.large\"\nbrokers = 9",
    );
    let Run { drawn, study, .. } = run(&fixed, 64);
    let outcomes = || drawn.iter().filter_map(|future| future.outcomes.as_ref().ok());
    let short = outcomes().filter_map(|outcomes| outcomes[0].as_ref().err()).count();
    assert!(short > 5 && short < 60, "{short}");
    let kafka = &study.candidates[0];
    assert!(
        kafka.refused[0].reason.starts_with("9 brokers are fewer than "),
        "{:?}",
        kafka.refused
    );
    assert_eq!(kafka.regret.expect("a bill").without, short);
    // What it holds in is what it is planned in.
    let held = kafka.coverage.as_ref().expect("a fleet");
    assert_eq!(held.share, (64 - short) as f64 / 64.0);
}
