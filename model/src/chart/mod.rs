//! Pictures of what happens through time, as SVG text: no file, no font, no script, and the same bytes everywhere.
//!
//! A [`Chart`] says what is drawn and in which unit; nothing here knows what it measures.

mod axis;
mod backend;
mod bars;
#[cfg(test)]
mod checked;
mod clock;
mod curves;
mod draw;
mod drawing;
mod ink;
mod lines;
mod marks;
mod sheet;
mod table;
mod text;
mod thin;

use serde::{Deserialize, Serialize};

pub use bars::{Bar, Bars, Breakdown, Part, Segment, bars_svg, breakdown};
pub use clock::Clock;
pub use curves::{Curve, Curves, Fields, Row, curves_svg, fields_svg};
pub use draw::{drawing, svg};
pub use drawing::{Drawing, Frame, Level, Reading, Span, Table, Track, Value};
pub use sheet::Paper;

use crate::units::Hours;

/// One picture: values through time, with marks where something happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// What is shown.
    pub title: String,
    /// Of the values: `MiB/s`, `GiB`, `%`, `$ a month`.
    pub unit: String,
    /// The first moment shown.
    pub from: Hours,
    /// The last one.
    pub to: Hours,
    /// How moments are written.
    pub clock: Clock,
    /// What is drawn. Areas stack in this order from the bottom, and so do bars.
    pub series: Vec<Series>,
    /// What the values are held against.
    pub limits: Vec<Limit>,
    /// What happened.
    pub marks: Vec<Mark>,
}

/// Values through time. Those that are not finite are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// As the legend says it.
    pub name: String,
    /// Moments and values, in any order.
    pub points: Vec<(Hours, f64)>,
    /// How they are drawn.
    pub look: Look,
    /// The number of its look where that is not by its place in the chart, so that the same thing looks the same in all of
    /// them: eight colors, from 0 strong, from 8 weak, from 16 and from 24 hatched one way and the other.
    pub shade: Option<usize>,
}

/// How values are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    /// A line from each to the next.
    #[default]
    Line,
    /// Each holds until the next.
    Steps,
    /// As steps, filled, on top of the areas before.
    Area,
    /// A bar for each, as wide as it lasts, on top of the bars before: one a month.
    Bars,
}

/// A value to stay below, or above: a dashed line across.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limit {
    /// What stands beside it: `SLO`, `capacity`.
    pub name: String,
    /// In the unit of the chart.
    pub value: f64,
}

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// What: `zone b lost`. A mark without a name is drawn only.
    pub name: String,
    /// When it began.
    pub from: Hours,
    /// When it was over, if it lasted.
    pub to: Option<Hours>,
}

/// How a surface is filled, for whoever draws one that is no SVG.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// Its colour, as `#0072B2`.
    pub color: &'static str,
    /// How opaque it is.
    pub strength: f64,
    /// Whether lines run across it.
    pub is_hatched: bool,
}

/// The surface of a shade: the same thing looks the same in all pictures.
pub fn surface(shade: usize) -> Surface {
    let ink = ink::Ink::shade(shade);
    Surface { color: ink.color(), strength: ink.strength, is_hatched: ink.is_hatched() }
}
