//! Where along a value one platform overtakes another in cost: every crossing, or how close the two come.
//!
//! Costs go in steps: whole brokers, other machines, tiers of prices. So a crossing can be a jump over equality, and there can
//! be several. What is looked at is refined in rounds, each time between neighbours where a crossing is, or may hide:
//!
//! ```text
//! scan at even distances ▶ halve where ranks differ, or costs may touch ▶ … ▶ pin each crossing down
//! ```
//!
//! Between two neighbours costs may touch if their ranges do, where each range is widened by the cost of one broker if the
//! fleet is another one: at a step costs can go down. So no crossing is overlooked while each cost, between neighbours of
//! the first scan, either goes one way or turns back by no more than a broker costs. What that leaves out is a pair of
//! crossings between two neighbours with one and the same fleet.

use serde::Serialize;

use crate::bill::Component;
use crate::brief::{self, Brief, FleetBrief, Outcome, Shelf};
use crate::horizon::View;
use crate::order;
use crate::range::Range;
use crate::scenario::{Draft, Scenario};

/// What is asked.
#[derive(Debug)]
pub struct Question<'a> {
    /// The scenario, whose value changes.
    pub draft: &'a Draft,
    /// The value, and between which ends.
    pub along: Range,
    /// Platforms by their places in the scenario: two or more.
    pub between: Vec<usize>,
    /// Which months are compared.
    pub view: View,
    /// How closely crossings are found, as a share of their value.
    pub precision: f64,
    /// Values of the first scan.
    pub scan: usize,
}

/// Values of the first scan where nobody asks for another number: a picture of the range is made of them, too.
pub const SCAN: usize = 129;

/// Share of a value to which crossings are found where nobody asks for another: inputs are known less closely.
pub const PRECISION: f64 = 1e-3;

/// Values that are looked at, for each of the first scan: enough for a hundred steps that are a broker's cost from a crossing.
const EFFORT: usize = 32;

/// A crossing is pinned down to this share of its value, so that what stays of the difference is a step.
const PIN: f64 = 1e-10;

/// Halvings that pin a crossing down: 2⁻⁴⁰ of a precision of 1 is below [`PIN`].
const PIN_ROUNDS: usize = 40;

/// A cost that jumps by more than this share of itself, where the value hardly moves, goes in a step: less is a rounded
/// number of requests, and not another fleet.
const JUMP: f64 = 1e-4;

/// Rounds in which the closest approach is looked for; each cuts its surroundings in half.
const CLOSEST_ROUNDS: usize = 12;

/// What came of it.
#[derive(Clone, Debug)]
pub struct BreakEven {
    /// The value that changes, and between which ends.
    pub along: Range,
    /// Names of the platforms, in the order in which they were asked for.
    pub platforms: Vec<String>,
    /// Which months are compared.
    pub view: View,
    /// How closely crossings are found, as a share of their value.
    pub precision: f64,
    /// Values of the first scan.
    pub scan: usize,
    /// What was looked at, in the order of values.
    pub points: Vec<Point>,
    /// Who is cheapest from where to where.
    pub ranges: Vec<Stretch>,
    /// Each two of the platforms.
    pub pairs: Vec<Pair>,
    /// Where a platform has no cost that can be held against others'.
    pub gaps: Vec<Gap>,
    /// The widest span between neighbours that should have been looked into and was not; `None` where all was.
    pub unresolved: Option<f64>,
}

/// Every platform at one value.
#[derive(Clone, Debug)]
pub struct Point {
    /// The value, on its scale.
    pub value: f64,
    /// In the order of the platforms.
    pub of: Vec<Outcome>,
}

/// Two platforms along the whole range.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The first, by its place in the answer.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// Where they cross, in the order of values.
    pub crossings: Vec<Crossing>,
    /// Who costs less from where to where.
    pub stretches: Vec<Stretch>,
    /// Where they come closest, if they never cross; `None` where no value has a cost for both.
    pub closest: Option<Closest>,
}

/// A part of the range in which the same platform costs least.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Who costs less here, by its place in the answer.
    pub who: Who,
}

/// Who costs less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// One platform, by its place in the answer.
    One(usize),
    /// Both or all the same, to the last digit.
    Same,
    /// Nobody can tell: a cost is missing.
    Unknown,
}

