//! A study of futures: its conclusions in words, and all of it as JSON and CSV.

use std::borrow::Cow;

use serde_json::json;

use super::csv::{END, record, text};
use super::figures::{counted, percent};
use super::json::{SCHEMA_VERSION, pretty};
use crate::chart::Table;
use crate::comparison::sentence_list;
use crate::order;
use crate::simulate::Matter;
use crate::uncertainty::{Bar, CONFIDENCE, Candidate, Future, Futures, Pair, Study};
use crate::units::separated;

/// Share of futures that a fleet is told the price of.
const MOST: f64 = 0.95;

/// Dollars without cents, from a hundred on: `$1,234`, `$0.42`.
pub fn dollars(amount: f64) -> String {
    /// In dollars; below it, cents count.
    const SMALL: f64 = 100.0;
    let decimals = if amount.abs() < SMALL { 2 } else { 0 };
    format!("${}", separated(&format!("{amount:.decimals$}")))
}

/// Dollars, or a dash for what cannot be planned.
pub fn cost(amount: Option<f64>) -> String {
    amount.map_or_else(|| "–".to_owned(), dollars)
}

fn table(caption: &str, columns: &[&str]) -> Table {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    Table { caption: caption.to_owned(), columns, rows: Vec::new() }
}

/// What was drawn.
pub fn inputs(study: &Study) -> Table {
    let mut table = table("What is uncertain", &["Uncertain", "P10", "P50", "P90"]);
    for input in &study.inputs {
        let [low, middle, high] = input.shown.clone();
        table.rows.push(vec![input.path.clone(), low, middle, high]);
    }
    table
}

/// What every platform costs in how many futures, what choosing it costs, and how many its fleet is enough for.
pub fn candidates(study: &Study) -> Table {
    let columns = [
        "Dollars a month",
        "middle",
        "P10",
        "P50",
        "P90",
        "cheapest in",
        "mean regret",
        "worst regret",
        "fleet holds in",
    ];
    let mut table = table("What platforms cost, in futures", &columns);
    for candidate in &study.candidates {
        let mut row = vec![candidate.platform.clone(), cost(candidate.middle_usd)];
        row.extend(candidate.monthly_usd.iter().map(|found| cost(found.value)));
        row.extend(match &candidate.regret {
            Some(regret) => [
                percent(regret.best),
                dollars(regret.expected_usd),
                if regret.without > 0 { "no plan".to_owned() } else { dollars(regret.worst_usd) },
            ],
            None if candidate.complete => ["–", "–", "–"].map(str::to_owned),
            None => ["?", "?", "?"].map(str::to_owned),
        });
        let held = candidate.coverage.as_ref();
        row.push(held.map_or_else(|| "–".to_owned(), |held| percent(held.share)));
        table.rows.push(row);
    }
    table
}

