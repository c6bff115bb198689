//! Money through time: cases counted by hand, and laws of charges, contracts, show-back and unit costs.

use model::bill::{Cause, Component};
use model::comparison::{View, compare};
use model::finance::{
    Account, Ask, Ending, Key, Measured, Per, Share, Showback, Subject, Term, accounts, baseline,
    changes, discount_factor, discounts, measured, showback, terms, together, unit_costs, worth,
};
use model::ledger::{Charge, ChargeKind, charges, costs};
use model::money::Usd;
use model::plan::Plan;
use model::scenario::Scenario;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rust_decimal::Decimal;

use crate::examples::{examples, highwater};
use crate::{catalog, example, parse};

fn usd(text: &str) -> Usd {
    text.parse().expect("a literal in a test")
}

/// Three brokers of which an hour costs ten cents on demand, through so many months of 730 hours.
fn three_brokers(months: u32, rest: &str) -> String {
    format!(
        "schema = 1\ntitle = \"by hand\"\n[horizon]\nstart = 2027-01-01\nmonths = {months}\n\
        [prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
        [[prices.override]]\nsku = \"ec2:m7g.large\"\nprice = \"$0.10/h\"\nsource = \"a test\"\nas_of = 2026-11-01\n\
        [[stream]]\nname = \"events\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n\
        [[platform]]\npreset = \"kafka-gp3\"\nbroker = \"m7g.large\"\nbrokers = 3\n{rest}"
    )
}

fn bought(payment: &str) -> String {
    format!(
        "[[commitment]]\nname = \"base\"\nplatform = \"kafka-gp3\"\nterm = \"1 year\"\npayment = \"{payment}\"\ncoverage = \"100 %\"\n\
        discount = \"30 %\"\nsource = \"a test\"\nas_of = 2026-11-01\n"
    )
}

fn decimal(value: Decimal) -> f64 {
    value.to_string().parse().expect("a number")
}

/// The plan of the only platform, with its scenario.
#[track_caller]
fn planned(text: &str) -> (Plan, Scenario) {
    let scenario = parse(text);
    let prices = catalog().prices(&scenario).expect("the region is in the catalogue");
    let comparison = compare(&scenario, &prices, View::Horizon);
    let plan = comparison.plans().next().expect("a plan").clone();
    (plan, scenario)
}

#[track_caller]
fn only_term(text: &str) -> Term {
    let (plan, scenario) = planned(text);
    let mut found = terms(&plan, &charges(&plan, &scenario.finance));
    assert_eq!(found.len(), 1, "{found:?}");
    found.swap_remove(0)
}

/// 3 brokers × 730 h are 2,190 h a month: $219.00 on demand, $153.30 at 30 % less. Of $1,839.60 in all, half or all is paid
/// in the first month. Fees of n months are no more than $219.00 × n from month 1; from 919.80 + 76.65 × n, n = 6.46…; from
/// 1839.60, n = 8.4.
#[test]
fn a_year_is_paid_by_the_month_in_part_or_all_at_once() {
    for (payment, first, next, even) in [
        ("none", "153.30", "153.30", 1),
        ("partial", "996.45", "76.65", 7),
        ("all", "1839.60", "0", 9),
    ] {
        let term = only_term(&three_brokers(12, &bought(payment)));
        let fees: Vec<Usd> = term.months.iter().map(|month| month.fee).collect();
        assert_eq!(fees[0], usd(first), "{payment}");
        assert!(fees[1..].iter().all(|fee| *fee == usd(next)), "{payment}: {fees:?}");
        assert_eq!(term.fees(), usd("1839.60"), "{payment}");
        assert_eq!(term.effective(), usd("1839.60"), "{payment}");
        assert_eq!(term.saving(), usd("788.40"), "{payment}: 2628.00 on demand");
        assert_eq!(term.unused_cost(), Usd::ZERO, "{payment}");
        assert_eq!(term.break_even, Some(even - 1), "{payment}");
        assert_eq!(term.ending, Ending::WithHorizon, "{payment}");
        assert!((term.coverage(), term.utilization()) == (1.0, 1.0), "{payment}");
    }
}

/// Half a year of a year: 13,140 h are left, $919.80, of which as much is paid as the payment says.
#[test]
fn a_term_that_outlives_its_horizon_says_what_it_still_binds() {
    for (payment, prepaid, owed) in
        [("none", "0", "919.80"), ("partial", "459.90", "459.90"), ("all", "919.80", "0")]
    {
        let term = only_term(&three_brokers(6, &bought(payment)));
        let expected = Ending::Binds { months: 6, prepaid: usd(prepaid), owed: usd(owed) };
        assert_eq!(term.ending, expected, "{payment}");
    }
    let term = only_term(&three_brokers(6, &bought("all")));
    assert_eq!(term.break_even, None, "1839.60 is more than 6 × 219.00");
}

/// On demand the month costs $219.00 again instead of $153.30; with no broker less than before.
#[test]
fn a_month_costs_more_when_a_term_ends() {
    let term = only_term(&three_brokers(18, &bought("none")));
    assert_eq!(term.ending, Ending::Cliff { month: 12, usd: usd("65.70") });
    let renewed = format!("{}renew = true\n", bought("none"));
    let (plan, scenario) = planned(&three_brokers(18, &renewed));
    let found = terms(&plan, &charges(&plan, &scenario.finance));
    assert_eq!(found[0].ending, Ending::Renewed { month: 12 });
    let left = Ending::Binds { months: 6, prepaid: Usd::ZERO, owed: usd("919.80") };
    assert_eq!(found[1].ending, left);
}

