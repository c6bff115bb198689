//! Many values of many keys: a grid of all combinations, or a list, each point planned in brief.
//!
//! A point depends on its number alone, so that points can be planned in any order, by several threads or machines.

use crate::brief::{self, NoPlan, Outcome, Shelf, Standing};
use crate::design::Design;
use crate::horizon::View;
use crate::quantity;
use crate::range::{Range, RangeError, Spacing};
use crate::scenario::{Draft, Given, Problem, Scenario, Variable};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The values.
    pub grid: Grid,
    /// Platforms by their places in the scenario.
    pub platforms: Vec<usize>,
    /// Which months are planned.
    pub view: View,
}

/// Values of several keys.
#[derive(Clone, Debug)]
pub enum Grid {
    /// All combinations; the last key changes fastest.
    Product(Vec<Axis>),
    /// One point after the other.
    List(List),
}

/// Values of one key.
#[derive(Clone, Debug)]
pub struct Axis {
    /// The key.
    pub variable: Variable,
    /// In the order in which they were given.
    pub values: Vec<Entry>,
}

/// A value of a key.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As a scenario would write it.
    pub written: String,
    /// The same on the scale of its key, where it has one.
    pub number: Option<f64>,
    given: Given,
}

/// Points one after the other, as a table with a column for each key.
#[derive(Clone, Debug)]
pub struct List {
    /// The key of each column.
    pub variables: Vec<Variable>,
    text: String,
    /// Where each row begins in the text.
    rows: Vec<usize>,
}

