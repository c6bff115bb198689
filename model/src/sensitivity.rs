//! How sure a verdict is: which defaults would make another platform the cheapest, and how far each of them is from that.
//!
//! ```text
//! every default ──by itself──▶ both ends of its range ▶ places between ▶ halve where the cheapest changes ──▶ Trial ─┐
//!                                                                                                    Study ◀──────────┘
//! ```
//!
//! A default is one value from one source: platforms that have it from there move together, all else stays. What the
//! scenario sets is the user's own and does not move. A [`Trial`] depends on its number and nothing else, so it does not
//! matter in which order they are run, or on how many threads.
//!
//! Each side of a default is looked at in at least [`STEPS`] steps, and halved where the cheapest changes from one to the
//! next; between the ends of a side only platforms are looked at that come near the cheapest at one of them ([`RIVAL`]). A
//! change that is undone within one step is not seen. Two defaults that are both off are not looked at together:
//! that is what `uncertainty` is for.

use crate::brief::{Flaw, Outcome, briefs};
use crate::comparison::left;
use crate::events::EventKind;
use crate::export::{Origin, Setting, line_settings, settings};
use crate::horizon::View;
use crate::order;
use crate::parameters::{self, Confidence, Kind, Parameter};
use crate::prices::Prices;
use crate::range::{Range, Spacing};
use crate::scenario::{Draft, Given, Scale, Scenario, ScenarioError, Variable};

/// Steps in which each side of a default is looked at, from the default to the end of its range; whole numbers each by
/// itself where there are no more.
pub const STEPS: usize = 4;

/// Share of its value to which a flip is found: as break-even, closer than any default is known.
pub const PRECISION: f64 = 1e-3;

/// Between a default and the end of its range, platforms that cost more than so many times the cheapest at both are not
/// planned: whole runs of them would be most of the work, and none of the verdict.
pub const RIVAL: f64 = 2.0;

/// A range whose ends are so many times apart is looked at in equal ratios, as break-even does.
const WIDE: f64 = 100.0;

/// Settings of words that whoever plans or runs a platform chooses, and that have no range: every other word is tried. All
/// other words say what a product is: changed, it would be another one.
const CHOSEN: &[&str] =
    &["headroom", "cpu_rule", "larger_first", "follower_fetching", "open_segments", "fleet"];

/// A scenario's verdict, ready to be tried.
#[derive(Clone, Debug)]
pub struct Sensitivity<'a> {
    draft: Draft,
    scenario: Scenario,
    prices: &'a Prices,
    view: View,
    /// Platforms that are compared, by their places in the scenario.
    between: Vec<usize>,
    /// The place of the platform that clients leave: no choice any more.
    left: Option<usize>,
    /// What becomes of them as it is.
    outcomes: Vec<Outcome>,
    subjects: Vec<Subject>,
    left_out: LeftOut,
}

/// A default: a value from a source, on one or more platforms.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its row in the table.
    pub parameter: &'static Parameter,
    /// The value, as a scenario writes it.
    pub value: String,
    /// Who gave it.
    pub origin: Origin,
    /// Where it comes from.
    pub source: &'static str,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// Platforms that have it, by their places in the answer.
    pub platforms: Vec<usize>,
    along: Along,
}

/// Where a default can go.
#[derive(Clone, Debug)]
enum Along {
    /// From a number to both ends of its range.
    Numbers { default: f64, low: f64, high: f64 },
    /// To any other word.
    Words(Vec<&'static str>),
}

/// Settings that are not tried, by why; each key once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The scenario sets them.
    pub given: usize,
    /// They are `auto`: they follow from the rest.
    pub auto: usize,
    /// They have no range: names, and what makes a product what it is.
    pub without_range: usize,
}