/// Five brokers are committed to and three run: 730 × 2 h × $0.07 = $102.20 a month are lost, and the term saves
/// 219.00 − 255.50 = −$36.50 a month.
#[test]
fn hours_that_nobody_runs_are_paid_for() {
    let five = bought("none").replace("coverage = \"100 %\"", "brokers = 5");
    let term = only_term(&three_brokers(18, &five));
    assert_eq!(term.unused(), Decimal::from(730 * 2 * 12));
    assert_eq!(term.unused_cost(), usd("1226.40"));
    assert_eq!(term.saving(), usd("-438.00"));
    assert_eq!(term.break_even, None);
    assert_eq!(term.ending, Ending::Cliff { month: 12, usd: usd("-36.50") });
    assert_eq!((term.coverage(), term.utilization()), (1.0, 0.6));
    for month in &term.months {
        assert_eq!((month.coverage(), month.utilization()), (1.0, 0.6), "{}", month.month);
    }
}

/// Two brokers of three are committed to.
#[test]
fn hours_beyond_a_commitment_are_not_covered_by_it() {
    let two = bought("none").replace("coverage = \"100 %\"", "brokers = 2");
    let term = only_term(&three_brokers(6, &two));
    crate::near(term.coverage(), 2.0 / 3.0, 1e-15);
    assert_eq!(term.utilization(), 1.0);
    for month in &term.months {
        assert_eq!(month.ran, Decimal::from(730 * 3));
        crate::near(month.coverage(), 2.0 / 3.0, 1e-15);
        assert_eq!(month.utilization(), 1.0, "{}", month.month);
    }
}

/// Another purchase that begins when a term ends does not renew it.
#[test]
fn a_term_is_renewed_by_its_own_purchase_alone() {
    let next = bought("all").replace("\"base\"", "\"next\"") + "month = 13\n";
    let (plan, scenario) = planned(&three_brokers(24, &format!("{}{next}", bought("none"))));
    let found = terms(&plan, &charges(&plan, &scenario.finance));
    let names: Vec<&str> = found.iter().map(|term| term.contract.name.as_str()).collect();
    assert_eq!(names, ["base", "next"]);
    assert_eq!(found[0].ending, Ending::Cliff { month: 12, usd: usd("65.70") });
    assert_eq!(found[1].ending, Ending::WithHorizon);
}

/// The same every month, without commitments: cash × (1 − (1 + r)^−n) ÷ r with r = 1.08^(1/12) − 1.
#[test]
fn the_present_value_of_a_constant_stream_is_an_annuity() {
    let text = three_brokers(24, "[finance]\ndiscount_rate = \"8 %/year\"\n");
    let (plan, scenario) = planned(&text);
    let worth = worth(&charges(&plan, &scenario.finance), &scenario);
    let month = worth.months[0].cash;
    assert!(worth.months.iter().all(|one| one.cash == month), "{:?}", worth.months);
    let rate = 1.08_f64.powf(1.0 / 12.0) - 1.0;
    let annuity = (1.0 - (1.0 + rate).powi(-24)) / rate;
    let present = worth.present.expect("a discount rate").as_f64();
    crate::near(present, month.as_f64() * annuity, 1e-12);
    // Two years on, a dollar is worth 1 ÷ 1.08².
    let factor = discount_factor(scenario.finance.discount_per_month.expect("a rate"), 24);
    assert_eq!(factor.round_dp(14), "0.85733882030178".parse().expect("a literal"));
    let years: Vec<String> = worth.years.iter().map(|year| year.year.to_string()).collect();
    assert_eq!(years, ["FY2027", "FY2028"]);
}

/// Upfront fees make a platform pay back late: the same fleet on demand costs $65.70 a month more, and in month 1
/// $843.15 or $1,620.60 less.
#[test]
fn upfront_fees_are_paid_back_late() {
    for (payment, expected) in [("none", Some(0)), ("partial", Some(6)), ("all", Some(8))] {
        let text = three_brokers(12, &bought(payment).replace("kafka-gp3", "bought"));
        let text = format!(
            "{text}[[platform]]\npreset = \"kafka-gp3\"\nname = \"bought\"\nbroker = \"m7g.large\"\nbrokers = 3\n"
        );
        let scenario = parse(&text);
        let prices = catalog().prices(&scenario).expect("the region is in the catalogue");
        let comparison = compare(&scenario, &prices, View::Horizon);
        let found = accounts(&comparison, &scenario, Ask::default(), &[], &mut |_| Vec::new());
        assert_eq!(found[0].payback, None, "the first is what others stand against");
        let payback = found[1].payback.as_ref().expect("the other");
        assert_eq!((&*payback.against, payback.month), ("kafka-gp3", expected), "{payment}");
    }
}

/// Credits stop at what is billed, and stand beside the discounts of price rows.
#[test]
fn discounts_add_up_from_list_to_what_is_left() {
    let rest = format!(
        "{}[[credit]]\nname = \"gift\"\namount = \"$100/month\"\nmonths = 2\nsource = \"a letter\"\n[prices.discount]\ncompute = \"10 %\"\n",
        bought("none")
    );
    // An override has no discount: the catalogue's price has.
    let text = three_brokers(12, &rest);
    let start = text.find("[[prices.override]]").expect("an override");
    let end = text.find("[[stream]]").expect("a stream");
    let text = format!("{}{}", &text[..start], &text[end..]);
    let (plan, scenario) = planned(&text);
    let rows = discounts(&charges(&plan, &scenario.finance));
    let brokers = rows.iter().find(|row| row.sku == "ec2:m7g.large").expect("brokers' hours");
    let hour = plan.contracts[0].list_hour;
    assert_eq!(brokers.list, hour * Decimal::from(26_280));
    assert_eq!(brokers.negotiated, -(brokers.list * Decimal::new(1, 1)));
    assert_eq!(brokers.commitments, -(brokers.list * Decimal::new(2, 1)), "30 % instead of 10 %");
    assert_eq!(brokers.effective, brokers.list * Decimal::new(7, 1));
    let credit = rows.last().expect("a credit");
    assert_eq!((credit.component, credit.effective), (None, usd("-200")));
}