/// Why an axis or a list is none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// It is no path with values.
    #[error("`{text}` is not a path with values")]
    NotAnAxis {
        /// What was written.
        text: String,
    },
    /// The path leads nowhere, or its ends are none.
    #[error("{0}")]
    Range(#[from] RangeError),
    /// A value has not the form that its key asks for.
    #[error("`{path}`: {problem}")]
    Value {
        /// The key.
        path: String,
        /// What is wrong.
        problem: Box<Problem>,
    },
    /// A step or a number of values that leads nowhere.
    #[error("`{text}` is no step from one end to the other")]
    Step {
        /// What was written.
        text: String,
    },
    /// More values than anybody would wait for.
    #[error("`{text}` is more than {AXIS_MAX} values")]
    TooMany {
        /// What was written.
        text: String,
    },
    /// Two axes change the same key.
    #[error("`{path}` is varied twice")]
    Twice {
        /// The key.
        path: String,
    },
    /// A list is no table.
    #[error("line {line}: {message}")]
    Table {
        /// Which line, from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// A list has a value that is none.
    #[error("line {line}: {error}")]
    Row {
        /// Which line, from 1.
        line: u64,
        /// What is wrong.
        error: Box<SweepError>,
    },
    /// There is no point.
    #[error("there is no point to plan")]
    Empty,
}

impl SweepError {
    /// What to do about it, where that is clear.
    pub fn hint(&self) -> Option<String> {
        let write = "write PATH=V1,V2,V3, PATH=LOW..HIGH by STEP, PATH=LOW..HIGH in N or PATH=LOW..HIGH in N log";
        match self {
            Self::NotAnAxis { .. } => Some(write.to_owned()),
            Self::Range(error) => error.hint(),
            Self::Value { problem, .. } => problem.hint(),
            Self::Step { .. } => {
                Some("a step is above zero, and a number of values is 2 or more".to_owned())
            }
            Self::TooMany { .. } => Some("take a larger step, or sweep in parts".to_owned()),
            Self::Twice { .. } => Some("give all values of a key at once".to_owned()),
            Self::Row { error, .. } => error.hint(),
            Self::Table { .. } => Some(
                "a list has a head of paths, and as many values in each row below it".to_owned(),
            ),
            Self::Empty => Some("give one value at least".to_owned()),
        }
    }
}

/// Values of one axis: a million of them are more than a grid can hold beside another.
pub const AXIS_MAX: usize = 1_000_000;

/// Digits of values between two ends that are written in one unit: more would show how floats add up.
const DIGITS: i32 = 12;

impl Axis {
    /// Reads `PATH=V1,V2,V3`, `PATH=LOW..HIGH by STEP`, `PATH=LOW..HIGH in N` or `PATH=LOW..HIGH in N log`.
    ///
    /// # Errors
    ///
    /// When the path leads nowhere, or a value has not the form that its key asks for.
    pub fn read(draft: &Draft, text: &str) -> Result<Self, SweepError> {
        let not_an_axis = || SweepError::NotAnAxis { text: text.to_owned() };
        let (path, values) = text.split_once('=').ok_or_else(not_an_axis)?;
        let (path, values) = (path.trim(), values.trim());
        let variable = draft
            .variable(path)
            .map_err(|error| SweepError::Range(RangeError::Path(Box::new(error))))?;
        let texts = match span(values) {
            Some((from, to, how)) => between(draft, path, (from, to), how)?,
            None => split(values),
        };
        if texts.is_empty() || texts.iter().any(String::is_empty) {
            return Err(not_an_axis());
        }
        // What looks like a range and is no value lacks its steps.
        let range = |text: &str| text.contains("..");
        let values = texts.into_iter().map(|written| {
            let range = range(&written);
            entry(&variable, written).map_err(|error| if range { not_an_axis() } else { error })
        });
        Ok(Self { values: values.collect::<Result<_, _>>()?, variable })
    }
}

fn entry(variable: &Variable, written: String) -> Result<Entry, SweepError> {
    let given = variable.read(&written).map_err(|problem| wrong(variable.path(), problem))?;
    Ok(Entry { number: variable.measure(&given), written, given })
}

fn wrong(path: &str, problem: Problem) -> SweepError {
    SweepError::Value { path: path.to_owned(), problem: Box::new(problem) }
}

/// How values lie between two ends.
#[derive(Clone, Copy)]
enum How<'a> {
    By(&'a str),
    In(&'a str, Spacing),
}

/// `LOW..HIGH by STEP`, `LOW..HIGH in N`, `LOW..HIGH in N log`.
fn span(values: &str) -> Option<(&str, &str, How<'_>)> {
    let (from, rest) = values.split_once("..")?;
    let how = |to: &'_ str| to.trim().len();
    if let Some((to, step)) = rest.rsplit_once(" by ")
        && how(to) > 0
    {
        return Some((from.trim(), to.trim(), How::By(step.trim())));
    }
    let (to, count) = rest.rsplit_once(" in ")?;
    let count = count.trim();
    Some(match count.strip_suffix("log") {
        Some(count) => (from.trim(), to.trim(), How::In(count.trim(), Spacing::Logarithmic)),
        None => (from.trim(), to.trim(), How::In(count, Spacing::Linear)),
    })
}

/// Values at commas, except for those in quotes and brackets.
fn split(values: &str) -> Vec<String> {
    let mut list = vec![String::new()];
    let (mut depth, mut quoted) = (0_u32, false);
    for letter in values.chars() {
        match letter {
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                list.push(String::new());
                continue;
            }
            _ => {}
        }
        list.last_mut().expect("a list begins with one value").push(letter);
    }
    list.into_iter().map(|value| value.trim().to_owned()).collect()
}

/// Values between two ends, as a scenario would write them: in the unit of both where that is one.
fn between(
    draft: &Draft,
    path: &str,
    (from, to): (&str, &str),
    how: How<'_>,
) -> Result<Vec<String>, SweepError> {
    let spacing = match how {
        How::By(_) => Spacing::Linear,
        How::In(_, spacing) => spacing,
    };
    let range = Range::new(draft, path, (from, to), Some(spacing))?;
    let (step, written) = match how {
        How::By(step) => (Some(step), format!("{from}..{to} by {step}")),
        How::In(count, _) => (None, format!("{from}..{to} in {count}")),
    };
    let no_step = || SweepError::Step { text: written.clone() };
    let too_many = || SweepError::TooMany { text: written.clone() };
    // In the unit of all that is given, so that `1 d..3 d by 1 d` is 1 d, 2 d and 3 d.
    let units = [Some(from), Some(to), step].into_iter().flatten().map(unit);
    let units: Option<Vec<(f64, &str, &str)>> = units.collect();
    let same = units
        .filter(|units| units.windows(2).all(|two| two[0].1 == two[1].1 && two[0].2 == two[1].2));
    let measure = |text: &str| {
        let given = range.variable.read(text).map_err(|problem| wrong(path, problem))?;
        range.variable.measure(&given).ok_or_else(no_step)
    };
    let (low, high, by) = match &same {
        Some(units) => (units[0].0, units[1].0, units.get(2).map(|unit| unit.0)),
        None => (range.from, range.to, step.map(measure).transpose()?),
    };
    let count = match (by, how) {
        (Some(by), _) if by > 0.0 => {
            // A last step that ends a rounding error beyond the end is one.
            let steps = libm::floor((high - low) / by * (1.0 + 1e-12) + 1e-9);
            if steps >= AXIS_MAX as f64 {
                return Err(too_many());
            }
            steps as usize + 1
        }
        (_, How::In(count, _)) => {
            let count: usize =
                count.parse().ok().filter(|count| *count >= 2).ok_or_else(no_step)?;
            if count > AXIS_MAX {
                return Err(too_many());
            }
            count
        }
        _ => return Err(no_step()),
    };
    let value = |index: usize| match by {
        Some(by) => low + by * index as f64,
        None => {
            let share = index as f64 / (count - 1) as f64;
            range.between(low, high, share)
        }
    };
    let text = |value: f64| match &same {
        Some(units) => format!("{}{}{}", units[0].1, digits(value), units[0].2),
        None => range.scale.write(value),
    };
    let mut texts: Vec<String> = (0..count).map(|index| text(value(index))).collect();
    texts.dedup();
    Ok(texts)
}

/// Number, sign of currency in front, and unit of a value with the space before it.
fn unit(text: &str) -> Option<(f64, &str, &str)> {
    let (sign, rest) = match text.strip_prefix('$') {
        Some(rest) => ("$", rest),
        None => ("", text),
    };
    let (number, unit) = quantity::number(rest).ok()?;
    let unit = &rest[rest.len() - unit.len()..];
    let spaced = rest[..rest.len() - unit.len()].ends_with(' ');
    let unit = if spaced { &rest[rest.len() - unit.len() - 1..] } else { unit };
    Some((number, sign, unit))
}

/// A number without what floats add to it.
fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let power = DIGITS - 1 - libm::floor(libm::log10(value.abs())) as i32;
    let decimals = usize::try_from(power).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

impl List {
    /// Reads a table in CSV with a column for each path and a row for each point.
    ///
    /// # Errors
    ///
    /// When a path leads nowhere, or a value has not the form that its key asks for: the first of them, with its line.
    pub fn read(draft: &Draft, text: String) -> Result<Self, SweepError> {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let table = |error: csv::Error| SweepError::Table {
            line: error.position().map_or(1, csv::Position::line),
            message: match error.kind() {
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    format!("{len} values instead of {expected_len}")
                }
                _ => error.to_string(),
            },
        };
        let heads = reader.headers().map_err(table)?.clone();
        let variables: Vec<Variable> =
            heads.iter().map(|path| draft.variable(path)).collect::<Result<_, _>>().map_err(
                |error| SweepError::Row {
                    line: 1,
                    error: Box::new(SweepError::Range(RangeError::Path(Box::new(error)))),
                },
            )?;
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        loop {
            let position = reader.position().clone();
            if !reader.read_record(&mut record).map_err(table)? {
                break;
            }
            for (variable, value) in variables.iter().zip(&record) {
                entry(variable, value.to_owned()).map_err(|error| SweepError::Row {
                    line: record.position().unwrap_or(&position).line(),
                    error: Box::new(error),
                })?;
            }
            rows.push(position.byte() as usize);
        }
        Ok(Self { variables, text, rows })
    }

    fn row(&self, index: usize) -> Option<Vec<Entry>> {
        let text = self.text.get(*self.rows.get(index)?..)?;
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let record = reader.records().next()?.ok()?;
        let entries = self.variables.iter().zip(&record);
        entries.map(|(variable, value)| entry(variable, value.to_owned()).ok()).collect()
    }
}