/// Where two platforms cross.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// The last value that was looked at before it.
    pub below: f64,
    /// The first one after it; the crossing is between the two, which are closer than the precision.
    pub above: f64,
    /// Costs of both before it.
    pub costs_below: [f64; 2],
    /// Costs of both after it.
    pub costs_above: [f64; 2],
    /// Who costs less before it, by its place in the answer.
    pub cheaper_below: usize,
    /// Who costs less after it.
    pub cheaper_above: usize,
    /// How it comes about.
    pub how: How,
}

/// How a crossing comes about.
#[derive(Clone, Debug, PartialEq)]
pub enum How {
    /// Costs become equal.
    Smooth,
    /// A cost jumps over the other: what changes, platform by platform.
    Step(Vec<Step>),
    /// The value is a whole number, and there is none between.
    Whole(Vec<Step>),
    /// Both cost the same for a while.
    Tie,
}

/// What changes from one value to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Of which platform, by its place in the answer.
    pub platform: usize,
    /// What, in words: `goes from 6 to 7 brokers`.
    pub what: String,
}

/// Where two platforms that never cross come closest.
#[derive(Clone, Debug, PartialEq)]
pub struct Closest {
    /// The value.
    pub at: f64,
    /// Costs of both there.
    pub costs: [f64; 2],
    /// Who costs less, by its place in the answer.
    pub cheaper: usize,
}

/// Why a platform has no cost there that can be held against others'.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Why.
    pub why: String,
    /// What to do about it; empty where that is not clear.
    pub hint: String,
}

/// Where a platform has no cost that can be held against others', and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Which, by its place in the answer.
    pub platform: usize,
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Why, where it begins.
    pub reason: Reason,
}

impl Point {
    /// What a platform costs here, if that can be held against others.
    pub fn cost(&self, platform: usize) -> Option<f64> {
        let brief = self.of.get(platform)?.as_ref().ok()?;
        brief.flaw.is_none().then_some(brief.cost)
    }

    /// Who of two costs less.
    fn less(&self, one: usize, other: usize) -> Who {
        match (self.cost(one), self.cost(other)) {
            (Some(of_one), Some(of_other)) => match of_one.total_cmp(&of_other) {
                std::cmp::Ordering::Less => Who::One(one),
                std::cmp::Ordering::Greater => Who::One(other),
                std::cmp::Ordering::Equal => Who::Same,
            },
            _ => Who::Unknown,
        }
    }

    /// Who of all costs least.
    fn least(&self) -> Who {
        let costs = (0..self.of.len()).filter_map(|index| Some((index, self.cost(index)?)));
        let Some((first, least)) = costs.clone().min_by(|one, other| one.1.total_cmp(&other.1))
        else {
            return Who::Unknown;
        };
        match costs.filter(|(_, cost)| *cost == least).count() {
            1 => Who::One(first),
            _ => Who::Same,
        }
    }

    fn reason(&self, platform: usize) -> Option<Reason> {
        let reason = |why: &str, hint: &str| Reason { why: why.to_owned(), hint: hint.to_owned() };
        match self.of.get(platform)? {
            Err(none) => Some(reason(&none.reason, &none.hint)),
            Ok(brief) => brief.flaw.as_ref().map(|flaw| reason(flaw.why(), "")),
        }
    }
}

/// Finds every crossing of each two platforms; says how many values have been looked at, from time to time.
pub fn breakeven(
    question: &Question,
    shelf: &mut Shelf,
    progress: &mut dyn FnMut(usize),
) -> BreakEven {
    let platforms = names(question);
    let mut scan = Scan { question, draft: question.draft.clone(), shelf, looked: 0, progress };
    let values = question.along.values(first_scan(question));
    let mut points: Vec<Point> = values.into_iter().map(|value| scan.look(value)).collect();
    let most = points.len().saturating_mul(EFFORT);
    let mut unresolved;
    loop {
        unresolved = None;
        let mut refined: Vec<Point> = Vec::with_capacity(points.len());
        let mut halved = false;
        for right in points {
            if let Some(left) = refined.last()
                && question.is_open(left, &right)
                && let Some(middle) = question.middle(left.value, right.value)
            {
                if scan.looked < most {
                    halved = true;
                    refined.push(scan.look(middle));
                } else {
                    let width = right.value - left.value;
                    unresolved = Some(unresolved.map_or(width, |widest: f64| widest.max(width)));
                }
            }
            refined.push(right);
        }
        points = refined;
        if !halved {
            break;
        }
    }
    let pairs = pairs(platforms.len());
    for &(one, other) in &pairs {
        points = scan.pinned(points, one, other);
    }
    for &(one, other) in &pairs {
        points = scan.closed_in(points, one, other);
    }
    let pairs = pairs.into_iter().map(|(one, other)| pair(question, &points, one, other)).collect();
    let gaps = (0..platforms.len()).flat_map(|platform| gaps(&points, platform)).collect();
    BreakEven {
        along: question.along.clone(),
        platforms,
        view: question.view,
        precision: question.precision,
        scan: first_scan(question),
        ranges: stretches(&points, Point::least),
        pairs,
        gaps,
        points,
        unresolved,
    }
}

