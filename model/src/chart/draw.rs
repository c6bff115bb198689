//! Charts below each other in one SVG document.

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::axis::{self, Axis};
use super::drawing::{self, Drawing, Frame, Level, Span, Track};
use super::ink::{self, Ink};
use super::lines::{self, Drawn, Shape};
use super::marks::{self, Named, Names};
use super::sheet::{
    Area, Done, GAP, Heading, LABEL, LEGEND_ROW, NAME_ROW, Paper, SWATCH, TITLE, boxed, document,
    font, path, rectangle, units, wrapped, write,
};
use super::{Chart, Limit, Look, Mark, Series, table, text};
use crate::order;
use crate::units::Hours;

// In pixels.
const PLOT: f64 = 200.0;
const TIME_ROW: f64 = 26.0;
const LIMIT_ROW: f64 = 13.0;
/// The right margin takes names of limits up to this width.
const LIMIT_NAME: f64 = 130.0;
/// Names of series and marks are cut at this width.
const NAME: f64 = 260.0;

/// A limit this many times above everything drawn is named at the top and not drawn to scale.
const FAR_LIMIT: f64 = 10.0;

/// Marks that a description lists.
const DESCRIBED_MAX: usize = 20;

/// One self-contained SVG document with charts below each other, their plots aligned.
///
/// As a file or an image it follows the reader's choice of light or dark; inside a page it takes the page's text color.
/// Equal charts give equal bytes. Nothing panics: what cannot be drawn, such as a value that is not finite, is left out.
///
/// ```
/// # use model::{chart::{self, Chart, Paper, Series}, units::Hours};
/// let backlog = Series {
///     name: "backlog".to_owned(),
///     points: vec![(Hours::new(0.0), 0.0), (Hours::new(6.0), 40.0)],
///     ..Series::default()
/// };
/// let chart =
///     Chart { unit: "GiB".to_owned(), to: Hours::new(24.0), series: vec![backlog], ..Chart::default() };
/// assert!(chart::svg(&[chart], Paper::default()).starts_with("<svg"));
/// ```
pub fn svg(charts: &[Chart], paper: Paper) -> String {
    let paper = paper.drawable();
    let charts: Vec<Chart> = charts.iter().map(|chart| printable(chart, paper)).collect();
    let measured: Vec<Measured> = charts.iter().map(|chart| Measured::new(chart, paper)).collect();
    let margins = Margins::of(&measured, paper);
    let panels: Vec<Panel> =
        measured.iter().map(|measured| Panel::new(measured, margins)).collect();
    below_each_other(&panels, paper)
}

/// One chart as a document of its own, with where in it things are.
pub fn drawing(chart: &Chart, paper: Paper) -> Drawing {
    let paper = paper.drawable();
    let printed = printable(chart, paper);
    let measured = Measured::new(&printed, paper);
    let margins = Margins::of(std::slice::from_ref(&measured), paper);
    let panel = Panel::new(&measured, margins);
    let table = table::table(chart, measured.drawn.span);
    Drawing {
        picture: String::new(),
        title: text::clean(&chart.title),
        unit: text::clean(&chart.unit),
        frame: panel.frame(),
        clock: chart.clock,
        tracks: panel.tracks(chart),
        limits: printed.limits.iter().map(level).collect(),
        marks: panel.spans(),
        table,
        svg: below_each_other(&[panel], paper),
    }
}