/// What holds for every account.
#[track_caller]
fn lawful(plan: &Plan, scenario: &Scenario) -> (Vec<Charge>, Measured) {
    let name = &plan.design.name;
    let all = charges(plan, &scenario.finance);
    let sum = costs(all.iter());
    let credits = all.iter().filter(|charge| charge.kind == ChargeKind::Credit);
    let credits: Usd = credits.map(|charge| charge.effective_cost).sum();
    assert_eq!(sum.effective, plan.bill.contracted_cost() + credits, "{name}: accrual");

    let worth = worth(&all, scenario);
    assert_eq!((worth.cash, worth.accrual), (sum.billed, sum.effective), "{name}");
    assert_eq!(worth.months.len(), plan.months.len(), "{name}: every month costs something");
    let by_year: Usd = worth.years.iter().map(|year| year.cash).sum();
    assert!(worth.years.is_empty() || by_year == worth.cash, "{name}");

    let rows = discounts(&all);
    for row in &rows {
        let left = row.list + row.negotiated + row.commitments + row.credits;
        assert_eq!(left, row.effective, "{name}: {row:?}");
        assert!(row.negotiated <= Usd::ZERO && row.credits <= Usd::ZERO, "{name}: {row:?}");
    }
    assert_eq!(together(&rows).effective, sum.effective, "{name}");

    let horizon = scenario.horizon.months;
    for term in terms(plan, &all) {
        let id = &term.contract.id;
        for month in &term.months {
            assert!(month.used >= Decimal::ZERO && month.used <= month.paid, "{id}: {month:?}");
            let shares = [month.coverage(), month.utilization()];
            assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{id}: {month:?}");
        }
        // What is paid and not borne yet, or borne and not paid yet, is what lies beyond the horizon.
        if let Ending::Binds { prepaid, .. } = term.ending {
            assert_eq!(term.fees() - term.effective(), prepaid, "{id}");
        } else {
            assert_eq!(term.fees(), term.effective(), "{id}");
            assert_eq!(term.fees(), term.contract.total(), "{id}");
            assert!(term.contract.until() <= horizon, "{id}");
        }
        if let Some(even) = term.break_even {
            let at = term.months.iter().find(|one| one.month == even).expect("a month of it");
            assert!(at.fees_so_far <= at.on_demand_so_far, "{id}: {at:?}");
        }
    }
    let measured = measured(plan, scenario);
    (all, measured)
}

/// Everything is borne by somebody, to the last digit, whatever the key.
#[track_caller]
fn borne(plan: &Plan, scenario: &Scenario) -> usize {
    let (all, measured) = lawful(plan, scenario);
    let total = costs(all.iter()).effective;
    let name = &plan.design.name;
    for key in Key::ALL {
        let back = showback(&all, &measured, *key);
        assert_eq!(back.total(), total, "{name} {}", key.name());
        by_component(&back, &all, name);
        let streams = back.each(|payer| Some(&payer.stream));
        let of_streams: Usd =
            streams.into_iter().map(|one| back.sum(|share| share.payer.stream == *one)).sum();
        assert_eq!(of_streams, total, "{name} {}: streams", key.name());
        let owners = back.each(|payer| Some(&payer.owner));
        let of_owners: Usd =
            owners.into_iter().map(|one| back.sum(|share| share.payer.owner == *one)).sum();
        assert_eq!(of_owners, total, "{name} {}: owners", key.name());
        if *key == Key::default() {
            counted(scenario, &measured, &back, total);
        }
    }
    Key::ALL.len()
}

/// Each thing on the bill is divided, and nothing is moved from one to another.
#[track_caller]
fn by_component(back: &Showback, all: &[Charge], name: &str) {
    let components = Component::ALL.iter().map(|one| Some(*one)).chain([None]);
    for component in components {
        let charged = all.iter().filter(|charge| charge.component == component);
        let charged: Usd = charged.map(|charge| charge.effective_cost).sum();
        let borne = back.sum(|share| share.component == component);
        assert_eq!(borne, charged, "{name} {}: {component:?}", back.key.name());
    }
}

/// A unit cost × its quantity is what all of it costs, but for the last digits of a quotient.
#[track_caller]
fn counted(scenario: &Scenario, measured: &Measured, back: &Showback, total: Usd) {
    let found = unit_costs(scenario, measured, back, &[]);
    for one in &found {
        let slip = (one.average * one.quantity - one.cost).dollars().abs();
        assert!(slip <= one.quantity * Decimal::new(1, 12), "{one:?}");
        assert!(one.subject != Subject::All || one.cost == total, "{one:?}");
    }
    let months = |wanted: fn(&Subject) -> bool| -> Usd {
        let of = found.iter().filter(|one| one.per == Per::Month && wanted(&one.subject));
        of.map(|one| one.cost).sum()
    };
    assert_eq!(months(|subject| matches!(subject, Subject::Stream(_))), total);
    let owned = scenario.workload.streams.iter().any(|stream| stream.owner.is_some());
    let of_owners = months(|subject| matches!(subject, Subject::Owner(_)));
    assert!(!owned || of_owners == total);
}

fn plans(text: &str) -> (Vec<Plan>, Scenario) {
    let scenario = parse(text);
    let prices = catalog().prices(&scenario).expect("the region is in the catalogue");
    let plans = compare(&scenario, &prices, View::Horizon).plans().cloned().collect();
    (plans, scenario)
}

#[test]
fn every_example_is_borne_by_somebody_on_every_preset() {
    let mut keys = 0;
    for path in examples("") {
        let text = std::fs::read_to_string(&path).expect("an example is a text file");
        let (plans, scenario) = plans(&crate::explain::on_every_preset(&text));
        keys += plans.iter().map(|plan| borne(plan, &scenario)).sum::<usize>();
    }
    assert!(keys > 1_000, "{keys}");
}

