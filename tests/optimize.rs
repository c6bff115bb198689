//! The optimizer against what must be true of it: never dearer than the rules, as cheap as trying everything, planned by
//! anyone who reads its answer, and plain about what cannot be.

use model::design::Design;
use model::horizon::View;
use model::optimize::builds::{Build, Builds, Busy, Season, Term, Volume};
use model::optimize::enumerate;
use model::optimize::lp::{Kind, Program, Sense};
use model::optimize::program::{Limits, formulate};
use model::optimize::solve::{Unsolved, solve};
use model::optimize::{Answer, Asked, Infeasible, Status, optimize};
use model::presets::{PRESETS, preset};
use model::prices::{Commitment, Price, PriceGroup, PriceId, PriceList, PriceUnit, Prices};
use model::{Scenario, parts, scenario};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::examples::highwater;
use crate::{catalog, parse};

/// A small fleet through two months that grow, with a day and a night, in a region that has commitments.
fn text(region: &str, more: &str, platforms: &str) -> String {
    format!(
        "schema = 1\ntitle = \"optimize\"\n[horizon]\nstart = 2027-01-01\nmonths = 2\n[prices]\n{region}\n\
         [[stream]]\nname = \"s\"\nproduce = \"60 MiB/s\"\nrecord = \"1 kB\"\nshape = \"regional-diurnal\"\n\
         growth = \"10 %/month\"\nretention = \"2 d\"\npartitions = 96\n\
         [[stream.reader]]\ngroup = \"live\"\nlag_budget = \"5 min\"\n{more}\n{platforms}"
    )
}

const US: &str = "provider = \"aws\"\nregion = \"us-east-1\"";

fn platform(preset: &str, settings: &str) -> String {
    format!("[[platform]]\npreset = \"{preset}\"\n{settings}\n")
}

/// Every so many machine of each pool, and always the first: enough to choose from, and quick.
fn thinned(mut list: PriceList, every: usize) -> PriceList {
    let mut index = 0;
    let mut pool = String::new();
    list.machines.retain(|machine| {
        let first = machine.pool != pool;
        pool.clone_from(&machine.pool);
        index = if first { 0 } else { index + 1 };
        index % every == 0 || !machine.role.is_empty()
    });
    list
}

fn market(scenario: &Scenario, every: usize) -> Prices {
    thinned(catalog().price_list(&scenario.prices).expect("a region of the catalogue"), every)
        .into()
}

fn found(
    scenario: &Scenario,
    design: &Design,
    prices: &Prices,
    asked: Asked,
) -> Result<Answer, Box<Infeasible>> {
    optimize(design, scenario, prices, asked, &mut || false)
}

#[track_caller]
fn answer(text: &str) -> (Scenario, Answer) {
    answer_of(text, 7)
}

#[track_caller]
fn answer_of(text: &str, every: usize) -> (Scenario, Answer) {
    let scenario = parse(text);
    let prices = market(&scenario, every);
    let answer = found(&scenario, &scenario.platforms[0], &prices, Asked::default());
    let answer = answer.unwrap_or_else(|none| panic!("{:?}", none.rejection.reasons));
    (scenario, answer)
}

