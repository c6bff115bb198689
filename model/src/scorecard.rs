//! The questions that platform teams ask before they commit, answered by running them on the scenario's own streams.
//!
//! Each answer is a light, a sentence, and the figures behind it. What a program cannot know is not computed, and has
//! room for the user's own mark and evidence. Questions and limits are rows of [`Policy`].

use crate::bill::{Component, Part};
use crate::comparison::{capitalized, dollars, sentence_list};
use crate::design::{Architecture, Design};
use crate::events::{Event, EventKind};
use crate::horizon::{Asked, through};
use crate::money::Usd;
use crate::order;
use crate::parameters::PerGib;
use crate::parts;
use crate::plan::{self, Course, Plan, Reason, Rejection};
use crate::policy::{Light, Policy, QUESTIONS};
use crate::prices::{PriceList, Prices};
use crate::scenario::{Horizon, Mark, MonthLength, Scenario};
use crate::shape::WEEK;
use crate::simulate::findings::{Fact, Figure};
use crate::simulate::{Matter, Outcome, Simulation, course_of};
use crate::sizing::Resource;
use crate::units::{Bytes, Hours};
use crate::workload::{Cleanup, Growth, ReaderKind};

/// The scorecard of one platform.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// The platform.
    pub platform: String,
    /// One for each of [`QUESTIONS`], in their order: of a platform that stands in parts, those of the worst part.
    pub answers: Vec<Answer>,
    /// The answers of each part, where there are several.
    pub parts: Vec<(Part, Vec<Answer>)>,
}

/// The answer to one question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its name, as a scenario writes it.
    pub question: &'static str,
    /// As people ask it.
    pub title: &'static str,
    /// The part that it is of; the whole platform unless it stands in parts.
    pub part: Part,
    /// `None` where a person has to say.
    pub light: Option<Light>,
    /// What was found, in a sentence or two.
    pub finding: String,
    /// The figures behind it.
    pub evidence: Vec<Fact>,
    /// The user's own mark.
    pub own: Option<Mark>,
}

/// The questions as people ask them, in the order of [`QUESTIONS`].
pub const TITLES: [&str; 9] = [
    "Edge reconnect storm",
    "Retention expansion",
    "Historical replay",
    "Compute replacement",
    "Elastic scale-out",
    "Reader recovery",
    "Migration and roll-back",
    "Cost visibility",
    "Compatibility, governance, security, observability",
];

impl Scorecard {
    /// How many answers have a light, the user's own marks included where there is no other.
    pub fn count(&self, light: Light) -> usize {
        self.answers.iter().filter(|answer| answer.shown() == Some(light)).count()
    }
}

impl Answer {
    /// The computed light, or the user's own where none is.
    pub fn shown(&self) -> Option<Light> {
        self.light.or(self.own.as_ref().map(|own| own.mark))
    }
}

/// Asks every question of a planned platform, part by part; the bill is judged as a whole.
pub fn scorecard(plan: &Plan, scenario: &Scenario, prices: &Prices) -> Scorecard {
    let shares = parts::split(scenario, &plan.design);
    let of_parts = plan.each().filter_map(|part| {
        let share = shares.iter().find(|share| share.part == part.part)?;
        Some((part.part.clone(), answers(part, &share.scenario, parts::list(prices, &part.part))))
    });
    let mut of_parts: Vec<(Part, Vec<Answer>)> = of_parts.collect();
    let platform = plan.design.name.clone();
    if of_parts.len() < 2 {
        let answers = of_parts.pop().map_or_else(Vec::new, |(_, answers)| answers);
        return Scorecard { platform, answers, parts: Vec::new() };
    }
    let whole = cost_visibility(plan, &scenario.policy);
    let answers = (0..QUESTIONS.len()).map(|question| {
        let mut worst = worst(&of_parts, question);
        if QUESTIONS[question] == COST_VISIBILITY {
            worst = Answer {
                part: Part::default(),
                light: whole.light,
                finding: whole.finding.clone(),
                evidence: whole.evidence.clone(),
                ..worst
            };
        }
        worst
    });
    Scorecard { platform, answers: answers.collect(), parts: of_parts }
}

/// The question about the bill, which is one.
const COST_VISIBILITY: &str = "cost-visibility";

/// The answer of the part that is worst off; it says which, where parts differ in more than words.
fn worst(parts: &[(Part, Vec<Answer>)], question: usize) -> Answer {
    let mut answers = parts.iter().map(|(part, answers)| (part, &answers[question]));
    let (mut part, mut worst) = answers.next().expect("a platform has at least one part");
    for (other, answer) in answers {
        if answer.light > worst.light {
            (part, worst) = (other, answer);
        }
    }
    if worst.light.is_none() {
        return worst.clone();
    }
    let finding = format!("{}: {}", part.name(), worst.finding);
    Answer { part: part.clone(), finding, ..worst.clone() }
}