/// A scenario whose platforms all buy: some of their brokers in part upfront, too many of them month by month, and again
/// and again; with a credit for each.
pub fn with_commitments(text: &str) -> String {
    let scenario = parse(text);
    let second = scenario.horizon.months.min(2);
    let mut text = text.to_owned();
    for design in &scenario.platforms {
        let name = &design.name;
        text.push_str(&format!(
            "\n[[commitment]]\nname = \"{name} some\"\nplatform = \"{name}\"\nterm = \"3 years\"\npayment = \"partial\"\ncoverage = \"60 %\"\n\
            discount = \"41 %\"\nsource = \"a test\"\nas_of = 2026-11-01\n\
            [[commitment]]\nname = \"{name} many\"\nplatform = \"{name}\"\nterm = \"1 year\"\npayment = \"none\"\nbrokers = 40\nmonth = {second}\nrenew = true\n\
            discount = \"23 %\"\nsource = \"a test\"\nas_of = 2026-11-01\n\
            [[credit]]\nname = \"{name} gift\"\nplatform = \"{name}\"\namount = \"$777/month\"\nsource = \"a test\"\n"
        ));
    }
    text
}

/// In parts, through migrations, with all further lines.
#[test]
fn what_is_bought_is_borne_by_somebody() {
    let mut contracts = 0;
    for path in examples("") {
        let text = std::fs::read_to_string(&path).expect("an example is a text file");
        if text.contains("[[commitment]]") {
            continue;
        }
        let (plans, scenario) = plans(&with_commitments(&text));
        for plan in &plans {
            borne(plan, &scenario);
            contracts += plan.contracts.len();
        }
    }
    assert!(contracts > 100, "{contracts}");
}

/// The platform that clients leave in its first month is bound for three years, at 2,190 h × $0.07 a month.
#[test]
fn commitments_outlive_clients_who_leave() {
    let bought = bought("none").replace("kafka-gp3", "old").replace("1 year", "3 years");
    let event = "[[event]]\nname = \"move\"\nkind = \"migration\"\nat = \"day 3 08:00\"\nfrom = \"old\"\nmirror = \"200 MiB/s\"\nhistory = \"1 d\"\ndual_run = \"14 d\"\n";
    let text = three_brokers(12, &bought)
        .replace("preset = \"kafka-gp3\"", "preset = \"kafka-gp3\"\nname = \"old\"");
    let text = format!("{text}[[platform]]\npreset = \"kafka-tiered\"\n{event}");
    let scenario = parse(&text);
    let prices = catalog().prices(&scenario).expect("the region is in the catalogue");
    let comparison = compare(&scenario, &prices, View::Horizon);
    let found = accounts(&comparison, &scenario, Ask::default(), &[], &mut |_| Vec::new());
    assert!(found[0].notes.is_empty(), "{:?}", found[0].notes);
    let against = found[1].payback.as_ref().map(|one| one.against.as_str());
    assert_eq!(against, Some("old"), "what a migration leaves");
    let note = found[1].notes.first().expect("a note");
    // Of 36 months one is over when they have left: 35 × $153.30.
    assert!(note.contains("bind to month 36: $5,365.50 of them"), "{note}");
    // Nothing is bound where nothing was bought.
    let scenario = parse(&text.replace(&bought, ""));
    let comparison = compare(&scenario, &prices, View::Horizon);
    let found = accounts(&comparison, &scenario, Ask::default(), &[], &mut |_| Vec::new());
    assert!(found.iter().all(|account| account.notes.is_empty()), "{:?}", found[1].notes);
    // What is left is what others are to pay back, wherever it stands.
    let old = "[[platform]]\npreset = \"kafka-gp3\"\nname = \"old\"\nbroker = \"m7g.large\"\nbrokers = 3\n";
    let last = text.replace(old, "").replace(event, "") + old + event;
    let scenario = parse(&last);
    let comparison = compare(&scenario, &prices, View::Horizon);
    let names: Vec<&str> = comparison.plans().map(|plan| plan.design.name.as_str()).collect();
    assert_eq!(names, ["kafka-tiered", "old"]);
    assert_eq!(baseline(&comparison, &scenario), Some("old"));
    let stays = parse(&last.replace(event, ""));
    assert_eq!(baseline(&compare(&stays, &prices, View::Horizon), &stays), Some("kafka-tiered"));
}

/// A platform that is built on the morning of the third day, 56 of 730 hours into its month, keeps things for the rest of it.
#[test]
fn what_is_kept_is_kept_while_the_platform_is_there() {
    let event = "[[event]]\nname = \"move\"\nkind = \"migration\"\nat = \"day 3 08:00\"\nfrom = \"kafka-gp3\"\nmirror = \"200 MiB/s\"\nhistory = \"1 d\"\ndual_run = \"14 d\"\n";
    let moved = format!("[[platform]]\npreset = \"kafka-tiered\"\n{event}");
    let (plans, scenario) = plans(&three_brokers(1, &moved));
    for (plan, share) in plans.iter().zip([1.0, 674.0 / 730.0]) {
        let used = plan.months[0].used.as_ref().expect("what the month used");
        let kept = measured(plan, &scenario).total(0).kept;
        crate::near(kept, used.storage.logical.as_gib() * share * f64::from(1 << 30), 1e-9);
    }
}

/// Of nothing that is kept, nobody has a share; from the second month on there is something.
#[test]
fn a_stream_that_is_not_there_yet_keeps_nothing() {
    let text = three_brokers(2, "")
        .replace("retention = \"1 d\"\n", "retention = \"1 d\"\nstart = \"month 2\"\n");
    let (plan, scenario) = planned(&text);
    let measured = measured(&plan, &scenario);
    let kept: Vec<f64> = measured.months.iter().map(|month| month.amounts[0].kept).collect();
    assert_eq!(kept[0], 0.0);
    assert!(kept[1] > 0.0, "{kept:?}");
    lawful(&plan, &scenario);
}