/// What a default does by itself.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Which.
    pub subject: Subject,
    /// What its numbers are measured in; `None` of words.
    pub scale: Option<Scale>,
    /// Its number, and the ends of its range.
    pub numbers: Option<[f64; 3]>,
    /// Whether any cost differs anywhere in its range, or any platform can be planned only here or there.
    pub bears: bool,
    /// Where the cheapest changes: below the default, above it, or at words; the nearest of each side.
    pub flips: Vec<Flip>,
    /// Where the next comes closest to the cheapest, of all that was looked at while it is the cheapest.
    pub closest: Option<Closest>,
}

/// A value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// On its scale.
    Number(f64),
    /// A word.
    Word(&'static str),
}

/// Where the cheapest changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The first value at which another is cheapest.
    pub at: Value,
    /// The last one before it at which the verdict stands, as near as the precision asks; `None` for words.
    pub before: Option<f64>,
    /// How far it is from the default, as a share of it; below zero for less. `None` for words, and from zero.
    pub of_default: Option<f64>,
    /// How far it is on the way from the default to the end of the range; `None` for words.
    pub of_way: Option<f64>,
    /// Who is cheapest there, by its place in the answer; `None` where nobody has a cost to compare.
    pub cheapest: Option<usize>,
    /// What that one costs there in a month, in dollars.
    pub cost: Option<f64>,
    /// What the one that was cheapest costs there; `None` where it has no cost to compare.
    pub cost_of_first: Option<f64>,
    /// Why it has none.
    pub why: Option<String>,
}

/// How close another platform comes.
#[derive(Clone, Debug, PartialEq)]
pub struct Closest {
    /// Where.
    pub at: Value,
    /// Who, by its place in the answer.
    pub next: usize,
    /// What the cheapest costs there in a month, in dollars.
    pub cost: f64,
    /// What the next costs there.
    pub cost_of_next: f64,
}

impl Closest {
    /// What the next costs more, as a share of what the cheapest costs.
    pub fn margin(&self) -> f64 {
        if self.cost > 0.0 { (self.cost_of_next - self.cost) / self.cost } else { f64::INFINITY }
    }
}

/// How sure a verdict is.
#[derive(Clone, Debug)]
pub struct Study {
    /// The scenario's title.
    pub title: String,
    /// What of the horizon is compared.
    pub view: View,
    /// Names of the platforms.
    pub platforms: Vec<String>,
    /// The platforms that have a cost to compare, the cheapest first, by their places in the answer.
    pub ranking: Vec<Rank>,
    /// Every default that was tried.
    pub trials: Vec<Trial>,
    /// What was not.
    pub left_out: LeftOut,
}

/// A platform in a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rank {
    /// Which, by its place in the answer.
    pub platform: usize,
    /// What it costs in a month, in dollars.
    pub cost: f64,
}

/// All platforms at one value of a default.
#[derive(Clone, Debug)]
struct Point {
    value: Value,
    outcomes: Vec<Outcome>,
    ranking: Vec<Rank>,
}

impl Point {
    fn cheapest(&self) -> Option<usize> {
        self.ranking.first().map(|rank| rank.platform)
    }

    fn cost(&self, platform: usize) -> Option<f64> {
        self.ranking.iter().find(|rank| rank.platform == platform).map(|rank| rank.cost)
    }

    /// The cheapest and the next, as long as a platform is the cheapest.
    fn closest(&self, first: usize) -> Option<Closest> {
        match self.ranking[..] {
            [cheapest, next, ..] if cheapest.platform == first => Some(Closest {
                at: self.value.clone(),
                next: next.platform,
                cost: cheapest.cost,
                cost_of_next: next.cost,
            }),
            _ => None,
        }
    }
}