/// Every question, asked of one part.
fn answers(plan: &Plan, scenario: &Scenario, prices: &PriceList) -> Vec<Answer> {
    let probe = Probe::new(plan, scenario, prices);
    let found = [
        probe.storm(),
        probe.retention(),
        probe.replay(),
        probe.replacement(),
        probe.scale_out(),
        probe.reader(),
        probe.migration(),
        cost_visibility(plan, &scenario.policy),
        not_computed(match own_mark(scenario, "governance", &plan.design.name) {
            Some(_) => "Not computed: a person has judged it.",
            None => "Not computed: it takes a person, and a `[[scorecard.mark]]`.",
        }),
    ];
    let answers = QUESTIONS.iter().zip(TITLES).zip(found);
    answers
        .map(|((question, title), found)| Answer {
            question,
            title,
            part: Part::default(),
            light: found.light,
            finding: found.finding,
            evidence: found.evidence,
            own: own_mark(scenario, question, &plan.design.name),
        })
        .collect()
}

/// The user's mark for a platform, or the one for all of them.
fn own_mark(scenario: &Scenario, question: &str, platform: &str) -> Option<Mark> {
    let of = |wanted: Option<&str>| {
        let mut marks = scenario.marks.iter();
        marks.find(|mark| mark.question == question && mark.platform.as_deref() == wanted).cloned()
    };
    of(Some(platform)).or_else(|| of(None))
}

/// A light with its reasons.
struct Found {
    light: Option<Light>,
    finding: String,
    evidence: Vec<Fact>,
}

fn found(light: Light, finding: String, evidence: Vec<Fact>) -> Found {
    Found { light: Some(light), finding, evidence }
}

fn not_computed(why: &str) -> Found {
    Found { light: None, finding: why.to_owned(), evidence: Vec::new() }
}

fn fact(name: &'static str, value: Figure) -> Fact {
    Fact { name, value }
}

fn hours(name: &'static str, value: f64) -> Fact {
    fact(name, Figure::Hours(value))
}

/// A time in a sentence, to two or three digits.
fn time(hours: f64) -> String {
    Hours::new(hours).rounded().to_string()
}

fn size(bytes: f64) -> String {
    Bytes::new(bytes).rounded().to_string()
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn more_brokers(added: u32) -> String {
    if added == 1 { "1 more broker".to_owned() } else { format!("{added} more brokers") }
}

/// Why nothing fits, and the way out.
fn way_out(rejection: &Rejection) -> String {
    let Some(reason) = rejection.reasons.first() else { return String::new() };
    let why = match reason {
        Reason::NoneFits { unfit, .. } => unfit.to_string(),
        reason => reason.to_string(),
    };
    format!(": {why}. {}", capitalized(reason.hint()))
}

/// Green up to one limit, yellow up to another, red beyond.
fn light(value: f64, yellow: f64, red: f64) -> Light {
    match value {
        value if value > red => Light::Red,
        value if value > yellow => Light::Yellow,
        _ => Light::Green,
    }
}

/// A steady stretch of the busiest month, on the fleet that was planned, in which things can happen.
struct Probe<'a> {
    plan: &'a Plan,
    policy: &'a Policy,
    scenario: Scenario,
    design: Design,
    prices: &'a PriceList,
    /// The highest hour of the second week.
    peak: Hours,
    /// What the scenario asks for.
    freshness: Option<Hours>,
    quiet: Option<Plan>,
}

/// A storm that was run.
struct Storm {
    outcome: Outcome,
    delay: f64,
    behind: f64,
    brokers: Light,
    readers: Light,
    late: Option<(String, usize, f64)>,
}

/// The week before anything happens shows what is normal.
const WARM_UP: f64 = 168.0;

impl<'a> Probe<'a> {
    fn new(plan: &'a Plan, scenario: &'a Scenario, prices: &'a PriceList) -> Self {
        let mut steady = scenario.clone();
        let growth = |growth: &Growth| growth.factor(plan.month.index);
        steady
            .workload
            .streams
            .retain(|stream| stream.is_active(plan.month.start, plan.month.end()));
        for stream in &mut steady.workload.streams {
            let times = growth(&stream.growth);
            stream.produce_raw = stream.produce_raw * times;
            stream.records = stream
                .records
                .map(|records| crate::units::Frequency::new(records.per_sec() * times));
            stream.growth = Growth::none();
            (stream.start, stream.end) = (None, None);
            if let Some(load) = plan.load.streams.iter().find(|load| load.name == stream.name) {
                stream.partitions = Some(load.partitions);
                stream.retention = load.retention;
            }
        }
        steady.horizon = Horizon {
            months: 2,
            month: MonthLength::Fixed(Hours::new(744.0)),
            full: true,
            ..scenario.horizon.clone()
        };
        steady.events = Vec::new();
        steady.slo.freshness = None;
        let mut design = plan.design.clone();
        design.settings.broker = Some(plan.machine.clone());
        design.settings.brokers = Some(plan.fleet.brokers);
        let peak = Hours::new(WARM_UP) + peak_hour(&steady);
        let mut probe = Self {
            plan,
            policy: &scenario.policy,
            scenario: steady,
            design,
            prices,
            peak,
            freshness: scenario.slo.freshness,
            quiet: None,
        };
        probe.quiet = probe.run(Vec::new());
        probe
    }

    fn run(&self, events: Vec<Event>) -> Option<Plan> {
        let mut scenario = self.scenario.clone();
        scenario.events = events;
        through(&self.design, &scenario, self.prices, Asked::default()).ok()
    }