fn below_each_other(panels: &[Panel<'_>], paper: Paper) -> String {
    let height = height(panels, paper);
    let titles: Vec<_> = panels.iter().map(|panel| panel.measured.chart.title.as_str()).collect();
    let title = if titles.is_empty() { "No charts".to_owned() } else { titles.join(", ") };
    let told: Vec<_> = panels.iter().map(|panel| described(panel.measured)).collect();
    document(paper, height, (&title, &told.join(" ")), |root| {
        let mut top = paper.top();
        for panel in panels {
            panel.draw(&root.clone().shrink((0, units(top)), paper.size(panel.height())))?;
            top += panel.height() + GAP;
        }
        Ok(())
    })
}

fn height(panels: &[Panel<'_>], paper: Paper) -> f64 {
    panels.iter().map(|panel| panel.height() + GAP).sum::<f64>() + paper.top()
}

fn level(limit: &Limit) -> Level {
    let value = drawing::short(limit.value);
    Level { name: limit.name.clone(), value, text: axis::figure(limit.value) }
}

/// A chart in words, for those who do not see it.
fn described(measured: &Measured<'_>) -> String {
    let Chart { title, unit, clock, series, marks, .. } = measured.chart;
    let (from, to) = measured.drawn.span;
    let mut told = format!(
        "{title} in {unit}, {} to {}.",
        clock.moment(Hours::new(from)),
        clock.moment(Hours::new(to))
    );
    for series in series {
        let shown = series
            .points
            .iter()
            .filter(|(at, value)| value.is_finite() && (from..=to).contains(&at.as_hours()));
        match shown.reduce(|most, point| if point.1 > most.1 { point } else { most }) {
            Some((at, value)) => {
                told += &format!(
                    " {}: at most {} at {}.",
                    series.name,
                    axis::amount(*value),
                    clock.moment(*at)
                );
            }
            None => told += &format!(" {}: nothing.", series.name),
        }
    }
    let marks: Vec<_> =
        marks.iter().map(|mark| format!("{}, {}", mark.name, clock.moment(mark.from))).collect();
    if !marks.is_empty() {
        told += &format!(" Marked: {}", marks[..marks.len().min(DESCRIBED_MAX)].join("; "));
        told += &more(marks.len().saturating_sub(DESCRIBED_MAX));
        told += ".";
    }
    told
}

fn more(count: usize) -> String {
    if count == 0 { String::new() } else { format!("; and {count} more") }
}

/// The chart with names that may be printed and have room, its marks in order of time.
fn printable(chart: &Chart, paper: Paper) -> Chart {
    let mut chart = chart.clone();
    let name = NAME.min(paper.width - 2.0 * paper.edge() - SWATCH);
    chart.unit = text::shortened(&text::clean(&chart.unit), LABEL, NAME);
    let beside = paper.width - 3.0 * paper.edge() - text::width(&chart.unit, LABEL);
    chart.title = text::clean(&chart.title);
    if !paper.is_narrow() {
        chart.title = text::shortened(&chart.title, TITLE, beside);
    }
    for series in &mut chart.series {
        series.name = text::shortened(&text::clean(&series.name), LABEL, name);
    }
    for limit in &mut chart.limits {
        limit.name = text::shortened(&text::clean(&limit.name), LABEL, LIMIT_NAME);
    }
    for mark in &mut chart.marks {
        mark.name = text::shortened(&text::clean(&mark.name), LABEL, name);
    }
    chart.limits.retain(|limit| limit.value.is_finite());
    chart.marks.retain(|mark| mark.from.as_hours().is_finite());
    order::sort_by(&mut chart.marks, |one, other| {
        one.from.as_hours().total_cmp(&other.from.as_hours())
    });
    chart
}

/// What a chart shows, before its width is known.
struct Measured<'a> {
    chart: &'a Chart,
    paper: Paper,
    drawn: Drawn,
    axis: Axis,
    /// Those that the axis reaches, and those far above.
    limits: (Vec<&'a Limit>, Vec<&'a Limit>),
}

impl<'a> Measured<'a> {
    fn new(chart: &'a Chart, paper: Paper) -> Self {
        let drawn = lines::drawn(chart, paper.width as usize);
        let (low, high) = lines::range(&drawn.shapes);
        let is_near = |limit: &&Limit| high <= 0.0 || limit.value <= FAR_LIMIT * high;
        let limits: (Vec<_>, Vec<_>) = chart.limits.iter().partition(is_near);
        let values = limits.0.iter().map(|limit| lines::bounded(limit.value));
        let (low, high) =
            values.fold((low, high), |(low, high), value| (value.min(low), value.max(high)));
        Self { chart, paper, drawn, axis: axis::values(low, high), limits }
    }

    fn marks(&self) -> impl Iterator<Item = &'a Mark> {
        let (from, to) = self.drawn.span;
        self.chart.marks.iter().filter(move |mark| {
            let start = mark.from.as_hours();
            start <= to && mark.to.map_or(start, Hours::as_hours).max(start) >= from
        })
    }
}