/// A contract of a region covers what runs in that region.
#[test]
fn hours_of_a_part_are_covered_by_its_own_contracts() {
    let text = example("two-regions.toml") + &bought("none").replace("100 %", "50 %");
    let (plans, scenario) = plans(&text);
    let plan = plans.iter().find(|plan| plan.design.name == "kafka-gp3").expect("the platform");
    let found = terms(plan, &charges(plan, &scenario.finance));
    let parts: Vec<_> = found.iter().map(|term| term.contract.part.name()).collect();
    assert_eq!(parts, ["eu", "us"]);
    let mut brokers = Vec::new();
    for term in &found {
        let part = plan.each().find(|part| part.part == term.contract.part).expect("the part");
        for (month, billed) in term.months.iter().zip(&part.months) {
            crate::near(decimal(month.ran), billed.brokers * 730.0, 1e-9);
        }
        brokers.push(part.months[0].brokers);
    }
    assert!(brokers[0] > brokers[1], "one region's hours are not the other's: {brokers:?}");
}

/// 30 and 10 MiB/s through 730 hours. Of two groups of a stream that replay, one reads three days every three, the other
/// every six, which is half as much; of two that follow it both read the same.
#[test]
fn what_everybody_does_is_counted_by_hand() {
    let text = "schema = 1\ntitle = \"counted\"\n[horizon]\nmonths = 1\n\
        [prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
        [[stream]]\nname = \"fast\"\nproduce = \"30 MiB/s\"\nretention = \"1 d\"\npartitions = 24\n\
        [[stream]]\nname = \"slow\"\nproduce = \"10 MiB/s\"\nretention = \"6 d\"\npartitions = 12\n\
        [[stream.reader]]\ngroup = \"often\"\nkind = \"replay\"\nwindow = \"3 d\"\nevery = \"3 d\"\nwithin = \"6 h\"\n\
        [[stream.reader]]\ngroup = \"seldom\"\nkind = \"replay\"\nwindow = \"3 d\"\nevery = \"6 d\"\nwithin = \"6 h\"\n\
        [[stream.reader]]\ngroup = \"one\"\n[[stream.reader]]\ngroup = \"other\"\n\
        [[platform]]\npreset = \"kafka-gp3\"\n[[platform]]\npreset = \"automq-s3-wal\"\n";
    let (plans, scenario) = plans(text);
    for plan in &plans {
        let name = &plan.design.name;
        let measured = measured(plan, &scenario);
        let payers: Vec<(&str, Option<&str>)> =
            measured.payers.iter().map(|one| (&*one.stream, one.group.as_deref())).collect();
        // Each stream is followed by its groups.
        let slow = |group| ("slow", Some(group));
        let groups = ["often", "seldom", "one", "other"].map(slow);
        let expected = [&[("fast", None), ("slow", None)][..], &groups].concat();
        assert_eq!(payers, expected, "{name}");
        let all: Vec<_> = (0..payers.len()).map(|payer| measured.total(payer)).collect();
        let month = 1024.0 * 1024.0 * 730.0 * 3600.0;
        for (at, rate, partitions) in [(0, 30.0, 24.0), (1, 10.0, 12.0)] {
            crate::near(all[at].produced, rate * month, 1e-9);
            crate::near(all[at].ingested, rate * month, 1e-9);
            assert_eq!(all[at].partitions, partitions, "{name}");
        }
        // 30 MiB/s for a day, and 10 MiB/s for six.
        crate::near(all[1].kept, 2.0 * all[0].kept, 1e-3);
        let replayed: Vec<f64> = all.iter().map(|one| one.replayed).collect();
        assert_eq!((replayed[0], replayed[1], replayed[4], replayed[5]), (0.0, 0.0, 0.0, 0.0));
        let used = plan.months[0].used.as_ref().expect("what the month used");
        let slow = used.load.streams.iter().find(|one| one.name == "slow").expect("the stream");
        let all_replayed = (slow.replay() * used.hours).as_mib() * 1024.0 * 1024.0;
        assert!(
            all_replayed > 14.0 * month,
            "{name}: ten and five MiB/s, but for the first and the last"
        );
        crate::near(replayed[2], all_replayed * 2.0 / 3.0, 1e-9);
        crate::near(replayed[3], all_replayed / 3.0, 1e-9);
        for at in [4, 5] {
            crate::near(all[at].read, 10.0 * month, 1e-9);
            crate::near(all[at].behind, (slow.behind * used.hours).as_mib() * 1024.0 * 512.0, 1e-9);
        }
    }
}

/// Who does nothing of what a key counts bears nothing of what is shared.
#[test]
fn shared_costs_go_by_their_key() {
    let (plans, scenario) = plans(&example("commitments.toml"));
    for plan in &plans {
        let (all, measured) = lawful(plan, &scenario);
        for key in Key::ALL {
            let back = showback(&all, &measured, *key);
            let shared = |stream: &str| {
                back.sum(|one| {
                    one.shared && one.payer.stream == stream && one.payer.group.is_none()
                })
            };
            let (large, small) = (shared("grid-events"), shared("device-logs"));
            match key {
                Key::BytesRead => assert!((large, small) == (Usd::ZERO, Usd::ZERO)),
                Key::Even => {
                    let slip = (large - small).dollars().abs();
                    assert!(slip < Decimal::new(1, 4), "{large:?} {small:?}");
                }
                _ => assert!(large > small && small > Usd::ZERO, "{}: {large} {small}", key.name()),
            }
        }
    }
}