    /// What comes of one event, and what is normal.
    fn try_out(
        &self,
        kind: EventKind,
        at: Hours,
        change: impl FnOnce(&mut Event),
    ) -> Option<(Outcome, Plan)> {
        let mut event = Event::new(kind, at);
        change(&mut event);
        let plan = self.run(vec![event])?;
        let outcome = plan.simulation.as_ref()?.outcomes.first()?.clone();
        Some((outcome, plan))
    }

    fn normal(&self) -> Option<&Simulation> {
        self.quiet.as_ref()?.simulation.as_ref()
    }

    /// Time that something adds to what is normal, in hours.
    fn added(&self, lag: f64, of: fn(&Simulation) -> f64) -> f64 {
        (lag - self.normal().map_or(0.0, of)).max(0.0)
    }

    /// Readers that break their lag budget in a run and not in a normal one: the name of the one furthest behind, how
    /// many there are, and how far it is behind.
    fn too_far_behind(&self, run: &Plan) -> Option<(String, usize, f64)> {
        let worst = |plan: &Plan, name: &str| {
            let incidents = crate::objectives::incidents(plan);
            let of = incidents.filter(|one| one.matter == Matter::Lag && one.subject == name);
            of.map(|incident| incident.worst).fold(0.0, f64::max)
        };
        let mut found: Vec<(String, f64)> = Vec::new();
        for stream in &self.scenario.workload.streams {
            for reader in &stream.readers {
                let name = format!("{} of {}", reader.group, stream.name);
                let lag = worst(run, &name);
                if lag > self.quiet.as_ref().map_or(0.0, |quiet| worst(quiet, &name)) * 1.001 {
                    found.push((format!("`{}` of `{}`", reader.group, stream.name), lag));
                }
            }
        }
        let count = found.len();
        let furthest =
            found.into_iter().reduce(|one, other| if other.1 > one.1 { other } else { one });
        furthest.map(|(name, lag)| (name, count, lag))
    }

    /// A storm whose devices send what they held over `drain`.
    fn storm_over(&self, drain: Hours) -> Option<Storm> {
        let policy = self.policy;
        let (outcome, plan) =
            self.try_out(EventKind::ReconnectStorm, self.peak - policy.storm_outage, |event| {
                event.settings.share = policy.storm_share;
                event.settings.outage = policy.storm_outage;
                event.settings.drain = drain;
            })?;
        let delay = self.added(outcome.wait, |normal| normal.peaks.wait);
        let behind = self.added(outcome.lag, |normal| normal.peaks.lag);
        let brokers = light(outcome.busiest, policy.utilization_yellow, policy.utilization_red)
            .max(light(
                delay,
                policy.storm_delay_yellow.as_hours(),
                policy.storm_delay_red.as_hours(),
            ));
        let late = self.too_far_behind(&plan);
        let stale = self.freshness.is_some_and(|limit| behind > limit.as_hours());
        let readers = if stale || late.is_some() { Light::Yellow } else { Light::Green };
        Some(Storm { outcome, delay, behind, brokers, readers, late })
    }

    fn storm(&self) -> Found {
        let policy = self.policy;
        let Some(storm) = self.storm_over(policy.storm_drain) else {
            return not_computed("The storm cannot be run.");
        };
        let Storm { outcome, delay, behind, brokers, readers, late } = storm;
        let back = (self.peak - outcome.from).as_hours();
        let drained = outcome.hours("all is sent after").map(|after| after - back);
        let light = brokers.max(readers);
        let resource = outcome.bottleneck.map_or("capacity", Resource::name);
        let who = format!(
            "{} of the sources, back at the peak after {}, bring {}",
            percent(policy.storm_share),
            policy.storm_outage,
            size(outcome.bytes("held back at the edge"))
        );
        let spread = if light == Light::Green { None } else { self.longer_drain() };
        let spread = spread.map_or("spread the drain".to_owned(), |drain| {
            format!("spread the drain over {drain}")
        });
        let finding = match brokers {
            Light::Green if readers == Light::Green => {
                format!("{who}; brokers take it, {resource} at {}.", percent(outcome.busiest))
            }
            Light::Green => {
                let (slow, give) = match late {
                    Some((name, 1, lag)) => {
                        (format!("{name} falls {} behind", time(lag)), "give it more `capacity`")
                    }
                    Some((name, count, lag)) => (
                        format!(
                            "{count} groups break their `lag_budget`, first {name}, {} behind",
                            time(lag)
                        ),
                        "give them more `capacity`",
                    ),
                    None => (
                        format!("readers fall {} behind", time(behind)),
                        "give their groups more `capacity`",
                    ),
                };
                format!(
                    "{who}; brokers take it, {resource} at {}, but {slow}: {give}, or {spread}.",
                    percent(outcome.busiest)
                )
            }
            Light::Yellow => format!(
                "{who}; brokers take it with little left, {resource} at {}{}: {spread}, or add brokers.",
                percent(outcome.busiest),
                if delay > 0.0 {
                    format!(", and records wait {}", time(delay))
                } else {
                    String::new()
                }
            ),
            Light::Red => format!(
                "{who} and ask for {} of the brokers' {resource}; records wait {}: {spread}, or add brokers.",
                percent(outcome.busiest),
                time(delay)
            ),
        };
        let mut evidence = vec![
            fact("highest utilization", Figure::Share(outcome.busiest)),
            fact("held back at the edge", Figure::Bytes(outcome.bytes("held back at the edge"))),
            hours("refused records wait", delay),
            hours("readers fall behind by", behind),
        ];
        evidence.push(
            drained.map_or(fact("drained", Figure::Never), |after| hours("drained after", after)),
        );
        evidence.extend(
            outcome
                .figure("attempts in the first wave")
                .map(|rate| fact("attempts in the first wave", rate)),
        );
        evidence.extend(
            outcome.hours("99 % are back after").map(|after| hours("99 % are back after", after)),
        );
        found(light, finding, evidence)
    }

