//! Break-even in words, figures and files; the command and the page say the same.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::csv::text;
use super::figures::{counted, percent};
use super::json::{SCHEMA_VERSION, pretty};
use crate::breakeven::{
    BreakEven, Closest, Crossing, Frontier, Gap, How, Pair, Step, Stretch, Who,
};
use crate::brief::{Brief, Outcome};
use crate::chart::{self, Curve, Curves, Fields, Paper, Row, Table};
use crate::comparison::{self, View, capitalized, sentence_list};
use crate::money::Usd;
use crate::order;
use crate::range::{Range, Spacing};

/// Break-even as people read it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// What is varied, and what of the horizon is compared.
    pub subject: String,
    /// What to make of it, the conclusion first.
    pub sentences: Vec<String>,
    /// Each crossing of each two platforms.
    pub crossings: Table,
    /// Who costs least from where to where.
    pub ranges: Table,
    /// Where a platform has no cost that can be held against others'; a row for each part of the range.
    pub gaps: Table,
    /// What was looked at, and what that cannot see.
    pub resolution: String,
}

/// Platforms of which each two are told in sentences; of more, only who is cheapest.
const PAIRS_MAX: usize = 3;

/// Crossings that sentences tell one by one.
const TOLD_MAX: usize = 6;

/// Break-even in words and tables.
pub fn told(answer: &BreakEven) -> Told {
    let words = Words::new(answer);
    Told {
        subject: words.subject(),
        sentences: words.sentences(),
        crossings: words.crossings(),
        ranges: words.ranges(),
        gaps: words.gaps(),
        resolution: words.resolution(),
    }
}

/// What of the horizon is compared.
pub fn period(view: View) -> String {
    match view {
        View::Horizon => "a month on average".to_owned(),
        View::Month(index) => format!("month {}", index + 1),
        View::Steady(index) => format!("month {}, steady", index + 1),
    }
}

struct Words<'a> {
    answer: &'a BreakEven,
    along: &'a Range,
    /// Digits that values are told to.
    digits: usize,
}

impl<'a> Words<'a> {
    fn new(answer: &'a BreakEven) -> Self {
        Self { answer, along: &answer.along, digits: digits(answer.precision) }
    }

