//! A picture together with where in it things are, for whoever lays something over it: a pointer, a table, keys that step
//! from value to value. All of it is data that travels as JSON.

use serde::{Deserialize, Serialize};

use super::{Clock, Look, axis};
use crate::float;
use crate::order;
use crate::units::Hours;

/// A chart as a picture, as places in it, and as a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// Which picture it is, as it is asked for: `rates`.
    pub picture: String,
    /// What is shown.
    pub title: String,
    /// Of the values.
    pub unit: String,
    /// One document that holds the picture alone.
    pub svg: String,
    /// Where its plot is.
    pub frame: Frame,
    /// How its moments are written.
    pub clock: Clock,
    /// What is drawn, one for each series and in the order of the legend.
    pub tracks: Vec<Track>,
    /// What the values are held against.
    pub limits: Vec<Level>,
    /// What happened, in the order of time.
    pub marks: Vec<Span>,
    /// The same in figures.
    pub table: Table,
}

/// Where a plot is in its picture, in pixels of the size that it is shown at, and what its edges stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The left edge of the plot.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Width of the whole picture.
    pub paper_width: f64,
    /// Height of the whole picture.
    pub paper_height: f64,
    /// The moment at the left edge, in hours.
    pub from: f64,
    /// The moment at the right one.
    pub to: f64,
    /// The value at the lower edge.
    pub low: f64,
    /// The value at the upper one.
    pub high: f64,
}

impl Frame {
    /// Where a moment is; at an edge if it is beyond it.
    pub fn x(&self, hours: f64) -> f64 {
        self.left + share(hours, self.from, self.to) * self.width
    }

    /// Where a value is; at an edge if it is beyond it.
    pub fn y(&self, value: f64) -> f64 {
        self.top + (1.0 - share(value, self.low, self.high)) * self.height
    }

    /// The moment at a place, in hours; that of an edge if it is beyond it.
    pub fn hours(&self, x: f64) -> f64 {
        self.from + share(x, self.left, self.left + self.width) * (self.to - self.from)
    }
}

fn share(value: f64, low: f64, high: f64) -> f64 {
    if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 }
}

/// A series as it is drawn, with no more points than are seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// As the legend says it.
    pub name: String,
    /// As a style sheet says it: `#0072B2`.
    pub color: String,
    /// Lengths of dashes and gaps of its line, in pixels; none of a solid line or of a surface.
    pub dashes: Vec<f64>,
    /// How opaque its surface is; 1 of a line.
    pub strength: f64,
    /// What is between its points.
    pub look: Look,
    /// Hours and values.
    pub points: Vec<(f64, f64)>,
    /// For each point the value at which it is drawn, where series stand on top of each other.
    pub tops: Vec<f64>,
}

impl Track {
    /// The value at a moment, and the value at which it is drawn; none before the first and after the last point of a line.
    pub fn at(&self, hours: f64) -> Option<(f64, f64)> {
        let next = self.points.partition_point(|point| point.0 <= hours);
        let here = next.checked_sub(1)?;
        let (at, value) = *self.points.get(here)?;
        if self.look != Look::Line {
            return Some((value, self.tops.get(here).copied().unwrap_or(value)));
        }
        let value = match self.points.get(next) {
            Some(&(until, end)) => value + (end - value) * share(hours, at, until),
            None if hours > at => return None,
            None => value,
        };
        Some((value, value))
    }
}

/// A value to stay below, or above.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// What it is.
    pub name: String,
    /// In the unit of the chart.
    pub value: f64,
    /// The value as people read it.
    pub text: String,
}

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// What.
    pub name: String,
    /// When it began, in hours.
    pub from: f64,
    /// When it was over, if it lasted.
    pub to: Option<f64>,
    /// Both as people read them: `3 Jan 2027 06:00 to 4 Jan 2027`.
    pub text: String,
}

/// Text in columns; the first says which row it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// What the values are.
    pub caption: String,
    /// Heads, one for each column.
    pub columns: Vec<String>,
    /// As many cells in each as there are columns; empty where there is no value.
    pub rows: Vec<Vec<String>>,
}

