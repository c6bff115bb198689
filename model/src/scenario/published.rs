//! What others published for a case: every figure is about a platform of the scenario, in a unit that fits.

use super::fields::{self, Section};
use super::form::{Checked, missing};
use super::names::{Names, known};
use super::nearest::Known;
use super::problem::{Problem, Problems};
use crate::bill::Cause;
use crate::parameters::Setting;
use crate::published::{Amount, Basis, Figure, Measure, Period, Published, Slip, SourceKind, What};

/// How far a plan may be off where a figure does not say.
const TOLERANCE: f64 = 0.01;

/// What others published: `Some(None)` where the scenario has no such section, `None` where it is wrong.
pub(super) fn published(root: &Checked, problems: &mut Problems) -> Option<Option<Published>> {
    let Some(table) = root.table("published") else { return Some(None) };
    check_url(table, problems);
    check_slip(table, problems);
    let names = Names::of(root);
    let figures: Vec<_> = table
        .tables("figure")
        .iter()
        .map(|item| {
            for key in ["platform", "against"] {
                known("platform", names.platforms.as_ref(), item, key, problems);
            }
            figure(item, problems)
        })
        .collect();
    let slip = |item: &Checked| Some(Slip { kind: read(item, "name")?, why: item.text("why")? });
    Some(Some(Published {
        id: table.text("id")?,
        title: table.text("title")?,
        url: table.text("url")?,
        date: table.text("date")?,
        source_kind: read::<SourceKind>(table, "source_kind")?,
        consistent: table.flag("consistent")?,
        assumptions: table.sentences("assumptions").unwrap_or_default(),
        slips: table.tables("slip").iter().map(slip).collect::<Option<_>>()?,
        figures: figures.into_iter().collect::<Option<_>>()?,
    }))
}

/// A word of a choice, which the first pass has checked.
fn read<T: Setting>(table: &Checked, key: &str) -> Option<T> {
    T::read(&table.text(key)?).ok()
}

fn check_url(table: &Checked, problems: &mut Problems) {
    let Some(url) = table.text("url") else { return };
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || url.contains(char::is_whitespace)) {
        let allowed = "an address that begins with `https://`".to_owned();
        let problem = Problem::OutOfRange { key: "url".to_owned(), found: url, allowed };
        problems.report(problem, table.span_of("url"));
    }
}

/// A case is consistent, or says what went wrong in it.
fn check_slip(table: &Checked, problems: &mut Problems) {
    match (table.flag("consistent"), table.has("slip")) {
        (Some(true), true) => {
            problems.report(Problem::SlipOfConsistent, table.key_span("slip"));
        }
        (Some(false), false) => {
            if let Some(field) = fields::find(Section::Published, "slip") {
                problems.report(missing(&field), table.span_of("consistent"));
            }
        }
        _ => {}
    }
}

fn figure(item: &Checked, problems: &mut Problems) -> Option<Figure> {
    let what = named(
        item,
        "what",
        "published figure",
        What::named,
        || What::all().into_iter().map(What::name).collect(),
        problems,
    );
    let cause = named(
        item,
        "cause",
        "cause",
        cause,
        || Cause::ALL.iter().map(|cause| cause.name()).collect(),
        problems,
    );
    let amount = item.amount("value")?;
    let sound = what.is_none_or(|what| check_unit(item, what, amount, problems));
    check_period(item, amount, problems);
    (sound && item.has("cause") == cause.is_some()).then_some(())?;
    Some(Figure {
        platform: item.text("platform")?,
        what: what?,
        cause,
        amount,
        period: read::<Period>(item, "period"),
        tolerance: item.number("tolerance").unwrap_or(TOLERANCE),
        of: read::<Basis>(item, "of").unwrap_or(Basis::Contracted),
        against: item.text("against"),
    })
}

fn cause(name: &str) -> Option<Cause> {
    Cause::ALL.iter().copied().find(|cause| cause.name() == name)
}

/// What a name stands for, or a problem that lists the names there are.
fn named<T>(
    item: &Checked,
    key: &str,
    kind: &'static str,
    find: impl Fn(&str) -> Option<T>,
    all: impl Fn() -> Vec<&'static str>,
    problems: &mut Problems,
) -> Option<T> {
    let name = item.text(key)?;
    let found = find(&name);
    if found.is_none() {
        let known = Known::new(&name, all().iter().copied());
        problems.report(Problem::UnknownName { what: kind, name, known }, item.span_of(key));
    }
    found
}

/// Whether a figure is counted in something that it can be counted in.
fn check_unit(item: &Checked, what: What, amount: Amount, problems: &mut Problems) -> bool {
    let mut measures = what.measures();
    if item.has("against") {
        // A saving is one of dollars.
        measures.retain(|measure| *measure == Measure::Money);
        measures.extend(measures.first().map(|_| Measure::Share));
    }
    let right = measures.contains(&amount.measure);
    if !right {
        let problem = Problem::FigureUnit {
            what: what.name(),
            found: amount.measure.name(),
            allowed: measures.into_iter().map(Measure::example).collect(),
        };
        problems.report(problem, item.span_of("value"));
    }
    right
}

/// Dollars and requests are for a period, and nothing else is.
fn check_period(item: &Checked, amount: Amount, problems: &mut Problems) {
    let measure = amount.measure;
    let field = fields::find(Section::Figure, "period");
    if let (true, false, Some(field)) = (measure.has_period(), item.has("period"), field) {
        problems.report(missing(&field), item.span_of("value"));
    }
    let idle = |key, meant_for| Problem::OtherFigure { key, measure: measure.name(), meant_for };
    if !measure.has_period() && measure != Measure::Share && item.has("period") {
        let problem = idle("period", "dollars and for numbers of requests");
        problems.report(problem, item.key_span("period"));
    }
    if !matches!(measure, Measure::Money | Measure::Share) && item.has("of") {
        problems.report(idle("of", "dollars"), item.key_span("of"));
    }
}