fn names(question: &Question) -> Vec<String> {
    let scenario = question.draft.scenario();
    let name = |index: &usize| {
        let design = scenario.as_ref().ok().and_then(|scenario| scenario.platforms.get(*index));
        design.map_or_else(String::new, |design| design.name.clone())
    };
    question.between.iter().map(name).collect()
}

/// Every two of so many.
fn pairs(count: usize) -> Vec<(usize, usize)> {
    (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other))).collect()
}

/// All whole numbers of a range where they are few.
fn first_scan(question: &Question) -> usize {
    let along = &question.along;
    let whole = along.to - along.from + 1.0;
    let scan = question.scan.max(2);
    if along.is_whole() && whole <= 2.0 * scan as f64 { whole as usize } else { scan }
}

impl Question<'_> {
    /// A value between two, unless they are as close as the precision asks for.
    fn middle(&self, left: f64, right: f64) -> Option<f64> {
        self.along.middle(left, right, self.precision)
    }

    /// Whether something is, or may be, between two neighbours.
    fn is_open(&self, left: &Point, right: &Point) -> bool {
        let count = self.between.len();
        let here = |index: usize| left.cost(index).is_some();
        let differs = (0..count).any(|index| here(index) != right.cost(index).is_some());
        differs
            || pairs(count).into_iter().any(|(one, other)| {
                left.less(one, other) != right.less(one, other)
                    || may_touch(left, right, one, other)
            })
    }
}

/// Whether two costs of the same rank at both ends can be equal between.
fn may_touch(left: &Point, right: &Point, one: usize, other: usize) -> bool {
    if left.less(one, other) == Who::Same {
        return false;
    }
    let span = |index: usize| {
        let at = |point: &Point| Some((point.cost(index)?, point.of[index].as_ref().ok()?.clone()));
        let ((low, before), (high, after)) = (at(left)?, at(right)?);
        let slack = if before.fleets == after.fleets {
            0.0
        } else {
            a_broker(&before).max(a_broker(&after))
        };
        Some((low.min(high) - slack, low.max(high) + slack))
    };
    match (span(one), span(other)) {
        (Some(one), Some(other)) => one.0 <= other.1 && other.0 <= one.1,
        _ => false,
    }
}

/// What one broker more or less changes a month's cost by: its machine, and its share of what brokers keep.
fn a_broker(brief: &Brief) -> f64 {
    let of_brokers =
        [Component::Brokers, Component::BlockStorage, Component::Wal, Component::ServiceFee];
    let cost: f64 = of_brokers.into_iter().map(|component| brief.of_component(component)).sum();
    cost / f64::from(brief.brokers().max(1))
}

/// Looking at values.
struct Scan<'a, 'b> {
    question: &'a Question<'a>,
    draft: Draft,
    shelf: &'a mut Shelf<'b>,
    looked: usize,
    progress: &'a mut dyn FnMut(usize),
}

impl Scan<'_, '_> {
    fn look(&mut self, value: f64) -> Point {
        self.looked += 1;
        (self.progress)(self.looked);
        let of = self.outcomes(value).unwrap_or_else(|reason| {
            let none = brief::NoPlan { reason, hint: String::new() };
            vec![Err(none); self.question.between.len()]
        });
        Point { value, of }
    }

    fn outcomes(&mut self, value: f64) -> Result<Vec<Outcome>, String> {
        let variable = &self.question.along.variable;
        let given = variable.number(value).map_err(|problem| problem.to_string())?;
        self.draft.put(variable, &given);
        let scenario: Scenario = self.draft.scenario().map_err(|errors| {
            errors.first().map_or_else(String::new, |error| error.problem.to_string())
        })?;
        let prices = self.shelf.of(&scenario).map_err(str::to_owned)?;
        Ok(brief::briefs(&scenario, prices, self.question.view, &self.question.between))
    }