    /// The first of some longer drains with which the storm is green.
    fn longer_drain(&self) -> Option<Hours> {
        const MINUTES: [f64; 8] = [20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 360.0];
        MINUTES
            .into_iter()
            .map(|minutes| Hours::from_secs(minutes * 60.0))
            .filter(|drain| *drain > self.policy.storm_drain)
            .find(|drain| {
                let storm = self.storm_over(*drain);
                storm.is_some_and(|storm| storm.brokers.max(storm.readers) == Light::Green)
            })
    }

    /// A steady month with other retentions, on the same machine and as many brokers as that takes.
    fn kept_longer(&self, longer: impl Fn(Hours) -> Hours) -> Result<Plan, Box<Rejection>> {
        let mut workload = self.scenario.workload.clone();
        for stream in &mut workload.streams {
            if matches!(stream.cleanup, Cleanup::Delete) {
                stream.retention = longer(stream.retention);
            }
        }
        let mut design = self.design.clone();
        design.settings.brokers = self.plan.design.settings.brokers;
        plan::plan(&design, &workload, self.scenario.horizon.month(0), self.prices)
    }

    fn retention(&self) -> Found {
        let times = self.policy.retention_times.0;
        let plans = (
            self.kept_longer(|retention| retention),
            self.kept_longer(|retention| retention + Hours::from_days(1.0)),
            self.kept_longer(|retention| retention * times),
        );
        let (now, day) = match (plans.0, plans.1) {
            (Ok(now), Ok(day)) => (now, day),
            (Err(rejection), _) | (_, Err(rejection)) => {
                let finding = format!("Not a day more can be kept{}.", way_out(&rejection));
                return found(Light::Red, finding, vec![fact("brokers", Figure::Never)]);
            }
        };
        let more = match plans.2 {
            Ok(more) => more,
            Err(rejection) => {
                let why = way_out(&rejection);
                let finding = format!(
                    "No fleet on {} holds {times} × the retention{why}.",
                    self.plan.machine
                );
                return found(Light::Red, finding, vec![fact("brokers", Figure::Never)]);
            }
        };
        let cost = now.monthly_cost().as_f64().max(1e-9);
        let growth = more.monthly_cost().as_f64() / cost - 1.0;
        let added = more.fleet.brokers.saturating_sub(now.fleet.brokers);
        let extra = more.storage.on_brokers.base_bytes();
        let moved = extra * f64::from(added) / f64::from(more.fleet.brokers.max(1));
        let day_cost = day.monthly_cost() - now.monthly_cost();
        let kept = (more.storage.logical - now.storage.logical).as_gib();
        let grown = (more.monthly_cost() - now.monthly_cost()).as_f64();
        let price = if kept > 0.0 { grown / kept } else { 0.0 };
        let limit = |price: PerGib| price.0.as_f64();
        let mut light = light(
            price,
            limit(self.policy.retention_price_yellow),
            limit(self.policy.retention_price_red),
        );
        if added > 0 && self.plan.design.replicates() {
            light = light.max(Light::Yellow);
        }
        let replicated = self.plan.design.replicates();
        let brokers = match added {
            0 => ", without another broker".to_owned(),
            added if moved > 0.0 && replicated => {
                format!(
                    ", with {} and {} to move to {}",
                    more_brokers(added),
                    size(moved),
                    if added == 1 { "it" } else { "them" }
                )
            }
            added => format!(", with {}", more_brokers(added)),
        };
        let each = if day_cost.dollars().abs() < rust_decimal::Decimal::new(5, 3) {
            "nothing until it takes another broker".to_owned()
        } else {
            format!("{} a month", dollars(day_cost))
        };
        let grows = |component: &Component| {
            (more.bill.of_component(*component) - now.bill.of_component(*component)).as_f64()
        };
        let most = Component::ALL.iter().max_by(|one, other| grows(one).total_cmp(&grows(other)));
        let most = most.filter(|component| grows(component) > 0.0);
        let shorter = self.plan.design.architecture() == Architecture::Tiered
            && light > Light::Green
            && most == Some(&Component::BlockStorage);
        let finding = format!(
            "{times} × the retention adds {} to the bill, {} a month{}{brokers}{}. A day more on every stream costs {each}.",
            percent(growth),
            dollars(more.monthly_cost() - now.monthly_cost()),
            most.map_or(String::new(), |most| format!(", most of it {}", most.name())),
            if shorter { ": shorten `local_retention`" } else { "" },
        );
        let evidence = vec![
            fact("for each GiB more, a month", Figure::Dollars(price)),
            fact("growth of the bill", Figure::Share(growth)),
            fact(
                "growth, a month",
                Figure::Dollars((more.monthly_cost() - now.monthly_cost()).as_f64()),
            ),
            fact("for each day more, a month", Figure::Dollars(day_cost.as_f64())),
            fact("brokers added", Figure::Count(f64::from(added))),
            fact("moved to them", Figure::Bytes(if added > 0 { moved } else { 0.0 })),
        ];
        found(light, finding, evidence)
    }