/// Left and right of every plot.
#[derive(Clone, Copy)]
struct Margins {
    paper: Paper,
    left: f64,
    right: f64,
}

impl Margins {
    fn of(measured: &[Measured<'_>], paper: Paper) -> Self {
        let widest = |names: &mut dyn Iterator<Item = &str>| {
            names.map(|name| text::width(name, LABEL)).fold(0.0, f64::max)
        };
        let values = measured.iter().flat_map(|measured| &measured.axis.ticks);
        let limits = measured.iter().flat_map(|measured| &measured.limits.0);
        let limits = limits.filter(|_| paper.has_sides());
        let left = widest(&mut values.map(|(_, label)| label.as_str())) + 12.0;
        let right = widest(&mut limits.map(|limit| limit.name.as_str())) + 8.0;
        // Half a label of the time axis has to fit on either side. The first says the year; the last is left out where it
        // would take room from the plot.
        let time = text::width("20 Sep 2026", LABEL) / 2.0;
        let last = if paper.is_narrow() { 0.0 } else { time };
        let edge = paper.edge();
        Self { paper, left: left.max(time) + edge, right: right.max(last) + edge }
    }

    fn plot(self) -> f64 {
        self.paper.width - self.left - self.right
    }

    /// Where legends and footnotes begin.
    fn text(self) -> f64 {
        if self.paper.is_narrow() { self.paper.edge() } else { self.left }
    }

    /// Whether a tick's label stays on the paper.
    fn has_room(self, (at, label): &(f64, String), (from, to): (f64, f64)) -> bool {
        let middle = self.left + (at - from) / (to - from) * self.plot();
        let half = text::width(label, LABEL) / 2.0;
        middle - half >= 1.0 && middle + half <= self.paper.width - 1.0
    }
}

/// One chart with everything in its place.
struct Panel<'a> {
    measured: &'a Measured<'a>,
    paper: Paper,
    margins: Margins,
    heading: Heading,
    ticks: Vec<(f64, String)>,
    marks: Vec<&'a Mark>,
    names: Names,
    footnotes: Vec<String>,
    /// Each with its left edge and row.
    legend: Vec<(Entry, (f64, usize))>,
}

impl<'a> Panel<'a> {
    fn new(measured: &'a Measured<'a>, margins: Margins) -> Self {
        let (span, room, paper) = (measured.drawn.span, margins.plot(), measured.paper);
        let marks: Vec<_> = measured.marks().collect();
        let x = |at: f64| ((at - span.0) / (span.1 - span.0)).clamp(0.0, 1.0) * room;
        let named = |mark: &&'a Mark| Named { x: x(mark.from.as_hours()), name: &mark.name };
        let names = marks::placed(&marks.iter().map(named).collect::<Vec<_>>(), LABEL, room);
        let footnotes = footnotes(measured, &marks, &names);
        let mut ticks = measured.chart.clock.ticks(span, LABEL, room);
        ticks.retain(|tick| margins.has_room(tick, span));
        let entries = entries(measured);
        let widths = entries.iter().map(|entry| SWATCH + text::width(&entry.text, LABEL));
        let places = wrapped(widths, paper.width - margins.text() - paper.edge());
        let legend = entries.into_iter().zip(places).collect();
        let heading = Heading::new(&measured.chart.title, &measured.chart.unit, paper);
        Self { measured, paper, margins, heading, ticks, marks, names, footnotes, legend }
    }

    /// Where the legend begins.
    fn head(&self) -> f64 {
        self.heading.height(self.paper)
    }

    fn legend_height(&self) -> f64 {
        self.legend.last().map_or(0.0, |(_, (_, row))| (row + 1) as f64) * LEGEND_ROW
    }

    /// Where the plot begins.
    fn top(&self) -> f64 {
        self.head() + self.legend_height() + self.names.rows as f64 * NAME_ROW + 6.0
    }

    fn height(&self) -> f64 {
        self.top() + PLOT + TIME_ROW + self.footnotes.len() as f64 * NAME_ROW
    }