/// Every preset, wherever it is sold.
#[test]
fn no_preset_is_dearer_than_by_its_rules() {
    let mut better = 0;
    for preset in PRESETS {
        let list = crate::home(preset);
        let prices: Prices = thinned(list.clone(), 40).into();
        let place = format!("provider = \"{}\"\nregion = \"{}\"", list.provider, list.region);
        let scenario = parse(&text(&place, "", &platform(preset.name, "")));
        let Ok(answer) = found(&scenario, &scenario.platforms[0], &prices, Asked::default()) else {
            continue;
        };
        let (rules, plan) =
            (answer.rules.bill.contracted_cost(), answer.plan.bill.contracted_cost());
        assert!(plan <= rules, "{} in {place}: {plan} instead of {rules}", preset.name);
        assert!(answer.plan.bill.gaps.len() <= answer.rules.bill.gaps.len(), "{}", preset.name);
        better += usize::from(plan < rules);
    }
    assert!(better > 3, "{better} presets are cheaper: there is nothing to choose");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: RngSeed::Fixed(61), ..ProptestConfig::default() })]

    /// Any workload, any preset: the rules' plan is where the search begins, and what it holds is held.
    #[test]
    fn no_plan_is_dearer_than_by_its_rules(
        workload in crate::properties::workloads(),
        chosen in 0..PRESETS.len(),
        freshness in prop::option::of(0.2..60.0_f64),
        budget in prop::option::of(100..100_000_u32),
    ) {
        let preset = &PRESETS[chosen];
        let list = crate::home(preset);
        let prices: Prices = thinned(list.clone(), 60).into();
        let place = format!("provider = \"{}\"\nregion = \"{}\"", list.provider, list.region);
        let mut slo = "[slo]\n".to_owned();
        if let Some(seconds) = freshness {
            slo += &format!("freshness = \"{:.0} ms\"\n", seconds * 1000.0);
        }
        if let Some(dollars) = budget {
            slo += &format!("budget = \"${dollars}/month\"\n");
        }
        let mut scenario = parse(&text(&place, &slo, &platform(preset.name, "")));
        scenario.workload = workload;
        let Ok(answer) = found(&scenario, &scenario.platforms[0], &prices, Asked::default()) else {
            return Ok(());
        };
        let (rules, plan) = (&answer.rules, &answer.plan);
        prop_assert!(plan.bill.contracted_cost() <= rules.bill.contracted_cost());
        prop_assert!(plan.bill.gaps.len() <= rules.bill.gaps.len());
        let broken = |plan: &model::Plan| -> Vec<_> {
            let run = plan.simulation.as_ref().expect("a run");
            let mut list: Vec<_> =
                run.incidents.iter().map(|one| (one.matter, one.subject.clone())).collect();
            list.sort_by_key(|(matter, subject)| (matter.name(), subject.clone()));
            list.dedup();
            list
        };
        let before = broken(rules);
        prop_assert!(broken(plan).iter().all(|one| before.contains(one)), "{:?}", broken(plan));
    }
}

/// What a few builds need and cost.
fn few() -> impl Strategy<Value = (Builds, Limits, PriceList)> {
    let term = (0.2..1.2_f64).prop_map(|share| share);
    let busy = prop::collection::vec((1..5_u32, prop::collection::vec(1.0..400.0_f64, 2)), 1..4);
    let build = (
        busy,
        0.05..2.0_f64,
        prop::collection::vec(term, 0..3),
        prop::collection::vec(10.0..500.0_f64, 2),
        prop::option::of(prop::collection::vec(10.0..900.0_f64, 2)),
        0.1..2.0_f64,
        0.0..200.0_f64,
    );
    let limits = (prop::option::of(0.3..2.0_f64), prop::option::of(200.0..1500.0_f64));
    (prop::collection::vec(build, 1..6), limits).prop_map(|(list, (latency, budget))| {
        let design = Design::of(preset("kafka-gp3").expect("a preset"));
        let price = |sku: &str, unit| {
            Price::new(
                sku,
                unit,
                PriceGroup::Compute,
                &[(0.into(), "1".parse().expect("a price"))],
                "",
                "",
                "",
            )
        };
        let mut prices = PriceList {
            prices: vec![price("machine", PriceUnit::Hour), price("volume", PriceUnit::GibMonth)],
            ..PriceList::default()
        };
        for (index, years) in [1, 1, 3].into_iter().enumerate() {
            prices.commitments.push(Commitment {
                on_demand: PriceId(0),
                name: format!("term_{index}"),
                years,
                ahead: false,
                price: PriceId(0),
            });
        }
        let kept = list.into_iter().enumerate().map(
            |(index, (busy, rent, terms, rest, volume, latency, moved))| {
                let mut sorted: Vec<Busy> = Vec::new();
                for (brokers, hours) in busy {
                    match sorted.iter_mut().find(|known| known.brokers == brokers) {
                        Some(known) => {
                            known.hours.iter_mut().zip(hours).for_each(|(one, more)| *one += more)
                        }
                        None => sorted.push(Busy { brokers, hours }),
                    }
                }
                sorted.sort_by_key(|busy| busy.brokers);
                let terms = terms.iter().enumerate();
                let terms = terms
                    .map(|(commitment, share)| Term { commitment, rate: rent * share })
                    .collect();
                let volumes = volume.map(|units| Volume { price: PriceId(1), rate: 0.08, units });
                Build {
                    design: design.clone(),
                    settings: Vec::new(),
                    machine: 0,
                    machine_name: format!("m{index}"),
                    busy: sorted,
                    rent,
                    terms,
                    volumes: volumes.into_iter().collect(),
                    moved: (vec![0.0, moved], 0.02),
                    requests: vec![0.0; rest.len()],
                    rest,
                    latency,
                }
            },
        );
        let kept = kept.collect();
        let seasons = [(0, 1.0), (1, 2.0)]
            .map(|(first, months)| Season { first, months, hours: 730.0 * months })
            .to_vec();
        (Builds::of(seasons, kept), Limits { latency, budget }, prices)
    })
}