    /// With two values close to each crossing, one on each side.
    fn pinned(&mut self, points: Vec<Point>, one: usize, other: usize) -> Vec<Point> {
        let mut pinned: Vec<Point> = Vec::with_capacity(points.len());
        for right in points {
            let Some(left) = pinned.last() else {
                pinned.push(right);
                continue;
            };
            let (below, above) = (left.less(one, other), right.less(one, other));
            let crosses = matches!((below, above), (Who::One(low), Who::One(high)) if low != high);
            if crosses {
                let (mut low, mut high) = (left.clone(), right.clone());
                for _ in 0..PIN_ROUNDS {
                    if high.value - low.value <= PIN * high.value.abs() {
                        break;
                    }
                    let Some(middle) = self.question.along.halfway(low.value, high.value) else {
                        break;
                    };
                    let middle = self.look(middle);
                    if middle.less(one, other) == below {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                let known = pinned.last().map(|left| left.value);
                if Some(low.value) != known {
                    pinned.push(low);
                }
                if high.value != right.value {
                    pinned.push(high);
                }
            }
            pinned.push(right);
        }
        pinned
    }

    /// With more values where two platforms come closest, if they never cross.
    fn closed_in(&mut self, mut points: Vec<Point>, one: usize, other: usize) -> Vec<Point> {
        let known = points.iter().map(|point| point.less(one, other));
        let mut known: Vec<Who> = known.filter(|who| *who != Who::Unknown).collect();
        known.dedup();
        if !matches!(known[..], [Who::One(_)]) {
            return points;
        }
        for _ in 0..CLOSEST_ROUNDS {
            let Some(place) = nearest(&points, one, other) else { break };
            let neighbours = [place.checked_sub(1), Some(place + 1)];
            let middles: Vec<f64> = neighbours
                .into_iter()
                .flatten()
                .filter_map(|near| Some((points[place].value, points.get(near)?.value)))
                .filter_map(|(one, other)| self.question.middle(one.min(other), one.max(other)))
                .collect();
            if middles.is_empty() {
                break;
            }
            points.extend(middles.into_iter().map(|middle| self.look(middle)).collect::<Vec<_>>());
            order::sort_by(&mut points, |one, other| one.value.total_cmp(&other.value));
        }
        points
    }
}

fn difference(point: &Point, one: usize, other: usize) -> Option<f64> {
    Some((point.cost(one)? - point.cost(other)?).abs())
}

/// The place of the value at which two costs are closest; the first of equal ones.
fn nearest(points: &[Point], one: usize, other: usize) -> Option<usize> {
    let all = points.iter().enumerate();
    let known = all.filter_map(|(place, point)| Some((place, difference(point, one, other)?)));
    known.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(place, _)| place)
}

fn pair(question: &Question, points: &[Point], one: usize, other: usize) -> Pair {
    let mut crossings = Vec::new();
    // The last point at which one of them costs less, and where a tie began since.
    let mut last: Option<&Point> = None;
    let mut tied = false;
    for point in points {
        match (point.less(one, other), last) {
            (Who::Unknown, _) => (last, tied) = (None, false),
            (Who::Same, _) => tied = true,
            (Who::One(_), None) => (last, tied) = (Some(point), false),
            (Who::One(now), Some(before)) => {
                if before.less(one, other) != Who::One(now) {
                    crossings.push(crossing(question, before, point, (one, other), tied));
                }
                (last, tied) = (Some(point), false);
            }
        }
    }
    let closest = nearest(points, one, other).filter(|_| crossings.is_empty()).and_then(|place| {
        let point = &points[place];
        let costs = [point.cost(one)?, point.cost(other)?];
        Some(Closest {
            at: point.value,
            costs,
            cheaper: if costs[0] <= costs[1] { one } else { other },
        })
    });
    let stretches = stretches(points, |point| point.less(one, other));
    Pair { one, other, crossings, stretches, closest }
}

fn crossing(
    question: &Question,
    below: &Point,
    above: &Point,
    (one, other): (usize, usize),
    tied: bool,
) -> Crossing {
    let costs = |point: &Point| [one, other].map(|index| point.cost(index).unwrap_or_default());
    let (costs_below, costs_above) = (costs(below), costs(above));
    let wide = question.middle(below.value, above.value).is_some();
    let fleets = |point: &Point, platform: usize| {
        point.of[platform].as_ref().ok().map(|brief| brief.fleets.clone())
    };
    // From one whole number to the next every cost moves: only another fleet is a step.
    let jump = |index: usize| match question.along.is_whole() {
        true => fleets(below, [one, other][index]) != fleets(above, [one, other][index]),
        false => {
            let moved = (costs_above[index] - costs_below[index]).abs();
            moved > JUMP * costs_below[index].max(costs_above[index])
        }
    };
    let jumped: Vec<usize> = [0, 1].into_iter().filter(|index| jump(*index)).collect();
    let step = |index: &usize| {
        let platform = [one, other][*index];
        let briefs = (below.of[platform].as_ref().ok()?, above.of[platform].as_ref().ok()?);
        Some(Step { platform, what: change(briefs.0, briefs.1) })
    };
    let steps = jumped.iter().filter_map(step).collect();
    let how = match (tied && wide, question.along.is_whole(), jumped.is_empty()) {
        (true, _, _) => How::Tie,
        (_, true, _) => How::Whole(steps),
        (_, _, true) => How::Smooth,
        _ => How::Step(steps),
    };
    let cheaper = |costs: [f64; 2]| if costs[0] <= costs[1] { one } else { other };
    Crossing {
        below: below.value,
        above: above.value,
        costs_below,
        costs_above,
        cheaper_below: cheaper(costs_below),
        cheaper_above: cheaper(costs_above),
        how,
    }
}

/// What is different about a platform from one value to the next, in words.
fn change(before: &Brief, after: &Brief) -> String {
    let fleets = before.fleets.iter().zip(&after.fleets);
    if before.fleets.len() == after.fleets.len()
        && let Some((old, new)) = { fleets }.find(|(old, new)| old != new)
    {
        return fleet_change(old, new);
    }
    let moved =
        |component: &Component| after.of_component(*component) - before.of_component(*component);
    let most =
        Component::ALL.iter().max_by(|one, other| moved(one).abs().total_cmp(&moved(other).abs()));
    most.map_or_else(String::new, |component| {
        let way = if moved(component) < 0.0 { "less" } else { "more" };
        format!("pays {way} for {}", component.name())
    })
}

fn fleet_change(old: &FleetBrief, new: &FleetBrief) -> String {
    let place = match &*new.part.name() {
        "" => String::new(),
        name => format!(" ({name})"),
    };
    let month = old.months.iter().zip(&new.months).position(|(old, new)| old != new);
    let change = match month {
        _ if old.machine != new.machine => format!(
            "moves from {} × {} to {} × {}",
            old.brokers, old.machine, new.brokers, new.machine
        ),
        Some(month) if old.brokers == new.brokers => {
            let brokers = |fleet: &FleetBrief| crate::units::grouped(fleet.months[month]);
            format!("goes from {} to {} brokers in month {}", brokers(old), brokers(new), month + 1)
        }
        _ => format!("goes from {} to {} brokers", old.brokers, new.brokers),
    };
    format!("{change}{place}")
}

/// Parts of the range in which the same is true; each ends at the last point that was looked at in it.
fn stretches(points: &[Point], who: impl Fn(&Point) -> Who) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for point in points {
        let (value, who) = (point.value, who(point));
        match stretches.last_mut() {
            Some(last) if last.who == who => last.to = value,
            _ => stretches.push(Stretch { from: value, to: value, who }),
        }
    }
    stretches
}