    fn name(&self, platform: usize) -> &'a str {
        self.answer.platforms.get(platform).map_or("", String::as_str)
    }

    fn value(&self, value: f64) -> String {
        self.along.show(value, self.digits)
    }

    /// The value of a crossing: where whole numbers jump over it, the first after it.
    fn place(&self, crossing: &Crossing) -> String {
        self.value(crossing.above)
    }

    fn subject(&self) -> String {
        let Range { variable, from, to, .. } = self.along;
        format!(
            "{} from {} to {}, {}",
            variable.path(),
            self.value(*from),
            self.value(*to),
            period(self.answer.view)
        )
    }

    fn sentences(&self) -> Vec<String> {
        let mut list = Vec::new();
        if self.answer.platforms.len() > 2 {
            list.push(self.cheapest());
        }
        if self.answer.platforms.len() <= PAIRS_MAX {
            list.extend(self.answer.pairs.iter().flat_map(|pair| self.pair(pair)));
        } else {
            list.extend(self.changes());
        }
        list.extend(self.gap_sentences());
        list
    }

    /// Crossings at which the cheapest of all changes.
    fn changes(&self) -> Vec<String> {
        let ranges = &self.answer.ranges;
        let changes = ranges.windows(2).take(TOLD_MAX).filter_map(|two| {
            let (Who::One(below), Who::One(above)) = (two[0].who, two[1].who) else { return None };
            let all = self.answer.pairs.iter().flat_map(|pair| &pair.crossings);
            let mut there = all.filter(|crossing| {
                (crossing.cheaper_below, crossing.cheaper_above) == (below, above)
                    && crossing.above == two[1].from
            });
            there.next()
        });
        changes.map(|crossing| self.crossing(crossing)).collect()
    }

    /// Who is cheapest from where to where, of more than two.
    fn cheapest(&self) -> String {
        let ranges = &self.answer.ranges;
        let known = ranges.iter().filter(|range| range.who != Who::Unknown).count();
        if known > TOLD_MAX {
            return format!("The cheapest changes {known} times: see the table.");
        }
        let parts: Vec<String> = ranges
            .iter()
            .map(|range| format!("{} {}", self.who(range.who), self.extent(range)))
            .collect();
        format!("Cheapest: {}.", sentence_list(&parts))
    }

    fn who(&self, who: Who) -> &'a str {
        match who {
            Who::One(platform) => self.name(platform),
            Who::Same => "several the same",
            Who::Unknown => "nobody that can be told",
        }
    }

    fn extent(&self, stretch: &Stretch) -> String {
        match (stretch.from <= self.along.from, stretch.to >= self.along.to) {
            (true, true) => "all the way".to_owned(),
            (true, false) => format!("up to {}", self.value(stretch.to)),
            (false, true) => format!("from {} on", self.value(stretch.from)),
            (false, false) => {
                format!("from {} to {}", self.value(stretch.from), self.value(stretch.to))
            }
        }
    }

    fn pair(&self, pair: &Pair) -> Vec<String> {
        let (one, other) = (self.name(pair.one), self.name(pair.other));
        match &pair.crossings[..] {
            [] => vec![self.never(pair)],
            [only] => vec![self.crossing(only)],
            [first, .., last] => {
                let mut list = vec![format!(
                    "{one} and {other} cross {} times between {} and {}.",
                    pair.crossings.len(),
                    self.place(first),
                    self.place(last)
                )];
                if pair.crossings.len() <= TOLD_MAX {
                    list.extend(pair.crossings.iter().map(|crossing| self.crossing(crossing)));
                }
                list
            }
        }
    }

    fn crossing(&self, crossing: &Crossing) -> String {
        let (low, high) = (self.name(crossing.cheaper_below), self.name(crossing.cheaper_above));
        let [below, above] = [self.value(crossing.below), self.place(crossing)];
        let jump = |steps: &[Step]| {
            let before = against(crossing.costs_below);
            let after = against(crossing.costs_above);
            let steps: Vec<String> = steps
                .iter()
                .map(|step| format!("{} {}", self.name(step.platform), step.what))
                .collect();
            let why = match steps.is_empty() {
                true => String::new(),
                false => format!(": {}", sentence_list(&steps)),
            };
            (before, after, why)
        };
        match &crossing.how {
            How::Smooth => format!(
                "Below {above} {low} costs less, above it {high}: both cost {} a month there.",
                dollars(crossing.costs_above[0])
            ),
            How::Step(steps) => {
                let (before, after, why) = jump(steps);
                format!(
                    "Below {above} {low} costs less ({before} a month), from there on {high} ({after}){why}."
                )
            }
            How::Whole(_) if near(crossing.costs_below) && near(crossing.costs_above) => format!(
                "Up to {below} {low} costs less, from {above} on {high}: both cost {} a month there.",
                dollars(crossing.costs_above[0])
            ),
            How::Whole(steps) => {
                let (before, after, why) = jump(steps);
                format!(
                    "Up to {below} {low} costs less ({before} a month), from {above} on {high} ({after}){why}."
                )
            }
            How::Tie => format!(
                "Below {below} {low} costs less, above {above} {high}; between the two both cost the same."
            ),
        }
    }

    /// Two that never cross: who costs less, and how close the other comes.
    fn never(&self, pair: &Pair) -> String {
        let (one, other) = (self.name(pair.one), self.name(pair.other));
        let Some(closest) = &pair.closest else {
            // Why is told elsewhere.
            return format!("No value has a cost of both {one} and {other}.");
        };
        let whole = pair.stretches.iter().all(|stretch| stretch.who != Who::Unknown);
        let extent = match whole {
            true => format!(
                "all the way from {} to {}",
                self.value(self.along.from),
                self.value(self.along.to)
            ),
            false => "wherever both have a cost".to_owned(),
        };
        let Closest { at, costs, cheaper } = closest;
        let [less, more] = if *cheaper == pair.one { [one, other] } else { [other, one] };
        let (low, high) = (costs[0].min(costs[1]), costs[0].max(costs[1]));
        let margin = high - low;
        if margin == 0.0 {
            return format!(
                "{one} and {other} cost the same at {}, and never cross.",
                self.value(*at)
            );
        }
        format!(
            "{less} costs less {extent}: they never cross in the range. {more} comes closest at {}: {} against {} a month, {} ({}) more.",
            self.value(*at),
            dollars(high),
            dollars(low),
            dollars(margin),
            share(margin, low)
        )
    }

    /// Where who has no cost to compare; platforms of which the same is true in one sentence.
    fn gap_sentences(&self) -> Vec<String> {
        let mut groups: Vec<(&Gap, Vec<String>)> = Vec::new();
        for gap in &self.answer.gaps {
            let name = self.name(gap.platform).to_owned();
            let same = |known: &&mut (&Gap, Vec<String>)| {
                let (known, _) = known;
                (known.from, known.to, &known.reason) == (gap.from, gap.to, &gap.reason)
            };
            match groups.iter_mut().find(same) {
                Some((_, names)) => names.push(name),
                None => groups.push((gap, vec![name])),
            }
        }
        let sentence = |(gap, names): (&Gap, Vec<String>)| {
            let stretch = Stretch { from: gap.from, to: gap.to, who: Who::Unknown };
            let who = match names.len() == self.answer.platforms.len() {
                true => "No platform can".to_owned(),
                false => format!("{} cannot", sentence_list(&names)),
            };
            let hint = match &*gap.reason.hint {
                "" => String::new(),
                hint => format!(" ({hint})"),
            };
            format!("{who} be compared {}: {}{hint}.", self.extent(&stretch), gap.reason.why)
        };
        groups.into_iter().map(sentence).collect()
    }

    fn crossings(&self) -> Table {
        let columns = ["at", "cheaper below", "cheaper above", "costs there", "how"];
        let mut table = Table {
            caption: "Crossings, with what both cost in a month from there on".to_owned(),
            columns: columns.map(str::to_owned).to_vec(),
            rows: Vec::new(),
        };
        let mut all: Vec<&Crossing> =
            self.answer.pairs.iter().flat_map(|pair| &pair.crossings).collect();
        order::sort_by(&mut all, |one, other| one.above.total_cmp(&other.above));
        for crossing in all {
            table.rows.push(vec![
                self.place(crossing),
                self.name(crossing.cheaper_below).to_owned(),
                self.name(crossing.cheaper_above).to_owned(),
                match near(crossing.costs_above) {
                    true => dollars(crossing.costs_above[0]),
                    false => against(crossing.costs_above),
                },
                self.how(&crossing.how),
            ]);
        }
        table
    }

    fn how(&self, how: &How) -> String {
        let steps = |steps: &[Step]| {
            let steps =
                steps.iter().map(|step| format!("{} {}", self.name(step.platform), step.what));
            sentence_list(&steps.collect::<Vec<_>>())
        };
        match how {
            How::Smooth => "smooth".to_owned(),
            How::Step(list) => steps(list),
            How::Whole(list) if list.is_empty() => "between whole numbers".to_owned(),
            How::Whole(list) => steps(list),
            How::Tie => "the same for a while".to_owned(),
        }
    }

    fn ranges(&self) -> Table {
        let count = self.answer.platforms.len();
        let each = count <= PAIRS_MAX;
        let mut columns = vec!["from".to_owned(), "to".to_owned(), "cheapest".to_owned()];
        match each {
            true => columns.extend(self.answer.platforms.iter().cloned()),
            false => columns.push("costs".to_owned()),
        }
        let row = |range: &Stretch| {
            let mut cells = vec![self.value(range.from), self.value(range.to)];
            cells.push(match range.who {
                Who::Unknown => "–".to_owned(),
                who => self.who(who).to_owned(),
            });
            match (each, range.who) {
                (true, _) => cells.extend((0..count).map(|platform| self.costs(range, platform))),
                (false, Who::One(platform)) => cells.push(self.costs(range, platform)),
                (false, _) => cells.push("–".to_owned()),
            }
            cells
        };
        Table {
            caption: "Dollars a month at both ends of each part of the range".to_owned(),
            columns,
            rows: self.answer.ranges.iter().map(row).collect(),
        }
    }

    /// What a platform costs at both ends of a part of the range.
    fn costs(&self, range: &Stretch, platform: usize) -> String {
        let at = |value: f64| {
            let points = &self.answer.points;
            let point = points.iter().find(|point| point.value == value)?;
            point.cost(platform)
        };
        let shown = |cost: Option<f64>| cost.map_or_else(|| "–".to_owned(), dollars);
        match (at(range.from), at(range.to)) {
            (None, None) => "–".to_owned(),
            (from, to) if from == to => shown(from),
            (from, to) => format!("{} to {}", shown(from), shown(to)),
        }
    }

    fn gaps(&self) -> Table {
        let row = |gap: &Gap| {
            vec![
                self.name(gap.platform).to_owned(),
                self.value(gap.from),
                self.value(gap.to),
                gap.reason.why.clone(),
                gap.reason.hint.clone(),
            ]
        };
        Table {
            caption: "Without a cost to compare".to_owned(),
            columns: ["platform", "from", "to", "why", "what to do"].map(str::to_owned).to_vec(),
            rows: self.answer.gaps.iter().map(row).collect(),
        }
    }

    fn resolution(&self) -> String {
        let BreakEven { scan, points, precision, unresolved, .. } = self.answer;
        let along = self.along;
        let spans = (*scan - 1).max(1) as f64;
        let whole = along.is_whole() && spans >= along.to - along.from;
        if whole {
            return format!(
                "Every whole number was looked at, {} in all.",
                counted(*scan, "value")
            );
        }
        let apart = match along.spacing {
            Spacing::Linear => format!("{} apart", along.show((along.to - along.from) / spans, 3)),
            Spacing::Logarithmic => {
                let ratio = libm::exp(libm::log(along.to / along.from) / spans);
                format!("each {} above the one before", percent(ratio - 1.0))
            }
        };
        let mut text = format!(
            "Looked at {}: {scan} {apart}, and between them wherever costs cross or may touch. Crossings are exact to {} of their value; two of them between neighbours of the first {scan}, without another fleet between, would be missed.",
            counted(points.len(), "value"),
            precise(*precision),
        );
        if let Some(width) = unresolved {
            text.push_str(&format!(
                " There are more steps than could be looked into: of spans up to {} only the ends are known; a narrower range shows more.",
                along.show(*width, 3)
            ));
        }
        text
    }
}