/// By trying every number of brokers for every term of every build, and nothing that the optimizer knows.
fn brute(builds: &Builds, limits: &Limits) -> Option<f64> {
    let mut best: Option<f64> = None;
    let months: f64 = builds.seasons.iter().map(|season| season.months).sum();
    for build in
        builds.kept.iter().filter(|build| limits.latency.is_none_or(|most| build.latency <= most))
    {
        let most = build.busy.iter().map(|busy| busy.brokers).max().unwrap_or(0);
        let mut counts = vec![0_u32; build.terms.len()];
        'counts: loop {
            let committed: u32 = counts.iter().sum();
            let monthly = builds.seasons.iter().enumerate().map(|(index, season)| {
                let mut dollars =
                    build.rest[index] + build.moved.0[index] * build.moved.1 / season.months;
                for volume in &build.volumes {
                    dollars += volume.rate * volume.units[index];
                }
                for busy in &build.busy {
                    let rented = busy.brokers.saturating_sub(committed);
                    dollars += f64::from(rented) * busy.hours[index] * build.rent / season.months;
                }
                for (term, count) in build.terms.iter().zip(&counts) {
                    dollars += term.rate * f64::from(*count) * season.hours / season.months;
                }
                dollars
            });
            let monthly: Vec<f64> = monthly.collect();
            if limits.budget.is_none_or(|budget| monthly.iter().all(|dollars| *dollars <= budget)) {
                let dollars = monthly.iter().zip(&builds.seasons);
                let cost =
                    dollars.map(|(dollars, season)| dollars * season.months).sum::<f64>() / months;
                best = Some(best.map_or(cost, |best: f64| best.min(cost)));
            }
            for count in &mut counts {
                *count += 1;
                if *count <= most {
                    continue 'counts;
                }
                *count = 0;
            }
            break;
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, rng_seed: RngSeed::Fixed(6), ..ProptestConfig::default() })]

    #[test]
    fn a_program_is_as_cheap_as_trying_everything((builds, limits, prices) in few()) {
        let (program, columns) = formulate(&builds, &limits, &prices);
        let tried = brute(&builds, &limits);
        match solve(&program, &[], 20.0) {
            Ok(solved) => {
                let best = tried.expect("there is an answer");
                prop_assert!(solved.proven);
                prop_assert!((solved.cost - best).abs() <= 1e-6 * best, "{} instead of {best}", solved.cost);
                prop_assert_eq!(columns.chosen.iter().filter(|column| solved.values[**column] > 0.5).count(), 1);
            }
            Err(Unsolved::Infeasible) => prop_assert_eq!(tried, None),
            Err(other) => prop_assert!(false, "{:?}", other),
        }
        // What stands in for a solver that fails is never cheaper than what there is, and as cheap where no budget cuts.
        let stand_in = enumerate::cheapest(&builds, &limits, &[]).map(|choice| choice.cost);
        match (stand_in, tried) {
            (Some(found), Some(best)) => {
                prop_assert!(found >= best * (1.0 - 1e-9));
                prop_assert!(limits.budget.is_some() || found <= best * (1.0 + 1e-9));
            }
            (Some(found), None) => prop_assert!(false, "{found} is not there"),
            (None, _) => {}
        }
    }
}

#[cfg(feature = "cbc")]
proptest! {
    #![proptest_config(ProptestConfig { cases: 256, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    /// Two solvers that share no code come to the same cost, or both to none.
    #[test]
    fn another_solver_says_the_same((builds, limits, prices) in few()) {
        use model::optimize::solve::second_opinion;
        let (program, _) = formulate(&builds, &limits, &prices);
        match (solve(&program, &[], 20.0), second_opinion(&program)) {
            (Ok(ours), Ok(theirs)) => {
                prop_assert!((ours.cost - theirs.cost).abs() <= 1e-6 * theirs.cost, "{} and {}", ours.cost, theirs.cost);
            }
            (ours, theirs) => prop_assert_eq!(ours, theirs),
        }
    }
}