    fn x(&self, hours: f64) -> f64 {
        let (from, to) = self.measured.drawn.span;
        self.margins.left + ((hours - from) / (to - from)).clamp(0.0, 1.0) * self.margins.plot()
    }

    fn y(&self, value: f64) -> f64 {
        let Axis { low, high, .. } = self.measured.axis;
        self.top() + (1.0 - ((value - low) / (high - low)).clamp(0.0, 1.0)) * PLOT
    }

    /// Where the plot is if this is the only chart of a document.
    fn frame(&self) -> Frame {
        let Axis { low, high, .. } = self.measured.axis;
        let (from, to) = self.measured.drawn.span;
        Frame {
            left: drawing::short(self.margins.left),
            top: drawing::short(self.paper.top() + self.top()),
            width: drawing::short(self.margins.plot()),
            height: PLOT,
            paper_width: self.paper.width,
            paper_height: libm::round(height(std::slice::from_ref(self), self.paper)),
            from,
            to,
            low,
            high,
        }
    }

    /// The series with the names that they have in full.
    fn tracks(&self, chart: &Chart) -> Vec<Track> {
        let Drawn { span, seen, .. } = &self.measured.drawn;
        let track = |(index, (series, seen)): (usize, (&Series, &Vec<lines::Seen>))| {
            let is_line = matches!(series.look, Look::Line | Look::Steps);
            let ink = ink_of(index, series);
            let tops = || seen.iter().map(|seen| drawing::short(seen.top)).collect();
            Track {
                name: text::clean(&series.name),
                color: ink.color().to_owned(),
                dashes: if is_line { ink.dashes() } else { Vec::new() },
                strength: if is_line { 1.0 } else { ink.strength },
                look: series.look,
                points: seen
                    .iter()
                    .map(|seen| (drawing::moment(seen.at, *span), drawing::short(seen.value)))
                    .collect(),
                tops: if is_line { Vec::new() } else { tops() },
            }
        };
        chart.series.iter().zip(seen).enumerate().map(track).collect()
    }

    /// What is marked, in words and hours.
    fn spans(&self) -> Vec<Span> {
        let (span, clock) = (self.measured.drawn.span, self.measured.chart.clock);
        let told = |mark: &&Mark| {
            let to = mark.to.filter(|to| *to > mark.from && to.as_hours().is_finite());
            let from = clock.moment(mark.from);
            Span {
                name: mark.name.clone(),
                from: drawing::moment(mark.from.as_hours(), span),
                to: to.map(|to| drawing::moment(to.as_hours(), span)),
                text: to
                    .map_or_else(|| from.clone(), |to| format!("{from} to {}", clock.moment(to))),
            }
        };
        self.marks.iter().map(told).collect()
    }

    fn draw(&self, area: &Area<'_>) -> Done {
        self.heading.draw(area, self.paper)?;
        self.draw_legend(area)?;
        self.draw_marks(area)?;
        self.draw_plot(area)?;
        self.draw_limits(area)?;
        for (row, note) in self.footnotes.iter().enumerate() {
            let y = self.top() + PLOT + TIME_ROW + (row as f64 + 0.5) * NAME_ROW;
            write(area, note, (self.margins.text(), y), LABEL, HPos::Left, 0.8)?;
        }
        Ok(())
    }

    fn draw_legend(&self, area: &Area<'_>) -> Done {
        for (entry, (left, row)) in &self.legend {
            let left = self.margins.text() + left;
            let y = self.head() + (*row as f64 + 0.5) * LEGEND_ROW;
            let line = [(left, y), (left + SWATCH - 6.0, y)];
            match entry.swatch {
                Swatch::Line(ink) => path(area, &line, ink.line().stroke_width(LINE))?,
                Swatch::Area(ink) => {
                    let surface = [left, y - 5.0, left + SWATCH - 6.0, y + 5.0];
                    rectangle(area, surface, ink.fill())?;
                }
                Swatch::Bar(ink) => {
                    boxed(area, [left, y - 5.0, left + SWATCH - 6.0, y + 5.0], ink)?;
                }
                Swatch::Limit => path(area, &line, limit_line())?,
                Swatch::Nothing => {}
            }
            write(area, &entry.text, (left + SWATCH, y), LABEL, HPos::Left, 1.0)?;
        }
        Ok(())
    }