impl<'a> Sensitivity<'a> {
    /// Of a scenario by its draft, its prices, and platforms by their places in it.
    ///
    /// # Errors
    ///
    /// Those of [`Draft::scenario`].
    pub fn new(
        draft: Draft,
        prices: &'a Prices,
        view: View,
        between: Vec<usize>,
    ) -> Result<Self, Vec<ScenarioError>> {
        let scenario = draft.scenario()?;
        let outcomes = briefs(&scenario, prices, view, &between);
        let name = match view {
            View::Steady(_) => None,
            View::Horizon | View::Month(_) => left(&scenario),
        };
        let left = name.filter(|_| between.len() > 1).and_then(|name| {
            between.iter().position(|place| scenario.platforms[*place].name == name)
        });
        let (subjects, left_out) = subjects(&scenario, &between);
        Ok(Self { draft, scenario, prices, view, between, left, outcomes, subjects, left_out })
    }

    /// How many defaults there are to try; none where no platform has a cost to compare.
    pub fn count(&self) -> usize {
        if self.ranking(&self.outcomes).is_empty() { 0 } else { self.subjects.len() }
    }

    /// Tries one of them by its number, below [`count`](Self::count); `None` beyond.
    pub fn run(&self, index: usize) -> Option<Trial> {
        let subject = self.subjects.get(index)?;
        let first = self.ranking(&self.outcomes).first()?.platform;
        let variables: Vec<Variable> = subject
            .platforms
            .iter()
            .filter_map(|place| self.draft.setting(self.between[*place], subject.parameter.key))
            .collect();
        let trying = Trying { of: self, first, variables };
        Some(match &subject.along {
            Along::Words(words) => trying.words(subject, words),
            Along::Numbers { default, low, high } => {
                trying.numbers(subject, *default, (*low, *high))
            }
        })
    }

    /// All trials, in the order of their numbers.
    pub fn study(&self, trials: Vec<Trial>) -> Study {
        let name = |place: &usize| self.scenario.platforms[*place].name.clone();
        Study {
            title: self.scenario.title.clone(),
            view: self.view,
            platforms: self.between.iter().map(name).collect(),
            ranking: self.ranking(&self.outcomes),
            trials,
            left_out: self.left_out,
        }
    }

    /// Who has a cost to compare, the cheapest first; of equal ones as the scenario has them, as in a comparison.
    fn ranking(&self, outcomes: &[Outcome]) -> Vec<Rank> {
        let rank = |(platform, outcome): (usize, &Outcome)| {
            let brief = outcome.as_ref().ok().filter(|brief| brief.flaw.is_none())?;
            (self.left != Some(platform)).then_some(Rank { platform, cost: brief.cost })
        };
        let mut ranking: Vec<Rank> = outcomes.iter().enumerate().filter_map(rank).collect();
        order::sort_by(&mut ranking, |one, other| one.cost.total_cmp(&other.cost));
        ranking
    }

    /// What becomes of platforms with values of some settings changed; of others than the wanted only those stand in the
    /// ranking that do not change. `None` where the values contradict the rest.
    fn changed(
        &self,
        changes: &[(&Variable, Given)],
        value: Value,
        wanted: Option<&[usize]>,
    ) -> Option<Point> {
        let mut draft = self.draft.clone();
        for (variable, given) in changes {
            draft.put(variable, given);
        }
        let scenario = draft.scenario().ok()?;
        // Whoever is migrated to pays for what is left, whoever's settings change.
        let together = !matches!(self.view, View::Steady(_))
            && scenario.events.iter().any(|event| event.kind == EventKind::Migration);
        let differs = |place: &usize| {
            together || scenario.platforms[*place] != self.scenario.platforms[*place]
        };
        let is_wanted = |index: usize| wanted.is_none_or(|wanted| wanted.contains(&index));
        let differing =
            || self.between.iter().copied().enumerate().filter(|(_, place)| differs(place));
        let changed = differing().filter(|(index, _)| is_wanted(*index)).map(|(_, place)| place);
        let changed: Vec<usize> = changed.collect();
        let unseen: Vec<usize> =
            differing().filter(|(index, _)| !is_wanted(*index)).map(|(index, _)| index).collect();
        let mut new = briefs(&scenario, self.prices, self.view, &changed).into_iter();
        let outcomes: Vec<Outcome> = self
            .between
            .iter()
            .zip(&self.outcomes)
            .map(|(place, old)| match changed.contains(place) {
                true => new.next().unwrap_or_else(|| old.clone()),
                false => old.clone(),
            })
            .collect();
        let mut ranking = self.ranking(&outcomes);
        ranking.retain(|rank| !unseen.contains(&rank.platform));
        Some(Point { value, outcomes, ranking })
    }
}