/// Whoever puts the settings into the scenario gets the plan, to the cent.
#[test]
fn the_settings_that_are_told_give_the_plan() {
    let mut changed = 0;
    for name in ["kafka-gp3", "kafka-tiered", "automq-s3-wal", "automq-ebs-wal", "leaderless"] {
        let place = "provider = \"aws\"\nregion = \"eu-central-1\"";
        let text = text(place, "", &platform(name, ""));
        let (scenario, answer) = answer(&text);
        assert!(answer.parts[0].commitments.is_empty(), "{name}");
        let mut told = text;
        for (key, value) in &answer.parts[0].settings {
            told =
                scenario::set(&told, &format!("platform.{name}.{key}"), value).expect("a setting");
            changed += 1;
        }
        let told = parse(&told);
        let plan = parts::plan(
            &told.platforms[0],
            &told,
            &market(&scenario, 7),
            View::Horizon,
            Default::default(),
        );
        let plan = plan.expect("a plan");
        assert_eq!(plan.bill.contracted_cost(), answer.plan.bill.contracted_cost(), "{name}");
        let saved: model::money::Usd =
            answer.parts[0].savings.iter().map(|saving| saving.saved).sum();
        assert_eq!(saved, answer.saved(), "{name}: {:?}", answer.parts[0].savings);
    }
    assert!(changed > 3, "nothing was chosen");
}

/// The same with what is committed to: the scenario that is told costs what the answer does, to the cent.
#[test]
fn the_commitments_that_are_told_give_the_plan() {
    let text = text(US, "", &platform("kafka-gp3", "broker = \"m7g.large\"\nfleet = \"fixed\""));
    let mut told =
        text.replace("months = 2", "months = 12").replace("growth = \"10 %/month\"\n", "");
    let scenario = parse(&told);
    let prices = market(&scenario, 1);
    let answer =
        found(&scenario, &scenario.platforms[0], &prices, Asked::default()).expect("an answer");
    let part = &answer.parts[0];
    assert!(!part.commitments.is_empty());
    for bound in &part.commitments {
        let values = bound.section("kafka-gp3");
        let values: Vec<(&str, &str)> =
            values.iter().map(|(key, value)| (*key, &**value)).collect();
        told = scenario::add(&told, "commitment", &values).expect("a section");
    }
    for (key, value) in &part.settings {
        told =
            scenario::set(&told, &format!("platform.kafka-gp3.{key}"), value).expect("a setting");
    }
    let told = parse(&told);
    let plan = parts::plan(&told.platforms[0], &told, &prices, View::Horizon, Default::default());
    let plan = plan.expect("a plan");
    assert_eq!(plan.contracts.len(), part.commitments.len());
    assert_eq!(plan.bill.contracted_cost(), answer.plan.bill.contracted_cost());
}

/// A year of a fleet that never changes: a year's commitment pays for all of it, and stands on the bill by name.
#[test]
fn commitments_stand_on_the_bill() {
    let text = text(US, "", &platform("kafka-gp3", "broker = \"m7g.large\"\nfleet = \"fixed\""));
    let text = text.replace("months = 2", "months = 12").replace("growth = \"10 %/month\"\n", "");
    let scenario = parse(&text);
    let prices = market(&scenario, 1);
    let of = |asked| found(&scenario, &scenario.platforms[0], &prices, asked).expect("an answer");
    let answer = of(Asked::default());
    let bound = &answer.parts[0].commitments;
    assert!(
        matches!(&bound[..], [only] if only.years == 1 && only.brokers == answer.rules.fleet.brokers),
        "{bound:?}"
    );
    let lines = answer
        .plan
        .bill
        .lines
        .iter()
        .filter(|line| line.component == model::bill::Component::Brokers);
    let skus: Vec<_> = lines.map(|line| line.sku.as_str()).collect();
    assert!(skus.iter().all(|sku| *sku == "ec2:m7g.large (ri_1y_all_upfront)"), "{skus:?}");
    let hours = |plan: &model::Plan| {
        let lines = plan.bill.lines.iter();
        let lines = lines.filter(|line| line.component == model::bill::Component::Brokers);
        lines.map(|line| line.quantity).sum::<rust_decimal::Decimal>()
    };
    assert_eq!(hours(&answer.plan), hours(&answer.rules));
    assert!(answer.saved() > model::money::Usd::ZERO);

    // Three years are offered to whoever asks, are cheaper, and reach beyond what was planned.
    let longer = of(Asked { all_terms: true, ..Asked::default() });
    assert_eq!(longer.parts[0].commitments[0].years, 3);
    assert!(longer.saved() > answer.saved());
    assert!(
        longer.notes.iter().any(|note| note.contains("24 months beyond")),
        "{:?}",
        longer.notes
    );
    assert!(answer.notes.iter().any(|note| note.contains("not offered")), "{:?}", answer.notes);
}

