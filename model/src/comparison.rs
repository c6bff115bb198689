//! Every platform of a scenario side by side, and a verdict in plain words.

use crate::bill::{Bill, Cause, Component, CostLine, Gap, Part};
use crate::events::{Event, EventKind};
use crate::horizon::Asked;
pub use crate::horizon::View;
use crate::ledger;
use crate::load::Month;
use crate::map::Map;
use crate::money::Usd;
use crate::objectives;
use crate::order;
use crate::parts;
use crate::plan::{Billed, Plan, Rejection};
use crate::presets::Maturity;
use crate::prices::{Prices, Services};
use crate::published::{self, Beside};
use crate::scenario::Scenario;
use crate::simulate::Migration;
use crate::units::Hours;
use crate::workload::ReaderKind;

/// Every platform of a scenario, in a steady month or through the horizon.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The scenario's title.
    pub title: String,
    /// Whose prices; those of all regions.
    pub provider: String,
    /// Where; all regions, as their providers spell them.
    pub region: String,
    /// What of the horizon it shows.
    pub view: View,
    /// The month that is planned; the first where it is the whole horizon.
    pub month: Month,
    /// In the order of the scenario.
    pub outcomes: Vec<Result<Plan, Box<Rejection>>>,
    /// What to make of it.
    pub verdict: Verdict,
    /// What others published for the case, beside the plans; empty where the scenario has nothing of the kind.
    pub published: Vec<Beside>,
    /// What is sold is called so, by provider.
    pub services: Map<String, Services>,
}

/// What to make of a comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// The platforms that can be ranked, the cheapest first, before credits: their bills are complete, their fleets large
    /// enough, and they are not what a migration leaves.
    pub ranked: Vec<String>,
    /// Sentences, the conclusion first.
    pub sentences: Vec<String>,
}

impl Verdict {
    /// The cheapest platform, before credits.
    pub fn cheapest(&self) -> Option<&str> {
        self.ranked.first().map(String::as_str)
    }

    /// Whether a plan is a choice: not what is left, too small, or of unknown cost.
    pub fn ranks(&self, plan: &Plan) -> bool {
        self.ranked.contains(&plan.design.name)
    }
}

impl Comparison {
    /// The platforms that can be planned.
    pub fn plans(&self) -> impl Iterator<Item = &Plan> + Clone {
        self.outcomes.iter().filter_map(|outcome| outcome.as_ref().ok())
    }
}

/// Plans every platform of a scenario and compares them.
pub fn compare(scenario: &Scenario, prices: &Prices, view: View) -> Comparison {
    run(scenario, prices, view, Asked::default(), &mut |_| ())
}

/// The same, with what is asked for besides, and word of each platform before it is planned.
pub fn run(
    scenario: &Scenario,
    prices: &Prices,
    view: View,
    asked: Asked,
    progress: &mut dyn FnMut(&str),
) -> Comparison {
    let index = match view {
        View::Horizon => 0,
        View::Month(index) | View::Steady(index) => index,
    };
    let month = scenario.horizon.month(index);
    let outcomes = outcomes(scenario, prices, view, asked, progress);
    let verdict = verdict(scenario, &outcomes, view);
    let plans: Vec<&Plan> = outcomes.iter().flatten().collect();
    let published = scenario.published.as_ref();
    let published = published.map_or_else(Vec::new, |case| published::beside(case, &plans, prices));
    let (provider, region) = parts::market(scenario);
    let services =
        prices.lists().map(|list| (list.provider.clone(), list.services.clone())).collect();
    Comparison {
        title: scenario.title.clone(),
        provider,
        region,
        view,
        month,
        outcomes,
        verdict,
        published,
        services,
    }
}