/// One default, being tried.
struct Trying<'a, 'b> {
    of: &'a Sensitivity<'b>,
    /// Who is cheapest as it is.
    first: usize,
    variables: Vec<Variable>,
}

impl Trying<'_, '_> {
    fn at(
        &self,
        read: impl Fn(&Variable) -> Option<Given>,
        value: Value,
        wanted: Option<&[usize]>,
    ) -> Option<Point> {
        let given = |variable| Some((variable, read(variable)?));
        let changes: Option<Vec<_>> = self.variables.iter().map(given).collect();
        self.of.changed(&changes?, value, wanted)
    }

    fn number(&self, number: f64, wanted: Option<&[usize]>) -> Option<Point> {
        self.at(|variable| variable.number(number).ok(), Value::Number(number), wanted)
    }

    /// Platforms that come near the cheapest at a default or at the end of its range.
    fn rivals(&self, ends: [&Point; 2]) -> Vec<usize> {
        let near = |platform: usize, point: &Point| {
            let least = point.ranking.first().map_or(f64::INFINITY, |rank| rank.cost);
            point.cost(platform).is_some_and(|cost| cost <= RIVAL * least)
        };
        let is_rival = |platform: &usize| {
            *platform == self.first || ends.iter().any(|point| near(*platform, point))
        };
        (0..self.of.between.len()).filter(is_rival).collect()
    }

    fn base(&self, value: Value) -> Point {
        let outcomes = self.of.outcomes.clone();
        let ranking = self.of.ranking(&outcomes);
        Point { value, outcomes, ranking }
    }

    fn stands(&self, point: &Point) -> bool {
        point.cheapest() == Some(self.first)
    }

    fn moves(&self, point: &Point) -> bool {
        let pairs = point.outcomes.iter().zip(&self.of.outcomes);
        pairs.into_iter().any(|(one, other)| match (one, other) {
            (Ok(one), Ok(other)) => one.cost != other.cost || one.flaw != other.flaw,
            (Err(_), Err(_)) => false,
            _ => true,
        })
    }