/// Whether two costs are told alike.
fn near(costs: [f64; 2]) -> bool {
    dollars(costs[0]) == dollars(costs[1])
}

/// Two costs, the lower one first: `$100 against $120`.
fn against(costs: [f64; 2]) -> String {
    let (low, high) = (costs[0].min(costs[1]), costs[0].max(costs[1]));
    let shown = [dollars(low), dollars(high)];
    // Amounts that differ by cents have to be told in cents.
    if shown[0] == shown[1] {
        return format!("{} against {}", usd(low), usd(high));
    }
    format!("{} against {}", shown[0], shown[1])
}

fn share(part: f64, whole: f64) -> String {
    if whole > 0.0 { percent(part / whole) } else { "–".to_owned() }
}

/// A float as money, to the cent.
pub(super) fn usd(dollars: f64) -> Usd {
    Usd::new(Decimal::from_f64(dollars).unwrap_or_default()).to_cents()
}

/// Money in a sentence.
fn dollars(amount: f64) -> String {
    comparison::dollars(usd(amount))
}

/// Money in a file: dollars and cents.
pub(super) fn cents(amount: f64) -> String {
    format!("{:.2}", usd(amount).dollars())
}

/// A precision: `0.1 %`, `0.001 %`.
fn precise(share: f64) -> String {
    crate::range::show(&crate::scenario::Scale::Share, share, 2)
}