/// 30 and 10 MiB/s, kept for one day and for six: of what is produced 3 to 1, of what is kept 1 to 2. Who replays pays for
/// it, and a connector's stream for its workers.
#[test]
fn direct_costs_go_where_they_come_from() {
    let text = "schema = 1\ntitle = \"direct\"\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
        [[stream]]\nname = \"fast\"\nproduce = \"30 MiB/s\"\nretention = \"1 d\"\n\
        [[stream.reader]]\ngroup = \"live\"\n\
        [[stream]]\nname = \"slow\"\nproduce = \"10 MiB/s\"\nretention = \"6 d\"\n\
        [[stream.reader]]\ngroup = \"again\"\nkind = \"replay\"\nwindow = \"3 d\"\nevery = \"3 d\"\nwithin = \"6 h\"\n\
        [[connector]]\nname = \"lake\"\nstream = \"slow\"\ndirection = \"sink\"\n\
        [[platform]]\npreset = \"kafka-gp3\"\nfollower_fetching = false\n[[platform]]\npreset = \"automq-s3-wal\"\n";
    let (plans, scenario) = plans(text);
    let [kafka, shared] = &plans[..] else { panic!("two plans: {}", plans.len()) };
    let back = |plan: &Plan| {
        let (all, measured) = lawful(plan, &scenario);
        (showback(&all, &measured, Key::default()), all)
    };
    let (own, all) = back(kafka);
    let of = |component: Component, stream: &str, group: Option<&str>| {
        let wanted = |one: &Share| {
            one.component == Some(component)
                && one.payer.stream == stream
                && one.payer.group.as_deref() == group
                && !one.shared
        };
        own.sum(wanted).as_f64()
    };
    let kept = |stream| of(Component::BlockStorage, stream, None);
    crate::near(kept("slow"), 2.0 * kept("fast"), 1e-3);
    let crossed = |stream| of(Component::ZoneCrossing, stream, None);
    crate::near(crossed("fast"), 3.0 * crossed("slow"), 1e-6);
    let read = |cause: Cause| -> f64 {
        let of_cause = all.iter().filter(|one| one.cause == Some(cause));
        of_cause.map(|one| one.effective_cost.as_f64()).sum()
    };
    // A sink is a group of its stream: what it follows is a fourth of what is followed.
    crate::near(of(Component::ZoneCrossing, "slow", Some("again")), read(Cause::Replay), 1e-6);
    crate::near(
        of(Component::ZoneCrossing, "fast", Some("live")),
        0.75 * read(Cause::Consume),
        1e-6,
    );
    let sink = of(Component::ZoneCrossing, "slow", Some("connect-lake"));
    crate::near(sink, 0.25 * read(Cause::Consume), 1e-6);
    let workers = of(Component::Connectors, "slow", Some("connect-lake"));
    crate::near(workers, read(Cause::Connect), 1e-9);
    assert!(workers > 0.0 && sink > 0.0);

    let (own, _) = back(shared);
    let kept = |stream: &str| {
        own.sum(|one| one.component == Some(Component::ObjectStorage) && one.payer.stream == stream)
    };
    crate::near(kept("slow").as_f64(), 2.0 * kept("fast").as_f64(), 1e-3);
}

/// A copy over a link is kept again, and nobody ingests it twice; what the link sends is its stream's.
#[test]
fn copies_are_borne_by_their_stream() {
    let (plans, scenario) = plans(&example("two-regions.toml"));
    for plan in &plans {
        let (all, measured) = lawful(plan, &scenario);
        let back = showback(&all, &measured, Key::default());
        let streams = back.each(|payer| Some(payer.stream.as_str()));
        assert_eq!(streams, ["readings-eu", "readings-us", "alarms"], "{}", plan.design.name);
        let sent = |one: &Share| one.component == Some(Component::RegionCrossing);
        let of_link = back.sum(|one| sent(one) && one.payer.group.as_deref() == Some("link to us"));
        assert_eq!(of_link, back.sum(sent), "{}", plan.design.name);
        assert!(of_link > Usd::ZERO, "{}", plan.design.name);
        let costs = unit_costs(&scenario, &measured, &back, &[]);
        let alarms = Subject::Stream("alarms".to_owned());
        let mut found = costs.iter();
        let found = found.find(|one| one.subject == alarms && one.per == Per::GibStored);
        // 6,000 records of 500 B a second, halved, through twelve months of 730 hours; storms hold back and catch up.
        let gib = 6000.0 * 250.0 * 3600.0 * 730.0 * 12.0 / f64::from(1 << 30);
        let quantity = found.expect("a stream").quantity;
        crate::near(quantity.to_string().parse().expect("a number"), gib, 1e-2);
    }
}

/// The page's copy of the catalogue has no commitments, and counts a quote for all platforms as the command does.
#[test]
fn a_quote_needs_nothing_of_the_catalogue() {
    let everywhere = bought("partial").replace("platform = \"kafka-gp3\"\n", "");
    let text = three_brokers(12, &everywhere) + "[[platform]]\npreset = \"msk-express\"\n";
    let scenario = parse(&text);
    let whole = catalog().price_list(&scenario.prices).expect("the region is in the catalogue");
    let mut less = whole.clone();
    less.commitments.clear();
    assert!(!whole.commitments.is_empty());
    for (design, bought) in scenario.platforms.iter().zip([true, false]) {
        let plan = |prices| {
            let asked = model::horizon::Asked::default();
            model::horizon::through(design, &scenario, prices, asked).expect("a plan")
        };
        let (one, other) = (plan(&whole), plan(&less));
        assert_eq!(one.contracts, other.contracts, "{}", design.name);
        assert_eq!(one.bill.contracted_cost(), other.bill.contracted_cost(), "{}", design.name);
        assert_eq!(!one.contracts.is_empty(), bought, "{}", design.name);
    }
}

/// What is rounded down to nothing is said.
#[test]
fn less_than_a_broker_is_no_commitment() {
    let text = three_brokers(12, &bought("none").replace("100 %", "30 %"));
    let scenario = parse(&text);
    let prices = catalog().prices(&scenario).expect("the region is in the catalogue");
    let comparison = compare(&scenario, &prices, View::Horizon);
    let found = accounts(&comparison, &scenario, Ask::default(), &[], &mut |_| Vec::new());
    assert_eq!(found[0].notes, ["`base` buys nothing: its `coverage` is less than one broker"]);
}