/// Where a platform has no cost that can be held against others', in one piece as long as the reason sounds the same.
fn gaps(points: &[Point], platform: usize) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    let mut open = false;
    for point in points {
        let Some(reason) = point.reason(platform) else {
            open = false;
            continue;
        };
        match gaps.last_mut() {
            // Figures in a reason change from value to value.
            Some(last) if open => last.to = point.value,
            _ => gaps.push(Gap { platform, from: point.value, to: point.value, reason }),
        }
        open = true;
    }
    gaps
}

/// Break-even along one value for each of several of another.
#[derive(Clone, Debug)]
pub struct Frontier {
    /// The other value, and between which ends.
    pub across: Range,
    /// From its first value to its last.
    pub rows: Vec<(f64, BreakEven)>,
}

/// Finds crossings for so many values of another variable.
pub fn frontier(
    question: &Question,
    across: &Range,
    rows: usize,
    shelf: &mut Shelf,
    progress: &mut dyn FnMut(usize),
) -> Frontier {
    let mut looked = 0;
    let values = across.values(rows.max(2)).into_iter();
    let row = |value: f64| {
        let mut draft = question.draft.clone();
        if let Ok(given) = across.variable.number(value) {
            draft.put(&across.variable, &given);
        }
        let of_row = Question {
            draft: &draft,
            along: question.along.clone(),
            between: question.between.clone(),
            ..*question
        };
        let before = looked;
        let answer = breakeven(&of_row, shelf, &mut |count| {
            looked = before + count;
            progress(looked);
        });
        (value, answer)
    };
    Frontier { across: across.clone(), rows: values.map(row).collect() }
}