    /// Below everything else, as faint lines and bands.
    fn draw_marks(&self, area: &Area<'_>) -> Done {
        let bottom = self.top() + PLOT;
        let names = self.head() + self.legend_height();
        let row =
            |mark| self.names.labels.iter().find(|label| label.mark == mark).map(|label| label.row);
        // Several at a moment share a line, which would be darker than others otherwise.
        let mut line: Option<[f64; 2]> = None;
        let upright = |[x, top]: [f64; 2]| {
            path(area, &[(x, top), (x, bottom)], ink::TEXT.mix(0.4).stroke_width(8))
        };
        for (index, mark) in self.marks.iter().enumerate() {
            let left = self.x(mark.from.as_hours());
            if let Some(to) = mark.to.filter(|to| *to > mark.from) {
                let band = [left, self.top(), self.x(to.as_hours()), bottom];
                rectangle(area, band, ink::TEXT.mix(0.1).filled())?;
            }
            let top = row(index).map_or(self.top(), |row| names + row as f64 * NAME_ROW);
            line = match line {
                Some([x, other]) if x == left => Some([x, other.min(top)]),
                before => {
                    before.map_or(Ok(()), upright)?;
                    Some([left, top])
                }
            };
        }
        line.map_or(Ok(()), upright)?;
        for label in &self.names.labels {
            let y = names + (label.row as f64 + 0.5) * NAME_ROW;
            // Either way it begins or ends at its line, however wide the reader's font is.
            let left = self.margins.left + label.left;
            let (x, side) = match label.is_left {
                true => (left + text::width(&label.text, LABEL), HPos::Right),
                false => (left, HPos::Left),
            };
            write(area, &label.text, (x, y), LABEL, side, 0.9)?;
        }
        Ok(())
    }

    /// Grid, axes and what is drawn.
    fn draw_plot(&self, area: &Area<'_>) -> Done {
        let Measured { chart, drawn, axis, .. } = self.measured;
        let (width, height) = (self.paper.width - self.margins.right, PLOT + TIME_ROW);
        let plot = area
            .clone()
            .shrink((0, units(self.top())), (units(width) as u32, units(height) as u32));
        let time = Axis { low: drawn.span.0, high: drawn.span.1, ticks: self.ticks.clone() };
        let mut plot = ChartBuilder::on(&plot)
            .x_label_area_size(units(TIME_ROW))
            .y_label_area_size(units(self.margins.left))
            .build_cartesian_2d(time, axis.clone())?;
        plot.configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(ink::TEXT.mix(0.15).stroke_width(10))
            .axis_style(ink::TEXT.mix(0.5).stroke_width(10))
            .label_style(font(LABEL, HPos::Left, 1.0))
            .set_all_tick_mark_size(units(5.0))
            .draw()?;

        let inks = chart.series.iter().enumerate();
        let inks: Vec<Ink> = inks.map(|(index, series)| ink_of(index, series)).collect();
        for (index, shape) in drawn.shapes.iter().enumerate() {
            let fill = inks[index].fill();
            let edge = inks[index].solid().stroke_width(LINE / 2);
            match shape {
                Shape::Line(_) => {}
                Shape::Area(lower, upper) => {
                    let around: Vec<_> = upper.iter().chain(lower.iter().rev()).copied().collect();
                    plot.draw_series([Polygon::new(around, fill)])?;
                    plot.draw_series([PathElement::new(upper.clone(), edge)])?;
                }
                Shape::Bars(bars) => {
                    for &[left, bottom, right, top] in bars {
                        let edges = [self.x(left), self.y(top), self.x(right), self.y(bottom)];
                        boxed(area, edges, inks[index])?;
                    }
                }
            }
        }
        // Lines are seen on top of surfaces, and solid ones through the gaps of those with dashes.
        let shapes = drawn.shapes.iter().enumerate();
        let (solid, dashed): (Vec<_>, Vec<_>) =
            shapes.partition(|(index, _)| inks[*index].is_solid());
        for (index, shape) in solid.into_iter().chain(dashed) {
            match shape {
                Shape::Line(line) if line.len() == 1 => {
                    let point = Circle::new(line[0], LINE, inks[index].solid().filled());
                    plot.draw_series([point])?;
                }
                Shape::Line(line) if !line.is_empty() => {
                    let style = inks[index].line().stroke_width(LINE);
                    plot.draw_series([PathElement::new(line.clone(), style)])?;
                }
                _ => {}
            }
        }
        if chart.series.iter().all(|series| series.points.is_empty()) {
            let middle = (self.margins.left + self.margins.plot() / 2.0, self.top() + PLOT / 2.0);
            write(area, "nothing to show", middle, LABEL, HPos::Center, 0.8)?;
        }
        Ok(())
    }