/// What comes of each platform of a scenario, in its order, without a verdict.
pub fn outcomes(
    scenario: &Scenario,
    prices: &Prices,
    view: View,
    asked: Asked,
    progress: &mut dyn FnMut(&str),
) -> Vec<Result<Plan, Box<Rejection>>> {
    let mut outcomes: Vec<_> = scenario
        .platforms
        .iter()
        .map(|design| {
            progress(&design.name);
            parts::plan(design, scenario, prices, view, asked)
        })
        .collect();
    if !matches!(view, View::Steady(_)) {
        migrations(scenario, &mut outcomes);
        objectives::check(scenario, &mut outcomes);
    }
    if let View::Month(index) = view {
        let whole = outcomes.iter_mut().flatten();
        for plan in whole {
            let one_month = |plan: &mut Plan| {
                plan.months.retain(|billed| billed.month.index == index);
                plan.bill = Bill::total(plan.months.iter().map(|billed| &billed.bill));
            };
            plan.parts.iter_mut().for_each(one_month);
            one_month(plan);
        }
    }
    outcomes
}

/// Whoever is migrated to pays for what is left, until nothing depends on it: its share of the other platform's own plan,
/// region by region.
fn migrations(scenario: &Scenario, outcomes: &mut [Result<Plan, Box<Rejection>>]) {
    let by_themselves = outcomes.iter().flatten().filter(|plan| plan.course.is_none());
    let known: Vec<(String, Vec<Billed>)> =
        by_themselves.map(|plan| (plan.design.name.clone(), plan.months.clone())).collect();
    for plan in outcomes.iter_mut().flatten() {
        let courses = courses(plan);
        if courses.is_empty() {
            continue;
        }
        plan.parts.iter_mut().for_each(with_migration);
        with_migration(plan);
        for (region, course) in courses {
            let happens_there = |event: &&Event| event.region.is_none() || event.region == region;
            let mut events =
                scenario.events.iter().filter(|event| event.kind == EventKind::Migration);
            let event =
                events.find(|event| event.concerns(&plan.design.name) && happens_there(event));
            let Some(from) = event.and_then(|event| event.from.as_ref()) else { continue };
            let left = known.iter().find(|(name, _)| name == from).map(|(_, months)| months);
            for billed in &mut plan.months {
                let left = left.and_then(|left| in_region(left, &region, billed.month.index));
                overlap(billed, from, &region, &course, left);
            }
        }
        plan.bill = Bill::total(plan.months.iter().map(|billed| &billed.bill));
    }
}

/// Its bills no longer say that nobody asked for a migration.
fn with_migration(plan: &mut Plan) {
    let months = plan.months.iter_mut().map(|billed| &mut billed.bill);
    for bill in months.chain([&mut plan.bill]) {
        bill.absent.retain(|absent| absent.component != Component::Migration);
    }
}

/// When each region of a platform is migrated to.
fn courses(plan: &Plan) -> Vec<(Option<String>, Migration)> {
    let mut regions: Vec<Option<String>> = Vec::new();
    for part in plan.each() {
        if !regions.contains(&part.part.region) {
            regions.push(part.part.region.clone());
        }
    }
    let of = |region: &Option<String>| {
        let parts = plan.each().filter(|part| part.part.region == *region);
        parts::course(parts)
    };
    regions.iter().filter_map(|region| Some((region.clone(), of(region)?))).collect()
}

/// What a platform costs in a month in one of its regions.
fn in_region(months: &[Billed], region: &Option<String>, month: u32) -> Option<Bill> {
    let billed = months.iter().find(|billed| billed.month.index == month)?;
    let mut bill = billed.bill.clone();
    bill.lines.retain(|line| line.part.region == *region);
    Some(bill)
}