/// A fleet that follows the day is committed to what it has at night, and what the day adds is on demand.
#[test]
fn what_a_day_adds_is_on_demand() {
    let text =
        text(US, "", &platform("automq-s3-wal", "fleet = \"follow\"\nbroker = \"m7g.large\""));
    let text = text.replace("months = 2", "months = 12").replace("growth = \"10 %/month\"\n", "");
    let (scenario, answer) = answer_of(&text, 1);
    let part = &answer.parts[0];
    let bound = &part.commitments[0];
    let lines = |plan: &model::Plan, committed: bool| -> f64 {
        let lines = plan.bill.lines.iter();
        let brokers = lines.filter(|line| line.component == model::bill::Component::Brokers);
        let of_kind = brokers.filter(|line| line.sku.contains("(ri_") == committed);
        let hours = of_kind.map(|line| line.quantity).sum::<rust_decimal::Decimal>();
        hours.to_string().parse().expect("a number")
    };
    let (committed, on_demand) = (lines(&answer.plan, true), lines(&answer.plan, false));
    let run = lines(&answer.rules, false);
    let whole = f64::from(bound.brokers) * scenario.horizon.end().as_hours();
    assert!((committed - whole).abs() < 1e-3, "{committed} of {whole}");
    assert!(on_demand > 0.0 && on_demand < run, "{on_demand} of {run}");
    assert!(committed + on_demand >= run, "{committed} and {on_demand} of {run}");
    // What the program counts is what the bill says, but for hours in which brokers start.
    let counted = part.estimate.expect("a build of the rules");
    let saved = answer.saved().as_f64();
    assert!((counted / saved - 1.0).abs() < 0.1, "{counted} and {saved}");
}

/// Nobody who sets a value finds it changed, and nothing answers later than the scenario allows.
#[test]
fn what_the_scenario_says_stays() {
    let own = "flush_interval = \"200 ms\"\nflush_size = \"4 MiB\"\nfleet = \"monthly\"\nbroker = \"c6gn.xlarge\"";
    let text_of_own = text(US, "", &platform("automq-s3-wal", own));
    let (_, fixed) = answer_of(&text_of_own.replace("us-east-1", "eu-central-1"), 1);
    assert_eq!(fixed.saved(), model::money::Usd::ZERO);
    assert!(fixed.parts[0].settings.is_empty());

    let of = |slo: &str| answer(&text(US, slo, &platform("automq-s3-wal", ""))).1;
    let p99 = |answer: &Answer| answer.plan.latency.expect("a latency").p99;
    // Nobody asked to wait longer: it does not get slower.
    let same = of("");
    assert!(p99(&same) <= same.rules.latency.expect("a latency").p99);
    let patient = of("[slo]\nfreshness = \"1 min\"");
    assert!(p99(&patient) > p99(&same) && patient.saved() > same.saved());
}

#[test]
fn what_conflicts_is_told() {
    let of = |platforms: &str, slo: &str| {
        let scenario = parse(&text(US, slo, platforms));
        let prices = market(&scenario, 7);
        found(&scenario, &scenario.platforms[0], &prices, Asked::default())
    };
    let none = of(&platform("kafka-gp3", "brokers_max = 3\nbroker = \"m7g.large\""), "")
        .expect_err("no plan");
    assert_eq!(none.conflicts.len(), 1);
    assert_eq!(
        none.conflicts[0].1,
        ["`brokers_max` = 3", "`storage_per_broker_max` = 16384 GiB", "`disk_utilization` = 60 %"]
    );
    let none = of(&platform("kafka-gp3", "retention_max = \"1 d\""), "").expect_err("no plan");
    assert_eq!(none.conflicts[0].1, ["`retention_max` = 24 h"]);

    // A plan there is, but not for the money.
    let dear = of(&platform("kafka-gp3", ""), "[slo]\nbudget = \"$10/month\"").expect("a plan");
    assert_eq!(dear.parts[0].unmet, [["the budget of $10.00 a month"]]);
    let late = of(&platform("automq-s3-wal", ""), "[slo]\nfreshness = \"10 ms\"").expect("a plan");
    assert_eq!(late.parts[0].unmet, [["the freshness of 10 ms"]]);
}