    /// Lines across the plot, their names beside it in the right margin, pushed apart where they are close.
    fn draw_limits(&self, area: &Area<'_>) -> Done {
        let (near, far) = &self.measured.limits;
        let right = self.paper.width - self.margins.right;
        let mut near: Vec<_> = near.iter().map(|limit| (self.y(limit.value), limit)).collect();
        order::sort_by(&mut near, |one, other| one.0.total_cmp(&other.0));
        let mut free = 0.0;
        for (index, (y, limit)) in near.iter().enumerate() {
            path(area, &[(self.margins.left, *y), (right, *y)], limit_line())?;
            if !self.paper.has_sides() {
                continue;
            }
            let below = (near.len() - 1 - index) as f64 * LIMIT_ROW;
            let at = y.min(self.top() + PLOT - below).max(free);
            write(area, &limit.name, (right + 6.0, at), LABEL, HPos::Left, 1.0)?;
            free = at + LIMIT_ROW;
        }
        for (row, limit) in far.iter().enumerate() {
            let note = format!("↑ {}: {}", limit.name, axis::amount(limit.value));
            let y = self.top() + (row as f64 + 0.6) * LIMIT_ROW;
            write(area, &note, (right - 6.0, y), LABEL, HPos::Right, 0.9)?;
        }
        Ok(())
    }
}

/// Width of a line of a series.
const LINE: u32 = 18;

/// An axis as plotters asks for it.
impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        limit.0 + libm::round(share * f64::from(limit.1 - limit.0)) as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        match hint.weight().allow_light_points() {
            true => Vec::new(),
            false => self.ticks.iter().map(|tick| tick.0).collect(),
        }
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let tick = self.ticks.iter().find(|tick| tick.0 == *value);
        tick.map(|tick| tick.1.clone()).unwrap_or_default()
    }
}

fn limit_line() -> ShapeStyle {
    ink::LIMIT_LINE.mix(0.9).stroke_width(12)
}

fn ink_of(place: usize, series: &Series) -> Ink {
    series.shade.map_or(Ink::placed(place), Ink::shade)
}

/// A line of a legend.
struct Entry {
    swatch: Swatch,
    text: String,
}

enum Swatch {
    Line(Ink),
    Area(Ink),
    Bar(Ink),
    Limit,
    Nothing,
}

/// What a legend says: names of series, how to read a stack of several, and limits that have no room beside the plot.
fn entries(measured: &Measured<'_>) -> Vec<Entry> {
    let chart = measured.chart;
    let alone =
        matches!(chart.series.as_slice(), [one] if one.name.is_empty() || one.name == chart.title);
    let series = chart.series.iter().enumerate().filter(|_| !alone).map(|(index, series)| {
        let ink = ink_of(index, series);
        let swatch = match series.look {
            Look::Line | Look::Steps => Swatch::Line(ink),
            Look::Area => Swatch::Area(ink),
            Look::Bars => Swatch::Bar(ink),
        };
        Entry { swatch, text: series.name.clone() }
    });
    let stacked = |look| chart.series.iter().filter(|series| series.look == look).count() > 1;
    let order = (stacked(Look::Area) || stacked(Look::Bars))
        .then(|| Entry { swatch: Swatch::Nothing, text: "(stacked, the first lowest)".to_owned() });
    let limits = measured.limits.0.iter().filter(|_| !measured.paper.has_sides());
    let limits = limits.map(|limit| Entry {
        swatch: Swatch::Limit,
        text: format!("{} {}", limit.name, axis::amount(limit.value)),
    });
    series.chain(order).chain(limits).collect()
}