/// Adds what the platform that is left costs meanwhile in one region to the bill of a month.
fn overlap(
    billed: &mut Billed,
    from: &str,
    region: &Option<String>,
    course: &Migration,
    left: Option<Bill>,
) {
    let Some(left) = left else {
        let gap = Gap {
            component: Component::Migration,
            what: format!("what `{from}` costs meanwhile is not known"),
            hint: format!("`{from}` has to be planned without a migration of its own"),
        };
        if !billed.bill.gaps.contains(&gap) {
            billed.bill.gaps.push(gap);
        }
        return;
    };
    for gap in &left.gaps {
        let gap = Gap {
            component: Component::Migration,
            what: format!("{} (`{from}`)", gap.what),
            hint: gap.hint.clone(),
        };
        if !billed.bill.gaps.contains(&gap) {
            billed.bill.gaps.push(gap);
        }
    }
    // People's time stays their own line: nobody invoices it.
    let (invoiced, labour): (Vec<_>, Vec<_>) =
        left.lines.into_iter().partition(|line| line.component.is_invoiced());
    let of = |lines| Bill { lines, ..Bill::default() };
    let (invoiced, labour) = (of(invoiced), of(labour));
    for (cause, start, end) in
        [(Cause::Serve, Hours::ZERO, course.start), (Cause::Migrate, course.start, course.until)]
    {
        let hours = (end.min(billed.month.end()) - start.max(billed.month.start)).max(Hours::ZERO);
        if hours <= Hours::ZERO {
            continue;
        }
        for (component, share) in [(Component::Migration, &invoiced), (Component::Labour, &labour)]
        {
            if share.lines.is_empty() {
                continue;
            }
            let line = CostLine::share_of_plan(from, cause, hours, billed.month.length, share);
            let part = Part { region: region.clone(), on: None };
            billed.bill.lines.push(CostLine { component, part, ..line });
            billed.bill.absent.retain(|absent| absent.component != component);
        }
    }
    order::sort_by_key(&mut billed.bill.lines, |line| line.component);
}

/// Differences below this share of the lower cost are called none. Published cases come out within 4 %, but CPU and
/// merges are known to ± 50 % only (a rule of thumb).
pub(crate) const TIE: f64 = 0.10;

fn verdict(scenario: &Scenario, outcomes: &[Result<Plan, Box<Rejection>>], view: View) -> Verdict {
    let plans: Vec<&Plan> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
    // Whoever is left is no choice any more: its bill is part of the others'.
    let left = match view {
        View::Steady(_) => None,
        View::Horizon | View::Month(_) => left(scenario),
    };
    let stays = |plan: &&Plan| left.as_deref() != Some(&*plan.design.name) || plans.len() == 1;
    let holds = |plan: &&Plan| plan.is_complete() && !plan.fleet.short && stays(plan);
    let mut ranked: Vec<&Plan> = plans.iter().copied().filter(holds).collect();
    order::sort_by_key(&mut ranked, |plan| plan.monthly_cost());

    let mut sentences = Vec::new();
    match ranked[..] {
        [] => sentences.push(match plans.len() {
            0 => "No platform can be planned: see the reasons.".to_owned(),
            _ if plans.iter().all(|plan| plan.fleet.short) => {
                "No fleet is large enough for its headroom policy.".to_owned()
            }
            _ => "No platform's bill is complete: fill the gaps to compare.".to_owned(),
        }),
        [only] => sentences.push(format!(
            "{} costs {} a month; nothing else that is large enough and has a complete bill stands beside it.",
            only.design.name,
            dollars(only.monthly_cost())
        )),
        [first, second, ..] => {
            sentences.push(conclusion(first, second, view));
            sentences.extend(unreleased(&ranked));
            sentences.extend(rivals(&ranked).into_iter().filter_map(|other| reasons(first, other)));
            sentences.extend(controllers(&ranked));
            sentences.extend(latency(first, &ranked));
        }
    }
    if let Some(plan) = plans.iter().find(|plan| left.as_deref() == Some(&*plan.design.name)) {
        // Whether to move at all comes before where to.
        sentences.insert(sentences.len().min(1), leaving(plan, ranked.first().copied()));
    }
    sentences.extend(ranges(&plans, &ranked));
    sentences.extend(incomplete(&plans, ranked.first().copied()));
    sentences.extend(short(&plans));
    sentences.extend(match view {
        View::Steady(_) => steady_objectives(scenario, &plans),
        View::Horizon | View::Month(_) => objectives::sentences(scenario, &plans),
    });
    sentences.extend(middles(scenario));
    if matches!(view, View::Horizon) {
        sentences.extend(after_credits(scenario, &ranked));
    }
    Verdict { ranked: ranked.iter().map(|plan| plan.design.name.clone()).collect(), sentences }
}

/// What staying would cost beside the cheapest to move to.
fn leaving(plan: &Plan, cheapest: Option<&Plan>) -> String {
    let stays = plan.monthly_cost();
    let more = cheapest.map_or(Usd::ZERO, |cheapest| cheapest.monthly_cost() - stays);
    let pays = if plan.is_complete() && more > Usd::ZERO {
        format!(", {} less than it takes to move: in this time moving does not pay", dollars(more))
    } else {
        String::new()
    };
    format!(
        "Clients leave {}, which costs {} a month by itself{pays}; every other figure includes its bill until nothing depends on it, as `migration`.",
        plan.design.name,
        dollars(stays)
    )
}