/// Digits that a number needs to be told to a share of itself, and one more.
fn digits(precision: f64) -> usize {
    let digits = libm::ceil(-libm::log10(precision.clamp(1e-9, 1.0)));
    digits as usize + 1
}

/// From this ratio of costs on they are drawn at equal ratios, where values are: crossings of low costs would not be seen.
const STEEP: f64 = 10.0;

/// Costs over the range, with crossings marked.
pub fn svg(title: &str, answer: &BreakEven, paper: Paper) -> String {
    let words = Words::new(answer);
    let along = &answer.along;
    let count = answer.platforms.len();
    let costs = || {
        (0..count).flat_map(|platform| answer.points.iter().map(move |point| point.cost(platform)))
    };
    let low = costs().flatten().fold(f64::INFINITY, f64::min);
    let high = costs().flatten().fold(0.0, f64::max);
    let line = |platform: usize| Curve {
        name: words.name(platform).to_owned(),
        points: answer
            .points
            .iter()
            .map(|point| (along.share(point.value), point.cost(platform)))
            .collect(),
    };
    let mut marks: Vec<(f64, String)> = answer
        .pairs
        .iter()
        .flat_map(|pair| &pair.crossings)
        .map(|crossing| {
            let name = match count {
                2 => words.place(crossing),
                _ => format!("{}: {}", words.place(crossing), words.name(crossing.cheaper_above)),
            };
            (along.share(crossing.above), name)
        })
        .collect();
    order::sort_by(&mut marks, |one, other| one.0.total_cmp(&other.0));
    let curves = Curves {
        title: format!("Break-even · {title}"),
        unit: format!("$, {}", period(answer.view)),
        along: along.variable.path().to_owned(),
        ticks: axis(along),
        lines: (0..count).map(line).collect(),
        marks,
        ratios: along.spacing == Spacing::Logarithmic && low > 0.0 && high > STEEP * low,
    };
    chart::curves_svg(&curves, paper)
}