/// One per cent more of everything costs what two runs differ by.
#[test]
fn marginal_costs_are_differences_of_two_runs() {
    let text = example("commitments.toml");
    let scenario = parse(&text);
    let prices = catalog().prices(&scenario).expect("the region is in the catalogue");
    let comparison = compare(&scenario, &prices, View::Horizon);
    let mut again = |scaled: &Scenario| compare(scaled, &prices, View::Horizon).outcomes;
    let asked: Vec<_> = changes(&scenario).into_iter().take(2).collect();
    let found = accounts(&comparison, &scenario, Ask::default(), &asked, &mut again);
    let louder = text
        .replace("12_000_000", "12_120_000")
        .replace("60000 /s", "60600 /s")
        .replace("20000 /s", "20200 /s");
    let (plans, louder) = plans(&louder);
    for (account, plan) in found.iter().zip(&plans) {
        let cost = costs(charges(plan, &louder.finance).iter()).effective;
        let marginal = of_all(account, Per::GibStored);
        let (expected, usd) = ((cost - account.worth.accrual).as_f64(), marginal.0.as_f64());
        crate::near(usd, expected, 1e-6);
        let one = of_all(account, Per::MillionRecords).1.as_f64();
        let records = 120_000.0 * 0.01 * account.worth.months.len() as f64 * 730.0 * 3600.0 / 1e6;
        // Growth makes more of them than the first month has.
        assert!(one * records < usd && one * records * 1.5 > usd, "{one} {records} {usd}");
    }
}

/// What one per cent more costs in all and for one, of all streams together.
fn of_all(account: &Account, per: Per) -> (Usd, Usd) {
    let mut found = account.unit_costs.iter();
    let found = found.find(|one| one.subject == Subject::All && one.per == per);
    let marginal = found.and_then(|one| one.marginal.as_ref()).expect("a marginal cost");
    (marginal.usd, marginal.unit_cost.expect("a quantity"))
}

/// Some purchases of three years at most.
fn purchases() -> impl Strategy<Value = String> {
    let one = (
        (0..3_usize, any::<bool>(), 1..25_u32, any::<bool>()),
        prop_oneof![
            (1..9_u32).prop_map(|n| format!("brokers = {n}")),
            (0..101_u32).prop_map(|n| format!("coverage = \"{n} %\""))
        ],
        (prop::option::of(0..90_u32), 1..100_u32),
    );
    prop::collection::vec(one, 0..4).prop_map(|list| {
        let mut text = String::new();
        for (index, ((payment, long, month, renew), size, (discount, upfront))) in
            list.into_iter().enumerate()
        {
            let payment = ["none", "partial", "all"][payment];
            // The catalogue has a price of this machine with everything upfront only.
            let quote = discount.or((payment != "all").then_some(17));
            text.push_str(&format!(
                "[[commitment]]\nname = \"c{index}\"\nplatform = \"p\"\nterm = \"{}\"\npayment = \"{payment}\"\n{size}\nmonth = {month}\nrenew = {renew}\n",
                if long { "3 years" } else { "1 year" }
            ));
            if payment == "partial" {
                text.push_str(&format!("upfront = \"{upfront} %\"\n"));
            }
            if let Some(discount) = quote {
                text.push_str(&format!("discount = \"{discount} %\"\nsource = \"a test\"\nas_of = 2026-11-01\n"));
            }
        }
        text
    })
}