/// Credits are on no bill: who costs least with them.
fn after_credits(scenario: &Scenario, ranked: &[&Plan]) -> Option<String> {
    let finance = &scenario.finance;
    if finance.credits.is_empty() {
        return None;
    }
    let cost =
        |plan: &&Plan| plan.a_month(ledger::costs(ledger::charges(plan, finance).iter()).effective);
    let costs = ranked.iter().map(|plan| (plan.design.name.as_str(), cost(plan)));
    let (name, usd) = costs.min_by_key(|(_, usd)| *usd)?;
    let still = if ranked[0].design.name == name { "still " } else { "" };
    Some(format!(
        "Credits are in none of these figures: with them {name} {still}costs least, {} a month on average.",
        dollars(usd)
    ))
}

/// What is uncertain is planned at one value.
fn middles(scenario: &Scenario) -> Option<String> {
    match scenario.uncertainty.inputs.len() {
        0 => None,
        1 => Some("One quantity is an interval: every figure is for its middle.".to_owned()),
        count => {
            Some(format!("{count} quantities are intervals: every figure is for their middles."))
        }
    }
}

/// The platform that clients leave, where it is a migration of all platforms.
pub(crate) fn left(scenario: &Scenario) -> Option<String> {
    let migrations = scenario.events.iter().filter(|event| event.kind == EventKind::Migration);
    migrations.filter(|event| event.platform.is_none()).find_map(|event| event.from.clone())
}

fn conclusion(first: &Plan, second: &Plan, view: View) -> String {
    let (low, next) = (first.monthly_cost(), second.monthly_cost());
    let difference = next - low;
    let share = |whole: Usd| {
        if whole > Usd::ZERO { difference.as_f64() / whole.as_f64() } else { 0.0 }
    };
    if share(low) < TIE {
        return format!(
            "{} and {} cost about the same: {} and {} a month, {:.1} % apart. Below {:.0} % {} cannot tell.",
            first.design.name,
            second.design.name,
            dollars(low),
            dollars(next),
            share(low) * 100.0,
            TIE * 100.0,
            if matches!(view, View::Steady(_)) { "a steady month" } else { "a plan" }
        );
    }
    format!(
        "{} costs least: {} a month, {} ({:.0} %) less than {}, the next.",
        first.design.name,
        dollars(low),
        dollars(difference),
        share(next) * 100.0,
        second.design.name
    )
}

/// What nobody can buy or download yet is no verdict: said, with the cheapest of what there is.
fn unreleased(ranked: &[&Plan]) -> Option<String> {
    let first = ranked[0];
    let Maturity::NotReleased(note) = first.design.preset.maturity else { return None };
    let released = |plan: &&&Plan| !matches!(plan.design.preset.maturity, Maturity::NotReleased(_));
    let instead = ranked.iter().find(released).map(|plan| {
        format!(
            " Of what is released, {} costs least: {}.",
            plan.design.name,
            dollars(plan.monthly_cost())
        )
    });
    Some(format!(
        "{} is not released: {note}.{}",
        capitalized(first.design.name.clone()),
        instead.unwrap_or_default()
    ))
}

/// Who the cheapest is set against: the next, and the cheapest of every other architecture.
fn rivals<'a>(ranked: &[&'a Plan]) -> Vec<&'a Plan> {
    let mut rivals: Vec<&Plan> = Vec::new();
    let mut seen = vec![ranked[0].design.architecture()];
    for (index, plan) in ranked.iter().enumerate().skip(1) {
        let architecture = plan.design.architecture();
        if index == 1 || !seen.contains(&architecture) {
            rivals.push(plan);
        }
        seen.push(architecture);
    }
    rivals
}

/// Money in a sentence: whole dollars where cents do not matter.
pub(crate) fn dollars(amount: Usd) -> String {
    if amount.dollars().abs() < 100.into() {
        return amount.to_string();
    }
    let text = amount.to_string();
    let whole = Usd::new(amount.dollars().round()).to_string();
    whole.strip_suffix(".00").map_or(text, str::to_owned)
}