    /// The stream with most history.
    fn largest(&self) -> Option<&crate::workload::Stream> {
        let window = |stream: &crate::workload::Stream| {
            (stream.produce() * stream.retention.min(self.policy.replay_window)).base_bytes()
        };
        let streams = self.scenario.workload.streams.iter();
        let deleted = streams.filter(|stream| matches!(stream.cleanup, Cleanup::Delete));
        deleted.max_by(|one, other| {
            window(one).total_cmp(&window(other)).then_with(|| other.name.cmp(&one.name))
        })
    }

    fn replay(&self) -> Found {
        let policy = self.policy;
        let Some(stream) = self.largest() else {
            return not_computed("Every stream is compacted: there is no history to replay.");
        };
        let window = policy.replay_window.min(stream.retention);
        let tried = self.replay_within(stream, window, policy.replay_within);
        let Some((outcome, plan)) = tried else { return not_computed("The replay cannot be run.") };
        let light = self.replay_light(&outcome, &plan, policy.replay_within);
        let within = policy.replay_within.as_hours();
        let took = outcome.hours("read after");
        let lag = self.added(outcome.lag, |normal| normal.peaks.lag);
        let costs = self.extra_cost(&plan);
        let what = format!("{window} of `{}`", stream.name);
        let price = if costs.as_f64() >= 0.01 {
            format!(" It costs {} of requests and traffic.", dollars(costs))
        } else {
            String::new()
        };
        let effect = if lag > 0.0 {
            format!("readers at the end of the log fall {} behind", time(lag))
        } else {
            "no other reader falls behind".to_owned()
        };
        let resource = outcome.bottleneck.map_or("capacity", Resource::name);
        let action = if light == Light::Green {
            String::new()
        } else {
            let slower = [1.5, 2.0, 3.0, 6.0].into_iter().map(|times| policy.replay_within * times);
            let slower = slower.into_iter().find(|within| {
                let run = self.replay_within(stream, window, *within);
                run.is_some_and(|(outcome, plan)| {
                    self.replay_light(&outcome, &plan, *within) == Light::Green
                })
            });
            slower.map_or(": add brokers, or read less at once".to_owned(), |within| {
                format!(": give it {within}, or add brokers")
            })
        };
        let finding = match took {
            None => {
                format!(
                    "{what} is never read to the end beside live traffic, {resource} at {}{action}.",
                    percent(outcome.busiest)
                )
            }
            Some(took) if took > within * (1.0 + 1e-6) => format!(
                "{what} takes {} instead of {}, {resource} at its limit, and {effect}{action}.{price}",
                time(took),
                time(within)
            ),
            Some(took) => format!(
                "{what} is read within {}, {resource} at {}, and {effect}{action}.{price}",
                time(took),
                percent(outcome.busiest)
            ),
        };
        let mut evidence =
            vec![took.map_or(fact("read", Figure::Never), |took| hours("read after", took))];
        evidence.push(hours("lag added to tail readers", lag));
        evidence.push(fact("highest utilization", Figure::Share(outcome.busiest)));
        evidence.push(fact("requests and traffic", Figure::Dollars(costs.as_f64())));
        found(light, finding, evidence)
    }

    fn replay_within(
        &self,
        stream: &crate::workload::Stream,
        window: Hours,
        within: Hours,
    ) -> Option<(Outcome, Plan)> {
        self.try_out(EventKind::Replay, self.peak, |event| {
            event.stream = Some(stream.name.clone());
            event.settings.window = window;
            event.settings.within = within;
        })
    }

    fn replay_light(&self, outcome: &Outcome, plan: &Plan, within: Hours) -> Light {
        let within = within.as_hours();
        let on_time = outcome.hours("read after").map_or(Light::Red, |took| {
            light(took, within * (1.0 + 1e-6), within * self.policy.replay_late_red.0)
        });
        let lag = self.added(outcome.lag, |normal| normal.peaks.lag);
        let too_far = if self.has_budgets() {
            self.too_far_behind(plan).is_some()
        } else {
            lag > self.policy.storm_delay_yellow.as_hours()
        };
        if too_far {
            Light::Red
        } else if lag > 0.0 || outcome.busiest > self.policy.utilization_yellow {
            on_time.max(Light::Yellow)
        } else {
            on_time
        }
    }

    /// Whether any reader says how far behind it may be.
    fn has_budgets(&self) -> bool {
        let mut readers = self.scenario.workload.streams.iter().flat_map(|stream| &stream.readers);
        readers.any(|reader| matches!(reader.kind, ReaderKind::Tail { lag_budget: Some(_) }))
    }

    /// What a run costs more than a normal one.
    fn extra_cost(&self, plan: &Plan) -> Usd {
        let normal = self.quiet.as_ref().map_or(Usd::ZERO, |quiet| quiet.bill.contracted_cost());
        let more = plan.bill.contracted_cost() - normal;
        if more < Usd::ZERO { Usd::ZERO } else { more }
    }