/// Ticks of a range as shares of the way.
fn axis(along: &Range) -> Vec<(f64, String)> {
    along.ticks().into_iter().map(|(value, label)| (along.share(value), label)).collect()
}

/// Who is cheapest along one value, for each of another.
pub fn frontier_svg(title: &str, frontier: &Frontier, paper: Paper) -> String {
    let Some((_, first)) = frontier.rows.first() else {
        return chart::fields_svg(&Fields::default(), paper);
    };
    let row = |(at, answer): &(f64, BreakEven)| {
        let ranges = &answer.ranges;
        let share = |value: f64| answer.along.share(value);
        // Parts meet halfway between what was looked at.
        let middle = |one: usize| match ranges.get(one + 1) {
            Some(next) => (share(ranges[one].to) + share(next.from)) / 2.0,
            None => 1.0,
        };
        let part = |index: usize| {
            let from = if index == 0 { 0.0 } else { middle(index - 1) };
            let number = match ranges[index].who {
                Who::One(platform) => Some(platform),
                Who::Same | Who::Unknown => None,
            };
            (from, middle(index), number)
        };
        Row { name: frontier.across.show(*at, 3), parts: (0..ranges.len()).map(part).collect() }
    };
    let fields = Fields {
        title: format!("Who is cheapest, {} · {title}", period(first.view)),
        along: first.along.variable.path().to_owned(),
        across: frontier.across.variable.path().to_owned(),
        ticks: axis(&first.along),
        names: first.platforms.clone(),
        rows: frontier.rows.iter().rev().map(row).collect(),
    };
    chart::fields_svg(&fields, paper)
}

/// Every looked-at value and every crossing, as JSON.
pub fn json(answer: &BreakEven) -> String {
    pretty(document(answer))
}