    fn words(&self, subject: &Subject, words: &[&'static str]) -> Trial {
        let points: Vec<Point> = words
            .iter()
            .filter_map(|word| {
                self.at(|variable| variable.read(word).ok(), Value::Word(word), None)
            })
            .collect();
        let flips = points.iter().filter(|point| !self.stands(point));
        let flips = flips.map(|point| self.flip(point, None, (0.0, 0.0))).collect();
        Trial {
            subject: subject.clone(),
            scale: None,
            numbers: None,
            bears: points.iter().any(|point| self.moves(point)),
            closest: self.closest(&points),
            flips,
        }
    }

    fn numbers(&self, subject: &Subject, default: f64, ends: (f64, f64)) -> Trial {
        let scale = self.variables.first().and_then(|variable| variable.scale().cloned());
        let mut points = Vec::new();
        let mut flips = Vec::new();
        for end in [ends.0, ends.1] {
            let (low, high) = (default.min(end), default.max(end));
            let (Some(scale), Some(variable)) = (&scale, self.variables.first()) else { continue };
            if low >= high {
                continue;
            }
            let wide = low > 0.0 && high / low >= WIDE;
            let along = Range {
                variable: variable.clone(),
                scale: scale.clone(),
                from: low,
                to: high,
                spacing: if wide { Spacing::Logarithmic } else { Spacing::Linear },
            };
            let (looked, flip) = self.side(&along, default, end);
            points.extend(looked);
            flips.extend(flip);
        }
        Trial {
            subject: subject.clone(),
            scale,
            numbers: Some([default, ends.0, ends.1]),
            bears: points.iter().any(|point| self.moves(point)),
            closest: self.closest(&points),
            flips,
        }
    }

    /// From a default to one end: what was looked at, and where the cheapest changes first.
    fn side(&self, along: &Range, default: f64, end: f64) -> (Vec<Point>, Option<Flip>) {
        // What changes nothing at its end changes nothing on the way there.
        let last = self.number(end, None);
        if last.as_ref().is_some_and(|last| !self.moves(last)) {
            return (Vec::new(), None);
        }
        let mut values = along.values(STEPS + 1);
        if end < default {
            values.reverse();
        }
        let mut points: Vec<Point> = Vec::new();
        let mut before = self.base(Value::Number(default));
        let rivals = last.as_ref().map(|last| self.rivals([&before, last]));
        let rivals = rivals.as_deref();
        for value in values {
            if value == default {
                continue;
            }
            let point = match &last {
                Some(last) if value == end => Some(last.clone()),
                _ => self.number(value, rivals),
            };
            let Some(point) = point else { continue };
            if self.stands(&point) {
                before = point.clone();
                points.push(point);
                continue;
            }
            let (before, at) = self.pinned(along, (before, point), rivals, &mut points);
            let flip = self.flip(&at, Some(before), (default, end));
            points.push(at);
            return (points, Some(flip));
        }
        (points, None)
    }

    /// The last value before a flip and the first after it, as close as the precision asks.
    fn pinned(
        &self,
        along: &Range,
        (mut before, mut after): (Point, Point),
        rivals: Option<&[usize]>,
        points: &mut Vec<Point>,
    ) -> (f64, Point) {
        let number = |point: &Point| match point.value {
            Value::Number(number) => number,
            Value::Word(_) => f64::NAN,
        };
        loop {
            let (one, other) = (number(&before), number(&after));
            let middle = along.middle(one.min(other), one.max(other), PRECISION);
            let Some(point) = middle.and_then(|middle| self.number(middle, rivals)) else {
                return (one, after);
            };
            if self.stands(&point) {
                points.push(point.clone());
                before = point;
            } else {
                after = point;
            }
        }
    }

    fn flip(&self, at: &Point, before: Option<f64>, (default, end): (f64, f64)) -> Flip {
        let number = match at.value {
            Value::Number(number) => Some(number),
            Value::Word(_) => None,
        };
        let moved = number.map(|number| number - default);
        let first = &at.outcomes[self.first];
        let cheapest = at.cheapest();
        Flip {
            at: at.value.clone(),
            before,
            of_default: moved.filter(|_| default != 0.0).map(|moved| moved / default),
            of_way: moved.map(|moved| moved / (end - default)),
            cheapest,
            cost: cheapest.and_then(|platform| at.cost(platform)),
            cost_of_first: at.cost(self.first),
            why: match first {
                Err(none) => Some(none.reason.clone()),
                Ok(brief) => brief.flaw.as_ref().map(Flaw::why).map(str::to_owned),
            },
        }
    }

    fn closest(&self, points: &[Point]) -> Option<Closest> {
        let all = points.iter().filter_map(|point| point.closest(self.first));
        all.min_by(|one, other| one.margin().total_cmp(&other.margin()))
    }
}

impl Study {
    /// The platform that costs least, by its place in the answer.
    pub fn cheapest(&self) -> Option<usize> {
        self.ranking.first().map(|rank| rank.platform)
    }