    fn replacement(&self) -> Found {
        if self.plan.design.is_list_price() {
            let finding = "What a lost broker or zone means inside the service is not published: ask for its objectives.";
            return found(Light::Yellow, finding.to_owned(), Vec::new());
        }
        let policy = self.policy;
        let broker = self.try_out(EventKind::BrokerLoss, self.peak, |_| ());
        let zone = self.try_out(EventKind::ZoneLoss, self.peak, |event| {
            event.settings.outage = policy.zone_outage;
        });
        let (Some((broker, _)), Some((zone, zoned))) = (broker, zone) else {
            return not_computed("The loss cannot be run.");
        };
        let shared = !self.plan.design.replicates();
        let copied = broker.bytes("copied");
        // Shared storage is whole when others have taken over.
        let whole = match self.plan.recovery.course {
            Course::TakeOver => self.plan.recovery.time.map(Hours::as_hours),
            Course::NotPublished => None,
            _ => broker.hours("fully redundant after"),
        };
        let asked = self.scenario.slo.recovery.unwrap_or(policy.recovery_yellow).as_hours();
        let one = match (self.plan.recovery.course, whole) {
            (Course::NotPublished, _) => Light::Yellow,
            (_, Some(whole)) => light(whole, asked, policy.recovery_red.as_hours().max(asked)),
            (_, None) => Light::Red,
        };
        let dark = match zone.figure("partitions without enough replicas") {
            Some(Figure::Share(share)) => share,
            _ => 0.0,
        };
        let lag = self.added(zone.lag, |normal| normal.peaks.lag);
        let zones = self.plan.design.settings.zones;
        let mut two = light(zone.busiest, policy.utilization_red, policy.zone_red.0);
        if dark > 0.0 || zones == 1 {
            two = Light::Red;
        }
        let light = one.max(two);
        let tiered = self.plan.design.architecture() == Architecture::Tiered;
        let faster = match one {
            Light::Green => "",
            _ if tiered => ": raise `rebuild_rate`, or shorten `local_retention` or `segment_ms`",
            _ => ": raise `rebuild_rate`, or spread the data over more brokers",
        };
        let first = match (self.plan.recovery.course, whole) {
            (Course::NotPublished, _) => {
                "The service repairs a lost broker; how long that takes is not published."
                    .to_owned()
            }
            (Course::DataLost, _) => {
                "A lost broker's records are gone: there is no other copy.".to_owned()
            }
            (Course::NoOtherBroker, _) => {
                "A lost broker leaves none to take over: add brokers.".to_owned()
            }
            (_, None) => {
                "A lost broker's replicas are never all back: raise `rebuild_rate`.".to_owned()
            }
            (_, Some(whole)) if shared => {
                format!(
                    "A lost broker's work is taken over within {}; nothing is copied.",
                    time(whole)
                )
            }
            (_, Some(whole)) => {
                format!("A lost broker's {} take {} to copy{faster}.", size(copied), time(whole),)
            }
        };
        let resource = zone.bottleneck.map_or("capacity", Resource::name);
        let second = if zones == 1 {
            " There is one zone: without it nothing runs.".to_owned()
        } else if dark > 0.0 {
            format!(" With a zone down, {} of the partitions accept no writes.", percent(dark))
        } else if zone.busiest > 1.0 {
            format!(
                " With a zone down at the peak, the rest is asked for {} of its {resource}, and readers fall {} behind: raise `brokers`.",
                percent(zone.busiest),
                time(lag)
            )
        } else {
            format!(
                " With a zone down at the peak, the rest runs at {} of its {resource}.",
                percent(zone.busiest)
            )
        };
        let mut evidence = vec![fact("copied for a broker", Figure::Bytes(copied))];
        match (self.plan.recovery.course, whole) {
            (_, Some(whole)) => evidence.push(hours("fully redundant after", whole)),
            (Course::NotPublished, None) => (),
            (_, None) => evidence.push(fact("fully redundant", Figure::Never)),
        }
        evidence.push(fact("utilization with a zone down", Figure::Share(zone.busiest)));
        evidence.push(hours("lag added with a zone down", lag));
        if let Some(back) = zone.hours("fully redundant after").or(zone.hours("capacity after")) {
            evidence.push(hours("whole again after a zone's loss", back));
        }
        let available = zoned.simulation.as_ref().map_or(1.0, |run| run.available);
        evidence.push(fact("writes accepted in the two months", Figure::Share(available)));
        found(light, first + &second, evidence)
    }