fn drawn(months: u32, (calendar, follows, discount): (bool, bool, u32), rest: &str) -> String {
    let month = if calendar { "month = \"calendar\"\n" } else { "" };
    // Brokers that keep replicas do not follow the day.
    let platform = match follows {
        true => "preset = \"automq-s3-wal\"\nfleet = \"follow\"\n",
        false => "preset = \"kafka-gp3\"\n",
    };
    format!(
        "schema = 1\ntitle = \"drawn\"\n[horizon]\nstart = 2027-02-01\nmonths = {months}\n{month}\
        [prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n[prices.discount]\ncompute = \"{discount} %\"\n\
        [[stream]]\nname = \"events\"\nproduce = \"300 MiB/s\"\nretention = \"6 h\"\nshape = \"office-hours\"\n\
        [[stream.reader]]\ngroup = \"g\"\n\
        [[platform]]\nname = \"p\"\nbroker = \"m7g.2xlarge\"\n{platform}{rest}"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    /// Whatever is bought: months bear what the bill says, terms bear what they are paid, and nobody uses what is not paid.
    #[test]
    fn purchases_are_borne_as_they_are_paid(
        bought in purchases(),
        months in 24..40_u32,
        how in (any::<bool>(), any::<bool>(), 0..30_u32),
        credit in prop::option::of(1..200_000_u32),
    ) {
        let credit = credit.map_or_else(String::new, |usd| {
            format!("[[credit]]\nname = \"gift\"\namount = \"${usd}/month\"\nmonth = 3\nmonths = 5\nsource = \"a test\"\n")
        });
        let (plan, scenario) = planned(&drawn(months, how, &format!("{bought}{credit}")));
        prop_assert!(plan.is_complete(), "{:?}", plan.bill.gaps);
        let (all, _) = lawful(&plan, &scenario);
        // Nobody is paid for being a customer.
        for month in worth(&all, &scenario).months {
            prop_assert!(month.cash >= Usd::ZERO, "{:?}", month);
        }
        // Hours that ran are those that ran without anything bought.
        let (plain, bare) = planned(&drawn(months, how, ""));
        let on_demand = costs(charges(&plain, &bare.finance).iter());
        let consumed = costs(all.iter().filter(|charge| charge.kind == ChargeKind::Usage));
        let slip = (consumed.list - on_demand.list).dollars().abs();
        prop_assert!(slip < Decimal::new(1, 3), "{:?} {:?}", consumed, on_demand);
    }

    /// Fully used and without a discount of its own, a commitment costs what on demand does.
    #[test]
    fn a_commitment_without_a_discount_changes_nothing(
        (payment, share, renew) in (0..3_usize, 0..101_u32, any::<bool>()),
        months in 12..30_u32,
        calendar in any::<bool>(),
    ) {
        let payment = ["none", "partial", "all"][payment];
        let bought = format!(
            "[[commitment]]\nname = \"c\"\nplatform = \"p\"\nterm = \"1 year\"\npayment = \"{payment}\"\ncoverage = \"{share} %\"\nrenew = {renew}\n\
            discount = \"0 %\"\nsource = \"a test\"\nas_of = 2026-11-01\n"
        );
        let how = (calendar, false, 0);
        let (plan, _) = planned(&drawn(months, how, &bought));
        let (plain, _) = planned(&drawn(months, how, ""));
        prop_assert_eq!(plan.bill.contracted_cost(), plain.bill.contracted_cost());
    }
}

/// What is written in another currency adds up in it.
#[test]
fn amounts_of_a_view_add_up_to_the_cent() {
    let text = example("commitments.toml");
    let (code, out, err) =
        highwater(&["finance", "-", "--format", "csv", "--platform", "committed"], &text);
    assert_eq!((code, err.as_str()), (0, ""));
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let head = reader.headers().expect("a head").clone();
    let at = |name: &str| head.iter().position(|column| column == name).expect("a column");
    let mut sums: std::collections::BTreeMap<(String, String), (Decimal, Decimal, Decimal)> =
        std::collections::BTreeMap::new();
    for row in reader.records() {
        let row = row.expect("a row of as many cells");
        assert_eq!(&row[at("currency")], "EUR");
        let number = |name: &str| row[at(name)].parse::<Decimal>();
        let Ok(amount) = number("amount") else {
            assert_eq!(&row[at("view")], "unit costs");
            continue;
        };
        let kind = (row[at("view")].to_owned(), row[at("measure")].to_owned());
        let sum = sums.entry(kind).or_default();
        sum.0 += amount;
        sum.1 += number("amount_exact").expect("an amount");
        sum.2 += number("usd_exact").expect("an amount");
    }
    assert!(sums.len() > 10, "{sums:?}");
    for (kind, (amount, exact, usd)) in &sums {
        // What a horizon costs is rounded once; what was taken off is what is between two rounded amounts.
        let whole = ["cash", "accrual", "list cost", "effective cost", "present value"];
        let off = (amount - exact).abs();
        let most = Decimal::new(if whole.contains(&&*kind.1) { 5 } else { 10 }, 3);
        assert!(off <= most, "{kind:?}: {amount} {exact}");
        assert_eq!(usd * Decimal::new(92, 2), *exact, "{kind:?}");
    }
    let of = |view: &str, measure: &str| sums[&(view.to_owned(), measure.to_owned())].2;
    assert_eq!(of("through time", "accrual"), of("show-back", "effective cost"));
    assert_eq!(of("through time", "accrual"), of("discounts", "effective cost"));
}

#[test]
fn accounts_are_shown() {
    let text = example("commitments.toml");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, arguments) in [
            ("finance", &["finance", "-"][..]),
            ("finance-committed", &["finance", "-", "--platform", "committed"]),
            ("finance-paid-ahead", &["finance", "-", "--platform", "paid-ahead", "--key", "even"]),
        ] {
            let (code, out, err) = highwater(arguments, &text);
            assert_eq!((code, err.as_str()), (0, ""), "{name}");
            insta::assert_snapshot!(name, out);
        }
        let (_, out, _) = highwater(&["explain", "-", "brokers", "--platform", "committed"], &text);
        insta::assert_snapshot!("explain-committed", out);
        let (_, out, _) = highwater(&["compare", "--steady", "-"], &text);
        let foot = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            foot.contains("(`base load`, `growth` and `tiered fleet`): every hour is on demand")
        );
    });
    for (arguments, hint) in [
        (&["finance", "-", "--key", "weight"][..], "use one of proportional, bytes-in"),
        (&["finance", "-", "--against", "nobody"], "it has `on-demand`"),
        (&["finance", "-", "--platform", "nobody"], "it has `on-demand`"),
        (&["finance", "-", "--format", "focus"], "use `table` or `json` or `csv`"),
    ] {
        let (code, out, err) = highwater(arguments, &text);
        assert!(code == 2 && out.is_empty() && err.contains(hint), "{out}{err}");
    }
}

/// A document has every platform, those without a plan too, in the currency of the scenario.
#[test]
fn accounts_are_a_document() {
    let text = example("commitments.toml");
    let (code, out, err) = highwater(&["finance", "-", "--format", "json"], &text);
    assert_eq!((code, err.as_str()), (0, ""));
    let document: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(document["currency"], "EUR");
    assert_eq!(document["exchange"]["rate"], "0.92");
    let platforms = document["platforms"].as_array().expect("a list");
    assert_eq!(platforms.len(), 4);
    let committed = &platforms[1];
    let number = |value: &serde_json::Value| -> Decimal {
        value.as_str().expect("amounts are strings").parse().expect("a number")
    };
    let months = committed["months"].as_array().expect("a list");
    let cash: Decimal = months.iter().map(|month| number(&month["cash"])).sum();
    assert_eq!(cash, number(&committed["cash"]));
    let shares = committed["showback"]["shares"].as_array().expect("a list");
    let borne: Decimal = shares.iter().map(|share| number(&share["cost"])).sum();
    assert_eq!(borne, number(&committed["accrual"]));
    assert_eq!(committed["commitments"][0]["break_even_month"], 15);
    assert_eq!(platforms[0]["payback"], serde_json::Value::Null);
    // In dollars nothing is exchanged.
    let plain = text.lines().filter(|line| !line.starts_with("exchange"));
    let plain: Vec<&str> = plain.collect();
    let (_, out, _) = highwater(&["finance", "-", "--format", "json"], &plain.join("\n"));
    let dollars: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(dollars["currency"], "USD");
    let exchanged = number(&dollars["platforms"][1]["cash"]) * Decimal::new(92, 2);
    assert_eq!(exchanged, number(&committed["cash"]));
}