/// The two or three components that decide between two platforms.
fn reasons(first: &Plan, other: &Plan) -> Option<String> {
    let mut differences: Vec<(Component, Usd)> = Component::ALL
        .iter()
        .map(|&component| {
            (component, other.of_component(component) - first.of_component(component))
        })
        .collect();
    order::sort_by_key(&mut differences, |(_, saved)| std::cmp::Reverse(saved.dollars().abs()));
    let total = (other.monthly_cost() - first.monthly_cost()).as_f64().max(1.0);
    let words: Vec<String> = differences
        .iter()
        .take(3)
        .filter(|(_, saved)| saved.as_f64().abs() > 0.05 * total)
        .map(|(component, saved)| {
            let sign = if *saved >= Usd::ZERO { "less" } else { "more" };
            let amount = Usd::new(saved.dollars().abs());
            format!("{} {sign} on {}", dollars(amount), component.name())
        })
        .collect();
    (!words.is_empty())
        .then(|| format!("Against {} it pays {}.", other.design.name, sentence_list(&words)))
}

/// Controllers are a choice of how to run a cluster: said where that choice decides.
fn controllers(ranked: &[&Plan]) -> Option<String> {
    let without = |plan: &Plan| plan.monthly_cost() - plan.of_component(Component::Controllers);
    let first = ranked[0];
    // Only whoever pays for none is planned that way.
    if first.of_component(Component::Controllers) > Usd::ZERO {
        return None;
    }
    let other = ranked.iter().copied().min_by_key(|plan| without(plan))?;
    (without(other) < without(first)).then(|| {
        format!(
            "Controllers on machines of their own make the difference: with brokers that are controllers too, which is how {} is planned, {} would cost {} and be cheapest. Kafka's documentation advises against it for critical clusters.",
            first.design.name,
            other.design.name,
            dollars(without(other))
        )
    })
}

/// Fixed fleets that are smaller than their policy asks for.
fn short(plans: &[&Plan]) -> Vec<String> {
    let short = plans.iter().flat_map(|plan| plan.each()).filter(|part| part.fleet.short);
    short
        .map(|part| {
            let place = match &*part.part.name() {
                "" => String::new(),
                name => format!(" ({name})"),
            };
            format!(
                "{} is not ranked: {} brokers{place} are fewer than {} asks for.",
                part.design.name,
                part.fleet.brokers,
                part.fleet.bottleneck.name()
            )
        })
        .collect()
}

/// What the cheapest gives up in latency, when another is an order of magnitude faster.
fn latency(first: &Plan, ranked: &[&Plan]) -> Option<String> {
    let known = ranked.iter().filter_map(|plan| Some((plan, plan.latency?.p50)));
    let fastest = known.min_by(|one, other| one.1.as_hours().total_cmp(&other.1.as_hours()))?;
    let own = first.latency?.p50;
    (own > fastest.1 * 10.0).then(|| {
        format!(
            "Its writes are acknowledged after about {} (median), those of {} after {}.",
            about(own),
            fastest.0.design.name,
            about(fastest.1)
        )
    })
}

/// To two digits: no more is known.
fn about(time: Hours) -> Hours {
    let millis = time.as_millis();
    let digits = libm::pow(10.0, libm::floor(libm::log10(millis.max(1e-3))) - 1.0);
    Hours::from_secs((millis / digits).round() * digits / 1e3)
}

/// Platforms whose prices are public as ranges only: both ends, and whether the lower one would turn the verdict.
fn ranges(plans: &[&Plan], ranked: &[&Plan]) -> Vec<String> {
    let ranged = plans.iter().filter(|plan| plan.bill.is_range());
    ranged
        .map(|plan| {
            let (low, high) = (plan.monthly_cost_low(), plan.monthly_cost());
            let first = ranked.first().filter(|first| first.design.name != plan.design.name);
            let turns = first.is_some_and(|first| plan.is_complete() && low < first.monthly_cost());
            format!(
                "{} costs {} to {} a month: some of its prices are public as a range only, and the upper end stands here{}.",
                plan.design.name,
                dollars(low),
                dollars(high),
                if turns { "; at the lower end it would be cheapest" } else { "" }
            )
        })
        .collect()
}