/// Time that has run out leaves the rules' plan, and says so.
#[test]
fn time_that_runs_out_leaves_the_best_so_far() {
    let scenario = parse(&text(US, "", &platform("automq-s3-wal", "")));
    let prices = market(&scenario, 7);
    let design = &scenario.platforms[0];
    let mut asked = 0;
    let answer = optimize(design, &scenario, &prices, Asked::default(), &mut || {
        asked += 1;
        true
    });
    let answer = answer.expect("a plan");
    assert!(asked > 0 && matches!(answer.parts[0].status, Status::Stopped(_)));
    assert_eq!(answer.plan.bill, answer.rules.bill);
    // The same question twice has the same answer.
    let once = found(&scenario, design, &prices, Asked::default()).expect("a plan");
    let twice = found(&scenario, design, &prices, Asked::default()).expect("a plan");
    assert_eq!(
        (once.parts[0].lp.as_str(), once.plan.bill),
        (twice.parts[0].lp.as_str(), twice.plan.bill)
    );
}

/// A program from its text, by the format's rules and nothing that wrote it.
fn read(text: &str) -> Program {
    let mut program = Program::default();
    let mut section = "";
    let mut row = String::new();
    let lines = text.lines().filter(|line| !line.starts_with('\\') && !line.trim().is_empty());
    let mut statements: Vec<(&str, String)> = Vec::new();
    for line in lines {
        match line {
            "Minimize" | "Subject To" | "Binary" | "General" | "End" => {
                if !row.is_empty() {
                    statements.push((section, std::mem::take(&mut row)));
                }
                section = line;
            }
            // A name and a colon begin a statement.
            _ if line.contains(':') && !row.is_empty() => {
                statements.push((section, std::mem::replace(&mut row, line.to_owned())));
            }
            _ => row += &format!(" {line}"),
        }
    }
    let place = |program: &mut Program, name: &str| {
        let known = program.columns.iter().position(|column| column.name == name);
        known.unwrap_or_else(|| program.column(name.to_owned(), Kind::Amount, 0.0))
    };
    let sum = |program: &mut Program, words: &[&str]| -> Vec<(usize, f64)> {
        let (mut sign, mut factor, mut list) = (1.0, 1.0, Vec::new());
        for word in words {
            match *word {
                "+" => sign = 1.0,
                "-" => sign = -1.0,
                word => match word.parse::<f64>() {
                    Ok(value) => factor = value,
                    Err(_) => {
                        list.push((place(program, word), sign * factor));
                        (sign, factor) = (1.0, 1.0);
                    }
                },
            }
        }
        list
    };
    for (section, statement) in statements {
        let (name, rest) = statement.split_once(':').unwrap_or(("", &statement));
        let words: Vec<&str> = rest.split_whitespace().collect();
        match section {
            "Minimize" => {
                for (column, cost) in sum(&mut program, &words) {
                    program.columns[column].cost = cost;
                }
            }
            "Subject To" => {
                let [left @ .., sense, limit] = &words[..] else { panic!("{statement}") };
                let sense = match *sense {
                    "<=" => Sense::AtMost,
                    ">=" => Sense::AtLeast,
                    _ => Sense::Equal,
                };
                let terms = sum(&mut program, left);
                let limit = limit.parse().expect("a number");
                program.row(name.trim().to_owned(), "", terms, sense, limit);
            }
            kind => {
                for word in words {
                    let column = place(&mut program, word);
                    program.columns[column].kind =
                        if kind == "Binary" { Kind::Choice } else { Kind::Count };
                }
            }
        }
    }
    program
}

/// What is written is what was solved.
#[test]
fn a_program_as_text_has_the_same_answer() {
    for name in ["kafka-gp3", "kafka-tiered", "automq-s3-wal"] {
        let scenario = parse(&text(US, "[slo]\nbudget = \"$40000/month\"", &platform(name, "")));
        let prices = market(&scenario, 60);
        let asked = Asked { all_terms: true, ..Asked::default() };
        let answer = found(&scenario, &scenario.platforms[0], &prices, asked).expect("a plan");
        let part = &answer.parts[0];
        let long = part.lp.lines().filter(|line| line.len() > 255).count();
        assert_eq!(long, 0, "{name}: lines that readers of the format cut");
        let solved = solve(&read(&part.lp), &[], 20.0).expect("an answer");
        let bound = part.bound.expect("the program had one");
        assert!((solved.cost - bound).abs() < 1e-4 * bound, "{name}: {} and {bound}", solved.cost);
    }
}