/// How often one platform costs less than another; columns are numbered as rows are.
pub fn pairs(study: &Study) -> Table {
    let mut names: Vec<&str> = Vec::new();
    for pair in &study.pairs {
        for name in [&pair.one, &pair.other] {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    let mut table = table("How often the row costs less than the column", &[""]);
    table.columns.extend((1..=names.len()).map(|number| number.to_string()));
    for (index, row) in names.iter().enumerate() {
        let share = |column: &&str| {
            let share = study.pairs.iter().find_map(|pair| match () {
                () if pair.one == *row && pair.other == *column => Some(pair.one_cheaper),
                () if pair.other == *row && pair.one == *column => Some(pair.other_cheaper),
                () => None,
            });
            share.map_or_else(String::new, percent)
        };
        let head = format!("{} {row}", index + 1);
        table.rows.push([head].into_iter().chain(names.iter().map(share)).collect());
    }
    table
}

/// What one platform's cost depends on, with every input low and high while all others are in the middle.
pub fn tornado(candidate: &Candidate) -> Table {
    let columns = ["What it depends on", "at P10", "at P90", "variance"];
    let mut table = table("What it depends on, in dollars a month", &columns);
    for bar in &candidate.tornado {
        table.rows.push(vec![
            bar.path.clone(),
            cost(bar.low_usd),
            cost(bar.high_usd),
            percent(bar.share),
        ]);
    }
    table
}

/// Where a tornado's bars begin and end, as shares of the widest; nothing for a bar of which one end cannot be planned.
pub fn bars(candidate: &Candidate) -> Vec<Option<(f64, f64)>> {
    let ends = candidate.tornado.iter().flat_map(|bar| [bar.low_usd, bar.high_usd]).flatten();
    let middle = candidate.middle_usd.unwrap_or(0.0);
    let (low, high) = ends.fold((middle, middle), |(low, high), end| (low.min(end), high.max(end)));
    let place = |value: f64| if high > low { (value - low) / (high - low) } else { 0.0 };
    let bar = |bar: &Bar| {
        let (one, other) = (bar.low_usd?, bar.high_usd?);
        Some((place(one.min(other)), place(one.max(other))))
    };
    candidate.tornado.iter().map(bar).collect()
}

/// What fleets of the planned machine are enough for, and what they cost.
pub fn frontier(candidate: &Candidate) -> Option<Table> {
    let held = candidate.coverage.as_ref()?;
    let columns = [&*format!("Fleet of {}", held.machine), "holds in", "a month"];
    let mut table = table("What more coverage costs", &columns);
    for step in &held.frontier {
        let planned = if step.brokers == held.brokers { ", as planned" } else { "" };
        let fleet = format!("{}{planned}", counted(step.brokers as usize, "broker"));
        table.rows.push(vec![fleet, percent(step.share), cost(step.monthly_usd)]);
    }
    Some(table)
}

/// How likely each platform does not hold what is asked of it, matter by matter; nothing where everything holds.
pub fn not_held(study: &Study) -> Option<Table> {
    let mut matters: Vec<Matter> = Vec::new();
    for chance in study.candidates.iter().flat_map(|candidate| &candidate.chances) {
        if !matters.contains(&chance.matter) {
            matters.push(chance.matter);
        }
    }
    order::sort_by(&mut matters, Ord::cmp);
    let mut table = table("How often something does not hold", &["Does not hold"]);
    table.columns.extend(matters.iter().map(|matter| matter.name().to_owned()));
    for candidate in &study.candidates {
        let share = |matter: &Matter| {
            let found = candidate.chances.iter().find(|chance| chance.matter == *matter);
            percent(found.map_or(0.0, |chance| chance.share))
        };
        let row = [candidate.platform.clone()].into_iter().chain(matters.iter().map(share));
        table.rows.push(row.collect());
    }
    (!matters.is_empty()).then_some(table)
}

/// What one platform costs month by month; nothing where there is one month.
pub fn by_month(candidate: &Candidate) -> Option<Table> {
    let mut table = table("What months cost", &["Month", "P10", "P50", "P90"]);
    for (index, found) in candidate.by_month_usd.iter().enumerate() {
        let row = [(index + 1).to_string()].into_iter().chain(found.map(cost));
        table.rows.push(row.collect());
    }
    (table.rows.len() > 1).then_some(table)
}

/// What to make of a study: the conclusion first.
pub fn sentences(study: &Study) -> Vec<String> {
    let told =
        study.draws - study.contradictory.iter().map(|refusal| refusal.futures).sum::<usize>();
    let mut list = Vec::new();
    if told == 0 {
        list.push("No future can be planned: the draws contradict each other.".to_owned());
    }
    if let Some(best) = least_regret(study) {
        list.extend(conclusion(study, best, told));
        list.extend(coverage(best));
        list.extend(chances(best));
        list.extend(dependence(best));
        list.extend(close(study, best));
    } else if told > 0 {
        list.push(
            "No platform's bill is complete in every future: none is compared with the others."
                .to_owned(),
        );
    }
    for candidate in &study.candidates {
        if let Some(most) = candidate.refused.first() {
            let futures: usize = candidate.refused.iter().map(|refusal| refusal.futures).sum();
            list.push(format!(
                "{} cannot be planned in {} of {}: {}.",
                candidate.platform,
                separated(&futures.to_string()),
                counted(told, "future"),
                most.reason
            ));
        }
    }
    if let Some(most) = study.contradictory.first() {
        let futures: usize = study.contradictory.iter().map(|refusal| refusal.futures).sum();
        list.push(format!(
            "{} contradict the scenario's own rules and are left out: {}.",
            counted(futures, "future"),
            most.reason
        ));
    }
    list
}

/// The platform to choose where nobody knows the future: the one that can be planned in most, and of those the one that costs
/// least more than the best on average.
pub fn least_regret(study: &Study) -> Option<&Candidate> {
    let known = study.candidates.iter().filter_map(|one| Some((one, one.regret?)));
    let (best, _) = known.min_by(|(_, one), (_, other)| {
        let without = one.without.cmp(&other.without);
        without.then(one.expected_usd.total_cmp(&other.expected_usd))
    })?;
    Some(best)
}

fn conclusion(study: &Study, best: &Candidate, told: usize) -> Option<String> {
    let regret = best.regret?;
    let [low, middle, high] = best.monthly_usd.map(|found| found.value);
    let range = match (low, middle, high) {
        (Some(low), Some(middle), Some(high)) => format!(
            "{} a month at the median, {} to {} from P10 to P90",
            dollars(middle),
            dollars(low),
            dollars(high)
        ),
        _ => "more than can be planned in many of them".to_owned(),
    };
    if study.candidates.len() < 2 {
        return Some(format!("In {}, {} costs {range}.", counted(told, "future"), best.platform));
    }
    let worst = if regret.worst_usd > 0.0 {
        format!(
            "it costs {} more than the best choice on average, {} at worst",
            dollars(regret.expected_usd),
            dollars(regret.worst_usd)
        )
    } else {
        "no choice is ever better".to_owned()
    };
    Some(format!(
        "{} is the choice of least regret in {}: cheapest in {} of them, {range}; {worst}.",
        best.platform,
        counted(told, "future"),
        percent(regret.best)
    ))
}

fn coverage(best: &Candidate) -> Option<String> {
    let held = best.coverage.as_ref()?;
    let fleet = format!("{} × {}", separated(&held.brokers.to_string()), held.machine);
    let now = held.frontier.iter().find(|step| step.brokers == held.brokers)?.monthly_usd;
    if held.share >= MOST {
        return Some(format!(
            "Its fleet as planned, {fleet}, holds in {} of futures.",
            percent(held.share)
        ));
    }
    let next = held.frontier.iter().find(|step| step.share >= MOST);
    let more = match next {
        Some(step) => {
            let brokers = counted((step.brokers - held.brokers) as usize, "more broker");
            let price = step.monthly_usd.zip(now).map_or_else(String::new, |(cost, now)| {
                format!(", {} a month", dollars(cost - now))
            });
            format!("; {} would take {brokers}{price}", percent(MOST))
        }
        None => format!("; no number of them holds in {}", percent(MOST)),
    };
    Some(format!(
        "Its fleet as planned, {fleet}, holds in {} of futures{more}.",
        percent(held.share)
    ))
}

fn chances(best: &Candidate) -> Option<String> {
    let likely = best.chances.iter().filter(|chance| chance.share > 0.0);
    let told: Vec<String> = likely
        .map(|chance| format!("{} in {}", chance.matter.name(), percent(chance.share)))
        .collect();
    (!told.is_empty()).then(|| format!("What it does not hold: {}.", sentence_list(&told)))
}

fn dependence(best: &Candidate) -> Option<String> {
    let most = best.tornado.iter().max_by(|one, other| one.share.total_cmp(&other.share))?;
    (most.share > 0.0).then(|| {
        format!(
            "Most of what is uncertain about its cost comes from `{}`: {} of the variance.",
            most.path,
            percent(most.share)
        )
    })
}

/// The platform that is cheaper than the choice in most futures, where that is a question.
fn close(study: &Study, best: &Candidate) -> Option<String> {
    /// Below one future in ten nobody asks.
    const WORTH_SAYING: f64 = 0.1;
    let against = |pair: &Pair| {
        if pair.one == best.platform {
            Some((pair.other.clone(), pair.other_cheaper))
        } else if pair.other == best.platform {
            Some((pair.one.clone(), pair.one_cheaper))
        } else {
            None
        }
    };
    let rivals = study.pairs.iter().filter_map(against);
    let (rival, share) = rivals.max_by(|one, other| one.1.total_cmp(&other.1))?;
    (share >= WORTH_SAYING).then(|| format!("{rival} is cheaper than it in {}.", percent(share)))
}

/// How far percentiles are off at most: `P10 ± 2 %, P50 ± 1 %, P90 ± 3 %`; `None` where the sample is too small to tell.
pub fn precision(study: &Study) -> Option<String> {
    let planned = || study.candidates.iter().filter(|one| one.middle_usd.is_some());
    let off = |index: usize| {
        planned().try_fold(0.0_f64, |most, candidate| {
            let found = candidate.monthly_usd[index];
            let (value, low, high) = (found.value?, found.low?, found.high?);
            let off = (value - low).max(high - value);
            Some(most.max(if value > 0.0 { off / value } else { 0.0 }))
        })
    };
    let parts: Option<Vec<String>> = [("P10", 0), ("P50", 1), ("P90", 2)]
        .into_iter()
        .map(|(name, index)| Some(format!("{name} ± {}", percent(off(index)?))))
        .collect();
    parts.filter(|_| planned().next().is_some()).map(|parts| parts.join(", "))
}

/// All of it, for programs.
pub fn json(study: &Study) -> String {
    let mut document = json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "uncertainty",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "confidence": CONFIDENCE,
        "sentences": sentences(study),
        "least_regret": least_regret(study).map(|best| &best.platform),
    });
    if let (Some(all), Ok(serde_json::Value::Object(own))) =
        (document.as_object_mut(), serde_json::to_value(study))
    {
        all.extend(own);
    }
    pretty(document)
}