    fn scale_out(&self) -> Found {
        let policy = self.policy;
        let times = policy.traffic_times.0;
        let mut workload = self.scenario.workload.clone();
        for stream in &mut workload.streams {
            stream.produce_raw = stream.produce_raw * times;
            stream.records = stream
                .records
                .map(|records| crate::units::Frequency::new(records.per_sec() * times));
        }
        let mut design = self.design.clone();
        design.settings.brokers = None;
        let more = plan::plan(&design, &workload, self.scenario.horizon.month(0), self.prices);
        let more = match more {
            Ok(more) => more,
            Err(rejection) => {
                let why = way_out(&rejection);
                let finding =
                    format!("No fleet on {} takes {times} × the traffic{why}.", self.plan.machine);
                return found(Light::Red, finding, vec![fact("brokers", Figure::Never)]);
            }
        };
        let added = more.fleet.brokers.saturating_sub(self.plan.fleet.brokers);
        if added == 0 {
            let finding = format!("{times} × the traffic fits on the fleet as it is.");
            return found(Light::Green, finding, vec![fact("brokers added", Figure::Count(0.0))]);
        }
        let takes = format!("{times} × the traffic takes {}", more_brokers(added));
        if self.plan.recovery.course == Course::NotPublished {
            let finding = format!(
                "{takes}; how soon the service moves work to new brokers is not published."
            );
            let evidence = vec![fact("brokers added", Figure::Count(f64::from(added)))];
            return found(Light::Yellow, finding, evidence);
        }
        let tried =
            self.try_out(EventKind::ScaleOut, self.peak, |event| event.settings.brokers = added);
        let Some((outcome, _)) = tried else { return not_computed("Scaling out cannot be run.") };
        let after = outcome.hours("capacity after");
        let light = after.map_or(Light::Red, |after| {
            light(after, policy.scale_out_yellow.as_hours(), policy.scale_out_red.as_hours())
        });
        let moved = outcome.bytes("copied");
        let help = if added == 1 { "it helps" } else { "they help" };
        let sooner = match (light, self.plan.design.architecture()) {
            (Light::Green, _) => "",
            (_, Architecture::Tiered) => {
                ": add brokers before the load comes, or shorten `local_retention` or `segment_ms`"
            }
            _ => ": add brokers before the load comes, or raise `rebuild_rate`",
        };
        let finding = match after {
            None => format!("{takes}, and moving data to them never ends: raise `rebuild_rate`."),
            Some(after) if moved > 0.0 => format!(
                "{takes}; {help} after {}, when {} have moved{sooner}.",
                time(after),
                size(moved)
            ),
            Some(after) => format!("{takes}; {help} after {}, nothing has to move.", time(after)),
        };
        let evidence = vec![
            fact("brokers added", Figure::Count(f64::from(added))),
            fact("moved", Figure::Bytes(moved)),
            after.map_or(fact("capacity", Figure::Never), |after| hours("capacity after", after)),
        ];
        found(light, finding, evidence)
    }

    fn reader(&self) -> Found {
        let policy = self.policy;
        let mut best: Option<(f64, &str, &str, f64)> = None;
        for stream in &self.scenario.workload.streams {
            for reader in &stream.readers {
                let rate = stream.produce().as_mib_per_sec() * reader.share;
                let tail = matches!(reader.kind, ReaderKind::Tail { .. });
                if tail && best.is_none_or(|best| rate > best.0) {
                    best = Some((rate, &stream.name, &reader.group, reader.capacity));
                }
            }
        }
        let Some((_, stream, group, capacity)) = best else {
            return not_computed("Nobody reads at the end of the log.");
        };
        let tried = self.try_out(EventKind::ReaderOutage, self.peak, |event| {
            event.stream = Some(stream.to_owned());
            event.group = Some(group.to_owned());
            event.settings.outage = policy.reader_outage;
        });
        let Some((outcome, plan)) = tried else { return not_computed("The outage cannot be run.") };
        let down = policy.reader_outage.as_hours();
        let after = outcome.hours("caught up after").map(|after| after - down);
        let lost: f64 = crate::objectives::incidents(&plan)
            .filter(|incident| incident.matter == Matter::Lost)
            .map(|incident| incident.worst)
            .sum();
        let mut light = after.map_or(Light::Red, |after| {
            light(after, down * policy.catch_up_yellow.0, down * policy.catch_up_red.0)
        });
        if lost > 0.0 {
            light = Light::Red;
        } else if outcome.busiest > policy.utilization_red {
            light = light.max(Light::Yellow);
        }
        let who = format!("`{group}` of `{stream}`, down for {}", policy.reader_outage);
        let resource = outcome.bottleneck.map_or("capacity", Resource::name);
        let action = if light == Light::Green {
            String::new()
        } else if outcome.busiest > policy.utilization_red {
            ": add brokers".to_owned()
        } else {
            format!(": give it more `capacity` than {capacity}")
        };
        let finding = match after {
            _ if lost > 0.0 => {
                format!("{who}, loses {} that expire unread: keep the stream longer.", size(lost))
            }
            None => format!(
                "{who}, never catches up, {resource} at {}{action}.",
                percent(outcome.busiest)
            ),
            Some(after) => format!(
                "{who}, catches up {} after it is back, {resource} at {}{action}.",
                time(after),
                percent(outcome.busiest)
            ),
        };
        let mut evidence = vec![
            after.map_or(fact("caught up", Figure::Never), |after| hours("caught up after", after)),
        ];
        evidence.push(hours("longest lag", outcome.lag));
        evidence.push(fact("highest utilization", Figure::Share(outcome.busiest)));
        if lost > 0.0 {
            evidence.push(fact("expired unread", Figure::Bytes(lost)));
        }
        found(light, finding, evidence)
    }