/// Platforms that are not ranked because a price is missing; those that lack the same in one sentence.
fn incomplete(plans: &[&Plan], first: Option<&Plan>) -> Vec<String> {
    const FEW: usize = 2;
    let missing = |plan: &Plan| plan.bill.gaps.iter().map(|gap| gap.what.clone()).collect();
    let mut groups: Vec<(Vec<String>, Vec<&Plan>)> = Vec::new();
    for plan in plans.iter().copied().filter(|plan| !plan.is_complete()) {
        let gaps: Vec<String> = missing(plan);
        match groups.iter_mut().find(|(known, _)| *known == gaps) {
            Some((_, group)) => group.push(plan),
            None => groups.push((gaps, vec![plan])),
        }
    }
    groups
        .iter()
        .flat_map(|(gaps, group)| {
            if group.len() <= FEW {
                return each_incomplete(group, first);
            }
            let names: Vec<String> = group.iter().map(|plan| plan.design.name.clone()).collect();
            let gaps = match &gaps[..] {
                [only] => only.clone(),
                more => format!("{} of their prices are not known", more.len()),
            };
            vec![format!("{} are not ranked: {gaps}.", sentence_list(&names))]
        })
        .collect()
}

fn each_incomplete(plans: &[&Plan], first: Option<&Plan>) -> Vec<String> {
    plans
        .iter()
        .map(|plan| {
            let cost = plan.monthly_cost();
            let gaps = match &plan.bill.gaps[..] {
                [only] => only.what.clone(),
                more => format!("{} of its prices are not known", more.len()),
            };
            let room = first.map(|first| first.monthly_cost() - cost);
            let room = room.filter(|room| *room > Usd::ZERO).map(|room| {
                format!(
                    "; it would be cheapest with less than {} a month for what is missing",
                    dollars(room)
                )
            });
            format!(
                "{} is not ranked: it costs {} a month so far; {}{}.",
                plan.design.name,
                dollars(cost),
                gaps,
                room.unwrap_or_default()
            )
        })
        .collect()
}

/// What the scenario asked for: who does not hold it, and what a steady month cannot check.
fn steady_objectives(scenario: &Scenario, plans: &[&Plan]) -> Vec<String> {
    let mut list = Vec::new();
    let mut check = |what: String, holds: &dyn Fn(&Plan) -> bool| {
        let failing: Vec<String> =
            plans.iter().filter(|plan| !holds(plan)).map(|plan| plan.design.name.clone()).collect();
        match failing.len() {
            0 => {}
            all if all == plans.len() => list.push(format!("No platform holds {what}.")),
            _ => list.push(format!("{what} is not held by {}.", sentence_list(&failing))),
        }
    };
    if let Some(budget) = scenario.slo.budget {
        let what = format!("the budget of {} a month", dollars(budget));
        check(what, &|plan| plan.monthly_cost() <= budget);
    }
    if let Some(freshness) = scenario.slo.freshness {
        let what = format!("the freshness of {freshness} (acknowledged writes, 99th percentile)");
        check(what, &|plan| plan.latency.is_none_or(|latency| latency.p99 <= freshness));
    }
    let lag_budgets = scenario
        .workload
        .streams
        .iter()
        .flat_map(|stream| &stream.readers)
        .any(|reader| matches!(reader.kind, ReaderKind::Tail { lag_budget: Some(_) }));
    let unchecked: Vec<String> =
        [(scenario.slo.recovery.is_some(), "the time to recover"), (lag_budgets, "lag budgets")]
            .into_iter()
            .filter(|(asked, _)| *asked)
            .map(|(_, what)| what.to_owned())
            .collect();
    if !unchecked.is_empty() {
        list.push(format!(
            "Not checked, because a steady month cannot tell: {}.",
            sentence_list(&unchecked)
        ));
    }
    list.into_iter().map(capitalized).collect()
}

/// A sentence starts with a capital; one that starts with a name of another alphabet leaves the name as it is.
pub fn capitalized(mut sentence: String) -> String {
    // The capitals of all alphabets would be tables of 24 kB in the page.
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

pub(crate) fn sentence_list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