/// Every future as a row for each platform, for spreadsheets: what was drawn in base units, what it costs, what it takes and
/// what did not hold.
pub fn csv(futures: &Futures, drawn: &[Future]) -> String {
    let mut table = String::new();
    let inputs = futures.inputs();
    let unit = |path: &str, unit: &str| {
        if unit.is_empty() { path.to_owned() } else { format!("{path} [{unit}]") }
    };
    let mut head = vec!["future".to_owned()];
    head.extend(inputs.iter().map(|input| unit(&input.path, &input.scale.unit())));
    let own = [
        "platform",
        "monthly_usd",
        "total_usd",
        "machine",
        "brokers",
        "brokers_of_planned_machine",
        "complete",
        "not_held",
        "why_not",
    ];
    head.extend(own.map(str::to_owned));
    let head: Vec<Cow<str>> = head.iter().map(|cell| text(cell)).collect();
    record(&mut table, head.iter().map(|cell| &**cell), END);
    for (index, future) in drawn.iter().enumerate() {
        let mut first = vec![(index + 1).to_string()];
        first.extend((0..inputs.len()).map(|input| futures.drawn(input, index).to_string()));
        let mut row = |platform: &str, cells: [String; 8]| {
            let cells = cells.iter().map(String::as_str);
            let row = first.iter().map(String::as_str).chain([platform]).chain(cells);
            let row: Vec<Cow<str>> = row.map(text).collect();
            record(&mut table, row.iter().map(|cell| &**cell), END);
        };
        let none = || ["", "", "", "", "", "", ""].map(str::to_owned);
        let with_reason = |why: &str| {
            let [a, b, c, d, e, f, g] = none();
            [a, b, c, d, e, f, g, why.to_owned()]
        };
        match &future.outcomes {
            Err(why) => row("", with_reason(why)),
            Ok(outcomes) => {
                for (design, outcome) in futures.middle().platforms.iter().zip(outcomes) {
                    let cells = match outcome {
                        Err(why) => with_reason(why),
                        Ok(plan) => [
                            format!("{:.2}", plan.monthly()),
                            format!("{:.2}", plan.months.iter().sum::<f64>()),
                            plan.machine.clone(),
                            plan.brokers.to_string(),
                            plan.needed.map_or_else(String::new, |needed| needed.to_string()),
                            plan.complete.to_string(),
                            plan.broken
                                .iter()
                                .map(|matter| matter.name())
                                .collect::<Vec<_>>()
                                .join("; "),
                            String::new(),
                        ],
                    };
                    row(&design.name, cells);
                }
            }
        }
    }
    table
}