    fn migration(&self) -> Found {
        let policy = self.policy;
        let mut event = Event::new(EventKind::Migration, self.peak);
        event.settings.mirror = policy.migration_mirror;
        event.settings.dual_run = policy.migration_dual_run;
        event.settings.roll_back = Some(policy.migration_roll_back);
        let course = course_of(&event, &self.scenario);
        let (history, back) = (course.history(), course.back);
        let copied_back = back / policy.migration_mirror;
        let mirrored = course.mirrored - course.start;
        let both = course.cut_over - course.start;
        let month = self.scenario.horizon.month(0).length;
        let months = rust_decimal::Decimal::try_from(both / month).unwrap_or_default();
        // Of a steady month: the plan's own bill may have a migration on it.
        let monthly = self.quiet.as_ref().unwrap_or(self.plan).monthly_cost();
        let overlap = monthly * months.round_dp(6);
        let going_back = light(
            copied_back.as_hours(),
            policy.migration_yellow.as_hours(),
            policy.migration_red.as_hours(),
        );
        let going = light(
            mirrored.as_hours(),
            policy.migration_dual_run.as_hours(),
            policy.migration_dual_run.as_hours() * 6.0,
        );
        let light = going.max(going_back);
        let action = match (going, going_back) {
            (Light::Green, Light::Green) => "",
            (_, Light::Green) => ": mirror faster, or less history",
            (Light::Green, _) => ": mirror faster, or decide sooner",
            _ => ": mirror faster, mirror less history, or decide sooner",
        };
        let finding = format!(
            "Mirroring {} of history takes {} at {}. Until the cut-over, {} of dual run included, this platform costs {}. Going back after {} copies {} in {}{action}.",
            history.rounded(),
            mirrored.rounded(),
            policy.migration_mirror,
            policy.migration_dual_run,
            dollars(overlap),
            policy.migration_roll_back,
            back.rounded(),
            copied_back.rounded(),
        );
        let evidence = vec![
            fact("history mirrored", Figure::Bytes(history.base_bytes())),
            hours("mirrored after", mirrored.as_hours()),
            hours("both run for", both.as_hours()),
            fact("overlap", Figure::Dollars(overlap.as_f64())),
            fact("to copy back", Figure::Bytes(back.base_bytes())),
            hours("copied back after", copied_back.as_hours()),
        ];
        found(light, finding, evidence)
    }
}

/// The highest hour of a week, all streams together, since the start of the horizon.
fn peak_hour(scenario: &Scenario) -> Hours {
    let start = scenario.horizon.week_start();
    let rate = |hour: usize| -> f64 {
        let at = start + Hours::new(hour as f64);
        let streams = scenario.workload.streams.iter();
        streams
            .map(|stream| stream.produce().as_mib_per_sec() * stream.shape.at(at + stream.clock))
            .sum()
    };
    let mut best = (0, rate(0));
    for hour in 1..WEEK {
        let rate = rate(hour);
        if rate > best.1 * (1.0 + 1e-12) {
            best = (hour, rate);
        }
    }
    Hours::new(best.0 as f64)
}

fn cost_visibility(plan: &Plan, policy: &Policy) -> Found {
    // What the platform that is left costs is on that platform's bill.
    let migration = plan.bill.of_component(Component::Migration);
    let total = (plan.bill.contracted_cost() - migration).as_f64();
    let mut parts: Vec<(Component, f64)> = Component::ALL
        .iter()
        .filter(|component| **component != Component::Migration)
        .map(|component| (*component, plan.bill.of_component(*component).as_f64()))
        .filter(|(_, cost)| *cost > 0.0)
        .collect();
    order::sort_by(&mut parts, |one, other| other.1.total_cmp(&one.1));
    let share = |cost: f64| if total > 0.0 { cost / total } else { 0.0 };
    let derived: f64 = plan
        .bill
        .lines
        .iter()
        .filter(|line| line.price_basis == "derived" && line.component != Component::Migration)
        .fold(0.0, |sum, line| sum + line.contracted_cost.as_f64());
    let largest: Vec<String> = parts
        .iter()
        .take(3)
        .filter(|(_, cost)| share(*cost) >= 0.01)
        .map(|(component, cost)| format!("{} {}", component.name(), percent(share(*cost))))
        .collect();
    let spread = if largest.is_empty() { "nothing".to_owned() } else { sentence_list(&largest) };
    let gaps = &plan.bill.gaps;
    let evidence = vec![
        fact("lines on the bill", Figure::Count(plan.bill.lines.len() as f64)),
        fact("at derived prices", Figure::Share(share(derived))),
        fact("gaps", Figure::Count(gaps.len() as f64)),
    ];
    let at_derived = format!("{} of the bill is at derived prices", percent(share(derived)));
    let (light, finding) = if !gaps.is_empty() {
        let missing: Vec<String> = gaps
            .iter()
            .map(|gap| format!("{}; {}.", capitalized(gap.what.clone()), gap.hint))
            .collect();
        (Light::Red, format!("{} The rest goes mostly to {spread}.", missing.join(" ")))
    } else if plan.bill.is_range() {
        let (low, high) = (plan.monthly_cost_low(), plan.monthly_cost());
        let range = format!("{} to {} a month", dollars(low), dollars(high));
        let finding = format!(
            "Some of its prices are public as a range only, {range}: ask for a quote. It goes mostly to {spread}."
        );
        (Light::Yellow, finding)
    } else if share(derived) > policy.unverified_yellow {
        let way_out = "check them, or enter your own as `[[prices.override]]`";
        (Light::Yellow, format!("{at_derived}: {way_out}. It goes mostly to {spread}."))
    } else if derived > 0.0 {
        (
            Light::Green,
            format!("{at_derived}, the rest at list prices. It goes mostly to {spread}."),
        )
    } else {
        (Light::Green, format!("Every line has a list price. It goes mostly to {spread}."))
    };
    found(light, finding, evidence)
}