/// Names that had no room above the plot, in as many lines as they take.
fn footnotes(measured: &Measured<'_>, marks: &[&Mark], names: &Names) -> Vec<String> {
    let (chart, paper) = (measured.chart, measured.paper);
    let note = |(index, found): (usize, &Vec<usize>)| {
        let mark = marks[found[0]];
        let moment = chart.clock.moment(mark.from);
        match found.len() {
            1 => format!("{} {}, {moment}", index + 1, mark.name),
            count => format!("{} {}, {count} times from {moment}", index + 1, mark.name),
        }
    };
    let notes = names.footnotes.iter().enumerate().map(note);
    let rest = (names.left_out > 0).then(|| format!("and {} more", names.left_out));
    let notes: Vec<_> = notes.chain(rest).collect();
    if paper.is_narrow() {
        let room = paper.width - 2.0 * paper.edge();
        return text::wrapped(&text::joined(&notes.join(" · ")), LABEL, room, usize::MAX);
    }
    let widths = notes.iter().map(|note| text::width(note, LABEL));
    let places = wrapped(widths, paper.width - 6.0 * paper.edge());
    let mut lines: Vec<String> = Vec::new();
    for (note, (_, row)) in notes.into_iter().zip(places) {
        match lines.get_mut(row) {
            Some(line) => *line += &format!(" · {note}"),
            None => lines.push(note),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::{Clock, checked};
    use super::*;

    fn series(name: &str, look: Look, points: &[(f64, f64)]) -> Series {
        let points = points.iter().map(|(at, value)| (Hours::new(*at), *value)).collect();
        Series { name: name.to_owned(), points, look, ..Series::default() }
    }

    /// One chart of each look, with a limit and marks.
    fn charts() -> Vec<Chart> {
        let looks = [Look::Line, Look::Steps, Look::Area, Look::Bars];
        let points = [(0.0, 1.0), (100.0, 3.0), (200.0, 0.0)];
        let chart = |look| Chart {
            title: "Rates".to_owned(),
            unit: "MiB/s".to_owned(),
            from: Hours::ZERO,
            to: Hours::new(336.0),
            clock: Clock { start: crate::calendar::Date::new(2027, 1, 1) },
            series: vec![series("produce", look, &points), series("consume", look, &points)],
            limits: vec![Limit { name: "SLO".to_owned(), value: 5.0 }],
            marks: marks(3),
        };
        looks.map(chart).to_vec()
    }

    fn marks(count: usize) -> Vec<Mark> {
        let mark = |index: usize| Mark {
            name: format!("event {index}"),
            from: Hours::new(300.0 - index as f64),
            to: index.is_multiple_of(2).then_some(Hours::new(301.0)),
        };
        (0..count).map(mark).collect()
    }

    const WIDTHS: [f64; 5] = [960.0, 240.0, 320.0, 360.0, 480.0];

    /// The texts of the document at its default width, after making sure at several widths that it is well-formed and that
    /// no text leaves it or covers another.
    #[track_caller]
    fn texts(charts: &[Chart]) -> Vec<String> {
        let texts = WIDTHS.map(|width| {
            let paper = Paper { width, ..Paper::default() };
            assert_eq!(svg(charts, paper), svg(charts, paper));
            checked::texts(&svg(charts, paper))
        });
        texts[0].clone()
    }

    #[test]
    fn a_chart_says_what_it_shows() {
        let texts = texts(&charts());
        for wanted in ["Rates", "MiB/s", "produce", "consume", "SLO", "event 2", "1 Jan 2027", "5"]
        {
            assert!(texts.iter().any(|text| text == wanted), "{wanted} not in {texts:?}");
        }
    }

    /// What is drawn below the upper edge of a plot is in it, but for ticks.
    #[test]
    fn nothing_leaves_its_frame_at_any_width() {
        const TICK: f64 = 6.0;
        for width in (240..=1200).step_by(16).flat_map(|width| [width, width + 7]) {
            for chart in charts() {
                let drawing = drawing(&chart, Paper::inline(f64::from(width)));
                assert!(!drawing.svg.contains("<style"), "a page's policy refuses it");
                checked::texts(&drawing.svg);
                let frame = drawing.frame;
                let (right, bottom) = (frame.left + frame.width, frame.top + frame.height);
                assert!(frame.width > 120.0, "{frame:?}");
                assert!(right <= frame.paper_width && bottom <= frame.paper_height);
                for [left, top, end, low] in checked::shapes(&drawing.svg) {
                    let below = low > frame.top + 1.0;
                    let inside =
                        left >= frame.left - TICK && end <= right + 1.0 && low <= bottom + TICK;
                    assert!(!below || inside, "{:?} at {width}", [left, top, end, low]);
                }
            }
        }
    }

    #[test]
    fn a_moment_shared_by_marks_has_one_line() {
        let lines = |marks: Vec<Mark>| {
            let chart = Chart { to: Hours::new(10.0), marks, ..Chart::default() };
            let edges = checked::shapes(&drawing(&chart, Paper::default()).svg);
            edges.iter().filter(|[left, top, right, low]| left == right && low - top > PLOT).count()
        };
        let mark = |at| Mark { name: "lost".to_owned(), from: Hours::new(at), to: None };
        assert_eq!(lines(vec![mark(2.0), mark(2.0), mark(5.0), mark(5.0), mark(5.0)]), 2);
    }

    #[test]
    fn names_cannot_break_out() {
        let evil = "</text><script>\u{0}\u{202e}&\"'=\"#010203\"";
        let mut charts = charts();
        let chart = &mut charts[0];
        (chart.title, chart.unit) = (evil.to_owned(), evil.to_owned());
        chart.series[0].name = evil.to_owned();
        chart.limits[0].name = evil.to_owned();
        chart.marks[0].name = evil.to_owned();
        let texts = texts(&charts);
        assert!(texts.iter().any(|text| text == "</text><script> &\"'=\"#010203\""), "{texts:?}");
    }

    #[test]
    fn nothing_is_too_odd_to_draw() {
        let odd = [
            vec![],
            vec![(5.0, 1.0)],
            vec![(0.0, 0.0), (10.0, 0.0)],
            vec![(0.0, f64::NAN), (f64::NAN, 1.0), (1.0, f64::INFINITY)],
            vec![(0.0, f64::MAX), (5.0, f64::MIN), (1e300, 1.0)],
            vec![(3.0, 1.0); 5000],
        ];
        let spans =
            [(0.0, 10.0), (5.0, 5.0), (9.0, -9.0), (f64::NAN, f64::INFINITY), (-1e300, 1e300)];
        texts(&[]);
        for points in &odd {
            for (from, to) in spans {
                for mut chart in charts() {
                    (chart.from, chart.to) = (Hours::new(from), Hours::new(to));
                    for series in &mut chart.series {
                        series.points =
                            points.iter().map(|(at, value)| (Hours::new(*at), *value)).collect();
                    }
                    chart.limits.push(Limit { name: "odd".to_owned(), value: f64::NAN });
                    chart.limits.push(Limit { name: "far".to_owned(), value: f64::MAX });
                    texts(&[chart]);
                }
            }
        }
        texts(&[Chart { to: Hours::new(336.0), marks: marks(200), ..Chart::default() }]);
    }

    #[test]
    fn a_year_of_minutes_is_thinned_but_not_its_peak() {
        let mut minutes: Vec<_> =
            (0..525_600).map(|minute| (f64::from(minute) / 60.0, f64::from(minute % 9))).collect();
        minutes[300_000].1 = 1000.0;
        let chart = Chart {
            to: Hours::new(8760.0),
            series: vec![series("produce", Look::Line, &minutes)],
            ..Chart::default()
        };
        let (_, high) = lines::range(&Measured::new(&chart, Paper::default()).drawn.shapes);
        assert_eq!(high, 1000.0);
        assert!(svg(&[chart], Paper::default()).len() < 40_000);
    }
}