/// The program of a platform of each architecture, as others read it.
#[test]
fn a_program_reads_like_one() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (name, more) in [
        ("kafka-gp3", "[slo]\nbudget = \"$40000/month\""),
        ("kafka-tiered", ""),
        ("automq-s3-wal", "[slo]\nfreshness = \"2 s\""),
        ("confluent-enterprise", ""),
    ] {
        let scenario = parse(&text(US, more, &platform(name, "")));
        let prices = market(&scenario, 60);
        let answer = found(
            &scenario,
            &scenario.platforms[0],
            &prices,
            Asked { all_terms: true, ..Asked::default() },
        );
        let answer = answer.unwrap_or_else(|none| panic!("{name}: {:?}", none.rejection.reasons));
        settings.bind(|| insta::assert_snapshot!(format!("lp-{name}"), answer.parts[0].lp));
    }
    assert_eq!(PRESETS.iter().filter(|preset| preset.name == "kafka-gp3").count(), 1);
}

/// What a person reads, and what programs do.
#[test]
fn an_answer_is_read() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/iot-platform.toml");
    let text = std::fs::read_to_string(path).expect("an example");
    let limit = ["--time-limit", "1 h"];
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let names =
        ["--platform", "kafka-tiered", "--platform", "automq-s3-wal", "--platform", "msk-standard"];
    let (code, out, err) = highwater(&[&["optimize", "-"], &names[..], &limit[..]].concat(), &text);
    assert_eq!((code, err.as_str()), (0, ""));
    settings.bind(|| insta::assert_snapshot!("optimize-iot-platform", out));

    let one = ["optimize", "-", "--platform", "msk-tiered", "--time-limit", "1 h", "--format"];
    let (_, json, _) = highwater(&[&one[..], &["json"]].concat(), &text);
    let document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let platform = &document["platforms"][0];
    assert_eq!(
        (&document["kind"], &platform["platform"]),
        (&"optimize".into(), &"msk-tiered".into())
    );
    assert_eq!(platform["parts"][0]["status"], "proven");
    let (_, csv, _) = highwater(&[&one[..], &["csv"]].concat(), &text);
    let mut lines = csv.lines();
    let (head, row) = (lines.next().expect("a head"), lines.next().expect("a row"));
    assert!(
        head.starts_with("platform,part,machine,rules_usd_a_month")
            && row.starts_with("msk-tiered,,kafka."),
        "{csv}"
    );
}

#[test]
fn bad_wishes_are_told() {
    let text = text(US, "", &platform("kafka-gp3", ""));
    let said = |arguments: &[&str]| {
        let (code, _, err) = highwater(&[&["optimize", "-"], arguments].concat(), &text);
        (code, err)
    };
    for (arguments, words) in [
        (&["--platform", "kafka-gp4"][..], "no platform `kafka-gp4`"),
        (&["--time-limit", "0 s"], "a time up to a day"),
        (&["--time-limit", "soon"], "--time-limit"),
        (&["--format", "svg"], "does not print svg"),
    ] {
        let (code, err) = said(arguments);
        assert!(code == 2 && err.contains(words), "{arguments:?}: {code} {err}");
    }
    // A folder that is not there.
    let (code, err) = said(&["--lp", "/nowhere/at/all.lp", "--time-limit", "1 h"]);
    assert!(code == 2 && err.contains("cannot write"), "{code} {err}");
}

/// The program is written where it was asked for, one file for each platform.
#[test]
fn programs_are_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("choice.lp");
    let named = file.to_str().expect("a path");
    let text = text(US, "", &(platform("msk-standard", "") + &platform("msk-express", "")));
    let (code, ..) = highwater(&["optimize", "-", "--lp", named, "--time-limit", "1 h"], &text);
    assert_eq!(code, 0);
    let names = ["choice-msk-standard.lp", "choice-msk-express.lp"];
    for name in names {
        let program = std::fs::read_to_string(folder.path().join(name)).expect("a program");
        assert!(program.contains("Minimize") && program.ends_with("End\n"), "{program}");
    }
    assert!(!file.exists());
}