/// What a chart says of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// As the chart's clock writes it: `3 Jan 2027 06:00`.
    pub moment: String,
    /// Where it is in the picture.
    pub x: f64,
    /// One for each track that has a value then.
    pub values: Vec<Value>,
    /// Names of what goes on then, or begins within two pixels of it.
    pub marks: Vec<String>,
}

/// The value of a series at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Value {
    /// Of which series.
    pub name: String,
    /// Its color.
    pub color: String,
    /// The value as people read it, without the unit.
    pub text: String,
    /// Where it is in the picture.
    pub y: f64,
}

/// Pixels beside a mark within which a reading names it.
const NEAR: f64 = 2.0;

impl Drawing {
    /// What stands at a moment.
    pub fn reading(&self, hours: f64) -> Reading {
        let hours = hours.clamp(self.frame.from, self.frame.to);
        let near = NEAR / self.frame.width.max(1.0) * (self.frame.to - self.frame.from);
        let values = self.tracks.iter().filter_map(|track| {
            let (value, top) = track.at(hours)?;
            Some(Value {
                name: track.name.clone(),
                color: track.color.clone(),
                text: axis::figure(value),
                y: self.frame.y(top),
            })
        });
        let goes_on = |mark: &&Span| {
            let end = mark.to.unwrap_or(mark.from).max(mark.from + near);
            (mark.from - near..=end).contains(&hours)
        };
        Reading {
            moment: self.clock.moment(Hours::new(hours)),
            x: self.frame.x(hours),
            values: values.collect(),
            marks: self.marks.iter().filter(goes_on).map(|mark| mark.name.clone()).collect(),
        }
    }

    /// Hours at which something changes, in order: where keys step to.
    pub fn moments(&self) -> Vec<f64> {
        let points = self.tracks.iter().flat_map(|track| &track.points).map(|point| point.0);
        let marks = self.marks.iter().flat_map(|mark| [Some(mark.from), mark.to]).flatten();
        let edges = [self.frame.from, self.frame.to];
        let mut moments: Vec<f64> = points.chain(marks).chain(edges).collect();
        moments.retain(|at| (self.frame.from..=self.frame.to).contains(at));
        order::sort_by(&mut moments, f64::total_cmp);
        moments.dedup();
        moments
    }
}

/// Digits of values: more than can be drawn.
const DIGITS: usize = 6;

/// A value in few digits; plus nothing has no sign.
pub(super) fn short(value: f64) -> f64 {
    float::parse(&format!("{value:.*e}", DIGITS - 1)).unwrap_or(value) + 0.0
}

/// Moments in as few digits as tell a millionth of a span apart.
pub(super) fn moment(at: f64, (from, to): (f64, f64)) -> f64 {
    let whole = libm::ceil(libm::log10(to - from)) as i32;
    let power = libm::pow(10.0, f64::from((DIGITS as i32 - whole).clamp(0, 12)));
    libm::round(at * power) / power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_travel_in_few_digits() {
        assert_eq!(short(1.0 / 3.0), 0.333333);
        assert_eq!(short(123_456_789.0), 123_457_000.0);
        assert_eq!(short(-0.0).to_bits(), 0);
        assert_eq!(moment(978.016_666_666, (978.0, 982.0)), 978.01667);
        assert_eq!(moment(4_321.016_666_666, (0.0, 8760.0)), 4321.02);
    }

    #[test]
    fn steps_hold_and_lines_slope() {
        let points = vec![(0.0, 1.0), (2.0, 3.0)];
        let steps = Track { look: Look::Steps, points: points.clone(), ..Track::default() };
        let line = Track { look: Look::Line, points, ..Track::default() };
        let values = |track: &Track| [-1.0, 0.0, 1.0, 2.0, 3.0].map(|at| track.at(at).map(|v| v.0));
        assert_eq!(values(&steps), [None, Some(1.0), Some(1.0), Some(3.0), Some(3.0)]);
        assert_eq!(values(&line), [None, Some(1.0), Some(2.0), Some(3.0), None]);
    }
}