impl Grid {
    /// All combinations of axes.
    ///
    /// # Errors
    ///
    /// When two of them change the same key, or there is none.
    pub fn product(axes: Vec<Axis>) -> Result<Self, SweepError> {
        for (index, axis) in axes.iter().enumerate() {
            let path = axis.variable.path();
            if axes[..index].iter().any(|before| before.variable.path() == path) {
                return Err(SweepError::Twice { path: path.to_owned() });
            }
        }
        let grid = Self::Product(axes);
        if grid.points() == 0 { Err(SweepError::Empty) } else { Ok(grid) }
    }

    /// Points of a list.
    ///
    /// # Errors
    ///
    /// When two columns change the same key, or there is no row.
    pub fn list(list: List) -> Result<Self, SweepError> {
        for (index, variable) in list.variables.iter().enumerate() {
            let path = variable.path();
            if list.variables[..index].iter().any(|before| before.path() == path) {
                return Err(SweepError::Twice { path: path.to_owned() });
            }
        }
        if list.rows.is_empty() { Err(SweepError::Empty) } else { Ok(Self::List(list)) }
    }

    /// What changes, in the order of columns.
    pub fn variables(&self) -> Vec<&Variable> {
        match self {
            Self::Product(axes) => axes.iter().map(|axis| &axis.variable).collect(),
            Self::List(list) => list.variables.iter().collect(),
        }
    }