fn document(answer: &BreakEven) -> Value {
    let words = Words::new(answer);
    let told = told(answer);
    let along = &answer.along;
    let crossing = |pair: &Pair, crossing: &Crossing| {
        let costs = |costs: [f64; 2]| json!(costs.map(cents));
        let steps: &[Step] = match &crossing.how {
            How::Step(steps) | How::Whole(steps) => steps,
            How::Smooth | How::Tie => &[],
        };
        json!({
            "platforms": [words.name(pair.one), words.name(pair.other)],
            "value": crossing.above,
            "shown": words.place(crossing),
            "after": crossing.below,
            "cheaper_below": words.name(crossing.cheaper_below),
            "cheaper_above": words.name(crossing.cheaper_above),
            "costs_below_usd": costs(crossing.costs_below),
            "costs_above_usd": costs(crossing.costs_above),
            "how": match crossing.how {
                How::Smooth => "smooth",
                How::Step(_) => "step",
                How::Whole(_) => "whole",
                How::Tie => "tie",
            },
            "steps": steps.iter().map(|step| json!({
                "platform": words.name(step.platform),
                "what": step.what,
            })).collect::<Vec<_>>(),
        })
    };
    let pair = |pair: &Pair| {
        json!({
            "platforms": [words.name(pair.one), words.name(pair.other)],
            "crossings": pair.crossings.iter().map(|one| crossing(pair, one)).collect::<Vec<_>>(),
            "never_in_range": pair.crossings.is_empty(),
            "closest": pair.closest.as_ref().map(|closest| json!({
                "value": closest.at,
                "costs_usd": closest.costs.map(cents),
                "cheaper": words.name(closest.cheaper),
            })),
            "stretches": pair.stretches.iter().map(|one| stretch(&words, one)).collect::<Vec<_>>(),
        })
    };
    json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "breakeven",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "currency": "USD",
        "vary": along.variable.path(),
        "unit": along.scale.unit(),
        "from": along.from,
        "to": along.to,
        "spacing": spacing(along),
        "period": period(answer.view),
        "platforms": answer.platforms,
        "precision": answer.precision,
        "scan": answer.scan,
        "unresolved": answer.unresolved,
        "sentences": told.sentences,
        "resolution": told.resolution,
        "cheapest": answer.ranges.iter().map(|one| stretch(&words, one)).collect::<Vec<_>>(),
        "pairs": answer.pairs.iter().map(pair).collect::<Vec<_>>(),
        "gaps": answer.gaps.iter().map(|gap| json!({
            "platform": words.name(gap.platform),
            "from": gap.from,
            "to": gap.to,
            "why": gap.reason.why,
            "hint": gap.reason.hint,
        })).collect::<Vec<_>>(),
        "points": answer.points.iter().map(|point| json!({
            "value": point.value,
            "platforms": point.of.iter().map(outcome).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn spacing(range: &Range) -> &'static str {
    match range.spacing {
        Spacing::Linear => "linear",
        Spacing::Logarithmic => "log",
    }
}

fn stretch(words: &Words, stretch: &Stretch) -> Value {
    json!({
        "from": stretch.from,
        "to": stretch.to,
        "cheaper": match stretch.who {
            Who::One(platform) => Some(words.name(platform)),
            Who::Same | Who::Unknown => None,
        },
        "same": stretch.who == Who::Same,
    })
}

fn outcome(outcome: &Outcome) -> Value {
    match outcome {
        Ok(brief) => json!({
            "monthly_cost_usd": cents(brief.cost),
            "machine": brief.machines(),
            "brokers": brief.brokers(),
            "why_not": brief.flaw.as_ref().map(|flaw| flaw.why()),
        }),
        Err(none) => json!({ "why_not": none.reason }),
    }
}

/// Columns of [`csv`].
const COLUMNS: [&str; 13] = [
    "record",
    "path",
    "value",
    "unit",
    "shown",
    "platform",
    "monthly_cost",
    "machine",
    "brokers",
    "other_platform",
    "other_monthly_cost",
    "cheaper_above",
    "note",
];

/// A row for each crossing (`record` is `crossing`, its costs are those just after it), then one for each platform at each
/// looked-at value (`point`).
pub fn csv(answer: &BreakEven) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let _ = writer.write_record(COLUMNS);
    records(answer, &mut |cells| {
        let _ = writer.write_record(cells);
    });
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn records(answer: &BreakEven, write: &mut dyn FnMut([String; 13])) {
    let words = Words::new(answer);
    let (path, unit) = (answer.along.variable.path(), answer.along.scale.unit());
    let mut record = |cells: [String; 13]| write(cells.map(|cell| text(&cell).into_owned()));
    for pair in &answer.pairs {
        for crossing in &pair.crossings {
            record([
                "crossing".to_owned(),
                path.to_owned(),
                crossing.above.to_string(),
                unit.clone(),
                words.place(crossing),
                words.name(pair.one).to_owned(),
                cents(crossing.costs_above[0]),
                String::new(),
                String::new(),
                words.name(pair.other).to_owned(),
                cents(crossing.costs_above[1]),
                words.name(crossing.cheaper_above).to_owned(),
                words.how(&crossing.how),
            ]);
        }
    }
    for point in &answer.points {
        for (platform, outcome) in point.of.iter().enumerate() {
            let of = |value: fn(&Brief) -> String| outcome.as_ref().map_or(String::new(), value);
            record([
                "point".to_owned(),
                path.to_owned(),
                point.value.to_string(),
                unit.clone(),
                words.value(point.value),
                words.name(platform).to_owned(),
                of(|brief| cents(brief.cost)),
                of(Brief::machines),
                of(|brief| brief.brokers().to_string()),
                String::new(),
                String::new(),
                String::new(),
                match outcome {
                    Ok(brief) => {
                        brief.flaw.as_ref().map_or(String::new(), |flaw| flaw.why().to_owned())
                    }
                    Err(none) => none.reason.clone(),
                },
            ]);
        }
    }
}

/// A frontier in words: a map of letters, and the crossings of each row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ToldFrontier {
    /// What is varied, and what of the horizon is compared.
    pub subject: String,
    /// What to make of it.
    pub sentences: Vec<String>,
    /// What letters stand for.
    pub legend: Vec<String>,
    /// Rows from the largest value to the smallest: the value and who is cheapest along the other, a letter for each part.
    pub map: Vec<(String, String)>,
    /// Ends of the other value.
    pub ends: (String, String),
    /// Crossings, row by row.
    pub crossings: Table,
}

/// Parts that a row of a map has.
pub const MAP_COLUMNS: usize = 64;

/// A frontier in words.
pub fn told_frontier(frontier: &Frontier) -> ToldFrontier {
    let Some((_, first)) = frontier.rows.first() else { return ToldFrontier::default() };
    let words = Words::new(first);
    let across = &frontier.across;
    let value = |value: f64| across.show(value, 3);
    let row = |(at, answer): &(f64, BreakEven)| {
        let letters = (0..MAP_COLUMNS).map(|column| {
            letter(who_at(answer, answer.along.at((column as f64 + 0.5) / MAP_COLUMNS as f64)))
        });
        (value(*at), letters.collect())
    };
    let letters = (0..first.platforms.len())
        .map(|platform| format!("{} {}", letter(Who::One(platform)), words.name(platform)));
    let others = [(Who::Same, "the same"), (Who::Unknown, "no cost to compare")];
    let map: Vec<(String, String)> = frontier.rows.iter().rev().map(row).collect();
    let used = |who: Who| map.iter().any(|(_, row)| row.contains(letter(who)));
    let others = others.into_iter().filter(|(who, _)| used(*who));
    let others = others.map(|(who, name)| format!("{} {name}", letter(who)));
    let crossings = frontier.rows.iter().rev().flat_map(|(at, answer)| {
        let words = Words::new(answer);
        let table = words.crossings();
        table.rows.into_iter().map(|mut row| {
            row.insert(0, value(*at));
            row
        })
    });
    let mut table = Words::new(first).crossings();
    table.columns.insert(0, across.variable.path().to_owned());
    table.rows = crossings.collect();
    ToldFrontier {
        subject: format!(
            "{} from {} to {}, and {}",
            across.variable.path(),
            value(across.from),
            value(across.to),
            words.subject()
        ),
        sentences: frontier_sentences(frontier, &words),
        legend: letters.chain(others).collect(),
        map,
        ends: (words.value(first.along.from), words.value(first.along.to)),
        crossings: table,
    }
}

/// Who is cheapest on how much of the map, and rows in which nobody overtakes anybody.
fn frontier_sentences(frontier: &Frontier, words: &Words) -> Vec<String> {
    let path = frontier.across.variable.path();
    let crossed: Vec<&(f64, BreakEven)> = frontier
        .rows
        .iter()
        .filter(|(_, answer)| answer.pairs.iter().any(|pair| !pair.crossings.is_empty()))
        .collect();
    let value = |at: f64| frontier.across.show(at, 3);
    let along = words.along.variable.path();
    let mut list = vec![match crossed[..] {
        [] => format!("for no {path} does one overtake another along {along}."),
        [only] => format!("one overtakes another along {along} where {path} is {}.", value(only.0)),
        [first, .., last] if crossed.len() == frontier.rows.len() => format!(
            "one overtakes another along {along} for every {path} from {} to {}.",
            value(first.0),
            value(last.0)
        ),
        [first, .., last] => format!(
            "one overtakes another along {along} in {} of {} rows, between {path} {} and {}.",
            crossed.len(),
            frontier.rows.len(),
            value(first.0),
            value(last.0)
        ),
    }];
    let single = crossed.iter().filter_map(|(at, answer)| match &answer.pairs[..] {
        [pair] => match &pair.crossings[..] {
            [only] => Some((*at, words.place(only))),
            _ => None,
        },
        _ => None,
    });
    let single: Vec<(f64, String)> = single.collect();
    if let [(low, first), .., (high, last)] = &single[..] {
        list.push(format!(
            "the crossing moves from {first} at {} to {last} at {}.",
            value(*low),
            value(*high)
        ));
    }
    list.into_iter().map(capitalized).collect()
}

fn letter(who: Who) -> char {
    match who {
        Who::One(platform) => char::from(b'A' + (platform % 26) as u8),
        Who::Same => '=',
        Who::Unknown => '.',
    }
}

/// Who is cheapest at a value; between two parts of the range, the nearer one's.
pub(crate) fn who_at(answer: &BreakEven, value: f64) -> Who {
    let away = |range: &Stretch| (range.from - value).max(value - range.to).max(0.0);
    let nearest = answer.ranges.iter().min_by(|one, other| away(one).total_cmp(&away(other)));
    nearest.map_or(Who::Unknown, |range| range.who)
}

/// Every row of a frontier, as JSON.
pub fn frontier_json(frontier: &Frontier) -> String {
    let across = &frontier.across;
    let told = told_frontier(frontier);
    let row =
        |(at, answer): &(f64, BreakEven)| json!({ "value": at, "breakeven": document(answer) });
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "frontier",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "vary": across.variable.path(),
        "unit": across.scale.unit(),
        "from": across.from,
        "to": across.to,
        "spacing": spacing(across),
        "sentences": told.sentences,
        "rows": frontier.rows.iter().map(row).collect::<Vec<_>>(),
    }))
}

/// The rows of every break-even of a frontier, with the other value in front.
pub fn frontier_csv(frontier: &Frontier) -> String {
    let path = frontier.across.variable.path();
    let head = ["across", "across_value"].into_iter().chain(COLUMNS);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let _ = writer.write_record(head);
    for (at, answer) in &frontier.rows {
        let at = at.to_string();
        records(answer, &mut |cells| {
            let front = [path, at.as_str()].map(|cell| text(cell).into_owned());
            let _ = writer.write_record(front.into_iter().chain(cells));
        });
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