    /// Defaults that make another platform the cheapest, the nearest first: by the share of the way to the end of their
    /// range, and words last.
    pub fn flipping(&self) -> Vec<(&Trial, &Flip)> {
        let all = self.trials.iter();
        let mut flips: Vec<(&Trial, &Flip)> =
            all.flat_map(|trial| trial.flips.iter().map(move |flip| (trial, flip))).collect();
        let way = |flip: &Flip| flip.of_way.unwrap_or(f64::INFINITY);
        order::sort_by(&mut flips, |one, other| way(one.1).total_cmp(&way(other.1)));
        flips
    }

    /// Defaults that bring another platform closer and do not make it the cheapest, the closest first.
    pub fn holding(&self) -> Vec<(&Trial, &Closest)> {
        let now = match self.ranking[..] {
            [first, next, ..] => (next.cost - first.cost) / first.cost,
            _ => f64::INFINITY,
        };
        let all = self.trials.iter().filter(|trial| trial.bears && trial.flips.is_empty());
        let near = all.filter_map(|trial| Some((trial, trial.closest.as_ref()?)));
        let mut list: Vec<(&Trial, &Closest)> =
            near.filter(|(_, closest)| closest.margin() < now).collect();
        order::sort_by(&mut list, |one, other| one.1.margin().total_cmp(&other.1.margin()));
        list
    }
}

/// Every default of some platforms that can be moved, in the order of the tables, and how many cannot be.
fn subjects(scenario: &Scenario, between: &[usize]) -> (Vec<Subject>, LeftOut) {
    let mut subjects: Vec<Subject> = Vec::new();
    let (mut given, mut auto, mut without): (Vec<&str>, Vec<&str>, Vec<&str>) = Default::default();
    let once = |keys: &mut Vec<&'static str>, key| {
        if !keys.contains(&key) {
            keys.push(key);
        }
    };
    for (index, place) in between.iter().enumerate() {
        let design = &scenario.platforms[*place];
        let covers = |setting: &Setting| setting.parameter.scope.covers(design.architecture());
        let own = settings(design).into_iter().filter(covers);
        for setting in own.chain(line_settings(design)) {
            let key = setting.parameter.key;
            let Some(confidence) = setting.confidence else {
                once(&mut given, key);
                continue;
            };
            // A service that fixes it states a fact.
            if design.preset.fixed.contains(&key) {
                once(&mut without, key);
                continue;
            }
            if setting.parameter.auto && setting.value == "auto" {
                once(&mut auto, key);
                continue;
            }
            let Some(along) = along(&setting) else {
                once(&mut without, key);
                continue;
            };
            let same = |known: &&mut Subject| {
                known.parameter.key == key
                    && known.value == setting.value
                    && known.source == setting.source
            };
            match subjects.iter_mut().find(same) {
                Some(known) => known.platforms.push(index),
                None => subjects.push(Subject {
                    parameter: setting.parameter,
                    value: setting.value,
                    origin: setting.origin,
                    source: setting.source,
                    confidence,
                    platforms: vec![index],
                    along,
                }),
            }
        }
    }
    let left_out = LeftOut { given: given.len(), auto: auto.len(), without_range: without.len() };
    (subjects, left_out)
}

fn along(setting: &Setting) -> Option<Along> {
    let parameter = setting.parameter;
    let words: &[&str] = match parameter.kind {
        Kind::Flag => &["true", "false"],
        Kind::Choice(words) => words,
        _ => {
            let (low, high) = parameters::range(parameter)?;
            let default = parameter.kind.number(&setting.value)?;
            return (low < high).then_some(Along::Numbers { default, low, high });
        }
    };
    let others = words.iter().copied().filter(|word| *word != setting.value);
    CHOSEN.contains(&parameter.key).then(|| Along::Words(others.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_are_words_of_the_table() {
        for key in CHOSEN {
            let row = parameters::parameter(key).expect("a row of the table");
            assert!(matches!(row.kind, Kind::Flag | Kind::Choice(_)), "{key}");
        }
    }
}