    /// How many points there are; the largest number where there are more.
    pub fn points(&self) -> u64 {
        match self {
            Self::Product(axes) if axes.is_empty() => 0,
            Self::Product(axes) => axes
                .iter()
                .fold(1, |points: u64, axis| points.saturating_mul(axis.values.len() as u64)),
            Self::List(list) => list.rows.len() as u64,
        }
    }

    /// The values of a point; 0 is the first.
    pub fn point(&self, index: u64) -> Option<Vec<Entry>> {
        match self {
            Self::Product(axes) => {
                let mut rest = index;
                let mut entries = Vec::with_capacity(axes.len());
                for axis in axes.iter().rev() {
                    let count = axis.values.len() as u64;
                    entries.push(axis.values[(rest % count) as usize].clone());
                    rest /= count;
                }
                entries.reverse();
                (rest == 0).then_some(entries)
            }
            Self::List(list) => list.row(usize::try_from(index).ok()?),
        }
    }
}

/// What comes of one point.
#[derive(Clone, Debug)]
pub struct Point {
    /// Its values.
    pub entries: Vec<Entry>,
    /// Each platform in brief; the scenario's problem where its values do not go together.
    pub outcome: Result<Vec<Outcome>, NoPlan>,
}

/// Plans the platforms at points, one after the other; 0 is the first. The draft is the scenario's, and may be that of
/// another point.
pub fn points(
    sweep: &Sweep,
    draft: &mut Draft,
    shelf: &mut Shelf,
    points: std::ops::Range<u64>,
    each: &mut dyn FnMut(u64, &Point),
) {
    let Sweep { grid, platforms, view } = sweep;
    let mut rest = points.filter_map(|index| Some((index, read(grid, draft, index)?))).peekable();
    while let Some((index, (entries, found))) = rest.next() {
        let known = found.and_then(|scenario| match shelf.of(&scenario) {
            Ok(prices) => Ok((scenario, prices)),
            Err(reason) => Err(NoPlan { reason: reason.to_owned(), hint: String::new() }),
        });
        let (scenario, prices) = match known {
            Ok(known) => known,
            Err(none) => {
                each(index, &Point { entries, outcome: Err(none) });
                continue;
            }
        };
        // Points that follow with the same settings and prices are planned with what is worked out here.
        let designs = wanted(&scenario, platforms);
        let tariffs = brief::tariffs(&designs, prices);
        let standing = Standing::new(&designs, &scenario, prices, &tariffs);
        let outcome = Ok(standing.briefs(&scenario, prices, *view, platforms));
        each(index, &Point { entries, outcome });
        let same = |next: &Scenario| {
            next.markets() == scenario.markets()
                && platforms
                    .iter()
                    .map(|place| next.platforms.get(*place))
                    .eq(designs.iter().map(Some))
        };
        while let Some((index, (entries, found))) =
            rest.next_if(|(_, (_, found))| found.as_ref().is_ok_and(&same))
        {
            let outcome = found.map(|next| standing.briefs(&next, prices, *view, platforms));
            each(index, &Point { entries, outcome });
        }
    }
}

fn wanted(scenario: &Scenario, places: &[usize]) -> Vec<Design> {
    places.iter().filter_map(|place| scenario.platforms.get(*place)).cloned().collect()
}

/// The values of a point, and the scenario with them.
fn read(
    grid: &Grid,
    draft: &mut Draft,
    index: u64,
) -> Option<(Vec<Entry>, Result<Scenario, NoPlan>)> {
    let entries = grid.point(index)?;
    for (variable, entry) in grid.variables().into_iter().zip(&entries) {
        draft.put(variable, &entry.given);
    }
    let scenario = draft.scenario().map_err(|errors| NoPlan {
        reason: errors.first().map_or_else(String::new, |error| error.problem.to_string()),
        hint: errors.first().and_then(|error| error.problem.hint()).unwrap_or_default(),
    });
    Some((entries, scenario))
}

/// The points of one of several parts of equal length, the first of which is 1: from one up to another.
///
/// ```
/// # use model::sweep::share;
/// let parts: Vec<_> = (1..=3).map(|part| share(10, part, 3)).collect();
/// assert_eq!(parts, [0..3, 3..6, 6..10]);
/// ```
pub fn share(points: u64, part: u32, of: u32) -> std::ops::Range<u64> {
    let end = |part: u32| {
        let end = u128::from(points) * u128::from(part) / u128::from(of.max(1));
        u64::try_from(end).unwrap_or(points)
    };
    end(part.saturating_sub(1))..end(part)
}
