//! Charts below each other in one SVG document.
//!
//! Plotters counts in whole units, so everything is drawn ten times as large as it is shown.

use plotters::coord::Shift;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::{self, Axis};
use super::backend::{Backend, PLOTTERS_EM};
use super::lines::{self, Drawn, Shape};
use super::marks::{self, Named, Names};
use super::{Chart, Limit, Look, Mark, ink, text};
use crate::order;
use crate::units::Hours;

/// Units in a pixel.
const SCALE: f64 = 10.0;

// In pixels.
const WIDTH: f64 = 960.0;
const PLOT: f64 = 200.0;
const EDGE: f64 = 16.0;
const TITLE: f64 = 15.0;
const LABEL: f64 = 11.0;
const TITLE_ROW: f64 = 26.0;
const LEGEND_ROW: f64 = 20.0;
const NAME_ROW: f64 = 15.0;
const TIME_ROW: f64 = 26.0;
const LIMIT_ROW: f64 = 13.0;
const SWATCH: f64 = 26.0;
/// Between charts, and between entries of a legend.
const GAP: f64 = 18.0;
/// The right margin takes names of limits up to this width.
const LIMIT_NAME: f64 = 130.0;
/// Names of series and marks are cut at this width.
const NAME: f64 = 260.0;

/// A limit this many times above everything drawn is named at the top and not drawn to scale.
const FAR_LIMIT: f64 = 10.0;

/// Marks that a description lists.
const DESCRIBED_MAX: usize = 20;

type Area<'a> = DrawingArea<Backend<'a>, Shift>;
type Done = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// One self-contained SVG document with charts below each other, their plots aligned.
///
/// As a file or an image it follows the reader's choice of light or dark; inside a page it takes the page's text color.
/// Equal charts give equal bytes. Nothing panics: what cannot be drawn, such as a value that is not finite, is left out.
///
/// ```
/// # use model::{chart::{self, Chart, Series}, units::Hours};
/// let backlog = Series {
///     name: "backlog".to_owned(),
///     points: vec![(Hours::new(0.0), 0.0), (Hours::new(6.0), 40.0)],
///     ..Series::default()
/// };
/// let chart =
///     Chart { unit: "GiB".to_owned(), to: Hours::new(24.0), series: vec![backlog], ..Chart::default() };
/// assert!(chart::svg(&[chart]).starts_with("<svg"));
/// ```
pub fn svg(charts: &[Chart]) -> String {
    let charts: Vec<Chart> = charts.iter().map(printable).collect();
    let measured: Vec<Measured> = charts.iter().map(Measured::new).collect();
    let margins = Margins::of(&measured);
    let panels: Vec<Panel> =
        measured.iter().map(|measured| Panel::new(measured, margins)).collect();
    let height = panels.iter().map(|panel| panel.height() + GAP).sum::<f64>() + EDGE;

    let mut drawn = String::new();
    {
        let backend =
            SVGBackend::with_string(&mut drawn, (units(WIDTH) as u32, units(height) as u32));
        let root = Backend(backend).into_drawing_area();
        let mut top = EDGE;
        for panel in &panels {
            let size = (units(WIDTH) as u32, units(panel.height()) as u32);
            let area = root.clone().shrink((0, units(top)), size);
            // The backend writes to a string, which does not fail.
            let _ = panel.draw(&area);
            top += panel.height() + GAP;
        }
        let _ = root.present();
    }
    let body = drawn.split_once('>').map_or("", |(_, body)| body.trim_start());
    format!("{}{}", head(&measured, height), ink::applied(body))
}

fn units(pixels: f64) -> i32 {
    libm::round(pixels * SCALE) as i32
}

/// What stands before anything drawn: size, description and colors.
fn head(measured: &[Measured<'_>], height: f64) -> String {
    let titles: Vec<_> = measured.iter().map(|measured| measured.chart.title.as_str()).collect();
    let title = if titles.is_empty() { "No charts".to_owned() } else { titles.join(", ") };
    let told: Vec<_> = measured.iter().map(described).collect();
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="highwater-chart" role="img" "#,
            r#"width="{width}" height="{height}" viewBox="0 0 {inner_width} {inner_height}" "#,
            r#"font-family="system-ui, sans-serif" stroke-linejoin="round">"#,
            "\n<title>{title}</title>\n<desc>{told}</desc>\n",
            "<style>.highwater-chart{{max-width:100%;height:auto}}",
            ":root.highwater-chart{{color:#1a1a1a;background:#ffffff}}",
            "@media(prefers-color-scheme:dark){{",
            ":root.highwater-chart{{color:#e8e8e8;background:#111111}}}}</style>\n",
        ),
        width = WIDTH,
        height = libm::round(height),
        inner_width = units(WIDTH),
        inner_height = units(height),
        title = text::escaped(&title),
        told = text::escaped(&told.join(" ")),
    )
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
fn printable(chart: &Chart) -> Chart {
    let mut chart = chart.clone();
    chart.unit = text::shortened(&text::clean(&chart.unit), LABEL, NAME);
    let room = WIDTH - 3.0 * EDGE - text::width(&chart.unit, LABEL);
    chart.title = text::shortened(&text::clean(&chart.title), TITLE, room);
    for series in &mut chart.series {
        series.name = text::shortened(&text::clean(&series.name), LABEL, NAME);
    }
    for limit in &mut chart.limits {
        limit.name = text::shortened(&text::clean(&limit.name), LABEL, LIMIT_NAME);
    }
    for mark in &mut chart.marks {
        mark.name = text::shortened(&text::clean(&mark.name), LABEL, NAME);
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
    drawn: Drawn,
    axis: Axis,
    /// Those that the axis reaches, and those far above.
    limits: (Vec<&'a Limit>, Vec<&'a Limit>),
}

impl<'a> Measured<'a> {
    fn new(chart: &'a Chart) -> Self {
        let drawn = lines::drawn(chart, WIDTH as usize);
        let (low, high) = lines::range(&drawn.shapes);
        let is_near = |limit: &&Limit| high <= 0.0 || limit.value <= FAR_LIMIT * high;
        let limits: (Vec<_>, Vec<_>) = chart.limits.iter().partition(is_near);
        let values = limits.0.iter().map(|limit| lines::bounded(limit.value));
        let (low, high) =
            values.fold((low, high), |(low, high), value| (value.min(low), value.max(high)));
        Self { chart, drawn, axis: axis::values(low, high), limits }
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
    left: f64,
    right: f64,
}

impl Margins {
    fn of(measured: &[Measured<'_>]) -> Self {
        let widest = |names: &mut dyn Iterator<Item = &str>| {
            names.map(|name| text::width(name, LABEL)).fold(0.0, f64::max)
        };
        let values = measured.iter().flat_map(|measured| &measured.axis.ticks);
        let limits = measured.iter().flat_map(|measured| &measured.limits.0);
        // Half a label of the time axis has to fit on either side.
        let time = text::width("20 Sep 2026", LABEL) / 2.0;
        let left = widest(&mut values.map(|(_, label)| label.as_str())) + 12.0;
        let right = widest(&mut limits.map(|limit| limit.name.as_str())) + 8.0;
        Self { left: left.max(time) + EDGE, right: right.max(time) + EDGE }
    }

    fn plot(self) -> f64 {
        WIDTH - self.left - self.right
    }
}

/// One chart with everything in its place.
struct Panel<'a> {
    measured: &'a Measured<'a>,
    margins: Margins,
    ticks: Vec<(f64, String)>,
    marks: Vec<&'a Mark>,
    names: Names,
    footnotes: Vec<String>,
    /// Left edge and row of each entry; the last is the one about stacking.
    legend: Vec<(f64, usize)>,
}

impl<'a> Panel<'a> {
    fn new(measured: &'a Measured<'a>, margins: Margins) -> Self {
        let (span, room) = (measured.drawn.span, margins.plot());
        let marks: Vec<_> = measured.marks().collect();
        let x = |at: f64| ((at - span.0) / (span.1 - span.0)).clamp(0.0, 1.0) * room;
        let named = |mark: &&'a Mark| Named { x: x(mark.from.as_hours()), name: &mark.name };
        let names = marks::placed(&marks.iter().map(named).collect::<Vec<_>>(), LABEL, room);
        let footnotes = footnotes(measured.chart, &marks, &names);
        let ticks = measured.chart.clock.ticks(span, LABEL, room);
        let widths = entries(measured.chart).map(|entry| SWATCH + text::width(entry, LABEL));
        let legend = wrapped(widths, WIDTH - margins.left - EDGE);
        Self { measured, margins, ticks, marks, names, footnotes, legend }
    }

    fn legend_rows(&self) -> f64 {
        self.legend.last().map_or(0.0, |(_, row)| (row + 1) as f64)
    }

    fn legend_height(&self) -> f64 {
        self.legend_rows() * LEGEND_ROW
    }

    /// Where the plot begins.
    fn top(&self) -> f64 {
        TITLE_ROW + self.legend_height() + self.names.rows as f64 * NAME_ROW + 6.0
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

    fn draw(&self, area: &Area<'_>) -> Done {
        self.draw_title(area)?;
        self.draw_legend(area)?;
        self.draw_marks(area)?;
        self.draw_plot(area)?;
        self.draw_limits(area)?;
        for (row, note) in self.footnotes.iter().enumerate() {
            let y = self.top() + PLOT + TIME_ROW + (row as f64 + 0.5) * NAME_ROW;
            write(area, note, (self.margins.left, y), LABEL, HPos::Left, 0.8)?;
        }
        Ok(())
    }

    fn draw_title(&self, area: &Area<'_>) -> Done {
        let Chart { title, unit, .. } = self.measured.chart;
        let style = font(TITLE, HPos::Left, 1.0);
        let style = TextStyle { font: style.font.style(FontStyle::Bold), ..style };
        let y = TITLE_ROW / 2.0;
        area.draw(&Text::new(title.as_str(), (units(EDGE), units(y)), style))?;
        write(area, unit, (WIDTH - EDGE, y), LABEL, HPos::Right, 0.8)
    }

    fn draw_legend(&self, area: &Area<'_>) -> Done {
        for (index, (entry, (left, row))) in
            entries(self.measured.chart).zip(&self.legend).enumerate()
        {
            let left = self.margins.left + left;
            let y = TITLE_ROW + (*row as f64 + 0.5) * LEGEND_ROW;
            match self.measured.chart.series.get(index).map(|series| series.look) {
                Some(Look::Line | Look::Steps) => {
                    let line = ink::line(index).stroke_width(LINE);
                    path(area, &[(left, y), (left + SWATCH - 6.0, y)], line)?;
                }
                Some(Look::Area | Look::Bars) => {
                    let corners = [(left, y - 5.0), (left + SWATCH - 6.0, y + 5.0)];
                    let corners = corners.map(|(x, y)| (units(x), units(y)));
                    let fill = ink::surface(index).mix(ink::strength(index)).filled();
                    area.draw(&Rectangle::new(corners, fill))?;
                }
                None => {}
            }
            write(area, entry, (left + SWATCH, y), LABEL, HPos::Left, 1.0)?;
        }
        Ok(())
    }

    /// Below everything else, as faint lines and bands.
    fn draw_marks(&self, area: &Area<'_>) -> Done {
        let bottom = self.top() + PLOT;
        let names = TITLE_ROW + self.legend_height();
        let row =
            |mark| self.names.labels.iter().find(|label| label.mark == mark).map(|label| label.row);
        for (index, mark) in self.marks.iter().enumerate() {
            let left = self.x(mark.from.as_hours());
            if let Some(to) = mark.to.filter(|to| *to > mark.from) {
                let corners = [(left, self.top()), (self.x(to.as_hours()), bottom)];
                let corners = corners.map(|(x, y)| (units(x), units(y)));
                area.draw(&Rectangle::new(corners, ink::TEXT.mix(0.1).filled()))?;
            }
            let top = row(index).map_or(self.top(), |row| names + row as f64 * NAME_ROW);
            path(area, &[(left, top), (left, bottom)], ink::TEXT.mix(0.4).stroke_width(8))?;
        }
        for label in &self.names.labels {
            let y = names + (label.row as f64 + 0.5) * NAME_ROW;
            write(area, &label.text, (self.margins.left + label.left, y), LABEL, HPos::Left, 0.9)?;
        }
        Ok(())
    }

    /// Grid, axes and what is drawn.
    fn draw_plot(&self, area: &Area<'_>) -> Done {
        let Measured { chart, drawn, axis, .. } = self.measured;
        let (width, height) = (WIDTH - self.margins.right, PLOT + TIME_ROW);
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

        for (index, shape) in drawn.shapes.iter().enumerate() {
            let fill = ink::surface(index).mix(ink::strength(index)).filled();
            match shape {
                Shape::Line(_) => {}
                Shape::Area(lower, upper) => {
                    let around: Vec<_> = upper.iter().chain(lower.iter().rev()).copied().collect();
                    plot.draw_series([Polygon::new(around, fill)])?;
                    let edge = ink::surface(index).stroke_width(LINE / 2);
                    plot.draw_series([PathElement::new(upper.clone(), edge)])?;
                }
                Shape::Bars(bars) => {
                    let edge = ink::surface(index).stroke_width(LINE / 2);
                    plot.draw_series(bars.iter().map(|&[left, bottom, right, top]| {
                        Rectangle::new([(left, top), (right, bottom)], fill)
                    }))?;
                    plot.draw_series(bars.iter().map(|&[left, bottom, right, top]| {
                        let around = [(left, bottom), (left, top), (right, top), (right, bottom)];
                        PathElement::new([around.as_slice(), &around[..1]].concat(), edge)
                    }))?;
                }
            }
        }
        // Lines are seen on top of surfaces.
        for (index, shape) in drawn.shapes.iter().enumerate() {
            match shape {
                Shape::Line(line) if line.len() == 1 => {
                    let point = Circle::new(line[0], LINE, ink::surface(index).filled());
                    plot.draw_series([point])?;
                }
                Shape::Line(line) if !line.is_empty() => {
                    let style = ink::line(index).stroke_width(LINE);
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
        let right = WIDTH - self.margins.right;
        let mut near: Vec<_> = near.iter().map(|limit| (self.y(limit.value), limit)).collect();
        order::sort_by(&mut near, |one, other| one.0.total_cmp(&other.0));
        let mut free = 0.0;
        for (index, (y, limit)) in near.iter().enumerate() {
            let line = ink::LIMIT_LINE.mix(0.9).stroke_width(12);
            path(area, &[(self.margins.left, *y), (right, *y)], line)?;
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

fn font(size: f64, side: HPos, strength: f64) -> TextStyle<'static> {
    let style = TextStyle::from((FontFamily::SansSerif, size * SCALE * PLOTTERS_EM).into_font());
    let color = ink::TEXT.mix(strength).to_backend_color();
    TextStyle { color, pos: Pos::new(side, VPos::Center), ..style }
}

fn write(
    area: &Area<'_>,
    text: &str,
    (x, y): (f64, f64),
    size: f64,
    side: HPos,
    strength: f64,
) -> Done {
    area.draw(&Text::new(text, (units(x), units(y)), font(size, side, strength)))
}

fn path(area: &Area<'_>, points: &[(f64, f64)], style: ShapeStyle) -> Done {
    let points: Vec<_> = points.iter().map(|(x, y)| (units(*x), units(*y))).collect();
    area.draw(&PathElement::new(points, style))
}

/// What a legend says: names of series, and how to read a stack of several.
fn entries(chart: &Chart) -> impl Iterator<Item = &str> {
    let alone =
        matches!(chart.series.as_slice(), [one] if one.name.is_empty() || one.name == chart.title);
    let names = chart.series.iter().filter(move |_| !alone).map(|series| series.name.as_str());
    let stacked = |look| chart.series.iter().filter(|series| series.look == look).count() > 1;
    let order =
        (stacked(Look::Area) || stacked(Look::Bars)).then_some("(stacked, the first lowest)");
    names.chain(order)
}

/// Left edge and row of things of given widths.
fn wrapped(widths: impl Iterator<Item = f64>, room: f64) -> Vec<(f64, usize)> {
    let (mut left, mut row) = (0.0, 0);
    let place = |width: f64| {
        if left > 0.0 && left + width > room {
            (left, row) = (0.0, row + 1);
        }
        let place = (left, row);
        left += width + GAP;
        place
    };
    widths.map(place).collect()
}

/// Names that had no room above the plot, in as many lines as they take.
fn footnotes(chart: &Chart, marks: &[&Mark], names: &Names) -> Vec<String> {
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
    let widths = notes.iter().map(|note| text::width(note, LABEL));
    let places = wrapped(widths, WIDTH - 6.0 * EDGE);
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
    use super::super::{Clock, Series};
    use super::*;

    fn series(name: &str, look: Look, points: &[(f64, f64)]) -> Series {
        let points = points.iter().map(|(at, value)| (Hours::new(*at), *value)).collect();
        Series { name: name.to_owned(), points, look }
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

    /// The document's texts, after making sure that it is well-formed and that no text leaves it.
    #[track_caller]
    fn texts(charts: &[Chart]) -> Vec<String> {
        let document = svg(charts);
        assert_eq!(document, svg(charts));
        for foreign in ["<script", "href", "NaN", "inf"] {
            assert!(!document.contains(foreign), "{foreign} in {document}");
        }
        let document = roxmltree::Document::parse(&document).expect("well-formed XML");
        let bounds = document.root_element().attribute("viewBox").expect("a view box");
        let bounds: Vec<f64> = bounds.split(' ').map(|edge| edge.parse().unwrap()).collect();
        let mut texts = Vec::new();
        for element in document.descendants().filter(|element| element.has_tag_name("text")) {
            let number = |name| element.attribute(name).and_then(|text| text.parse::<f64>().ok());
            let (x, y, size) =
                (number("x").unwrap(), number("y").unwrap(), number("font-size").unwrap());
            let text = element.text().unwrap_or_default().trim();
            let width = text::width(text, size);
            let left = match element.attribute("text-anchor") {
                Some("middle") => x - width / 2.0,
                Some("end") => x - width,
                _ => x,
            };
            assert!(left >= 0.0 && left + width <= bounds[2], "`{text}` is cut");
            assert!(y > 0.0 && y < bounds[3], "`{text}` is above or below");
            texts.push(text.to_owned());
        }
        texts
    }

    #[test]
    fn a_chart_says_what_it_shows() {
        let texts = texts(&charts());
        for wanted in ["Rates", "MiB/s", "produce", "consume", "SLO", "event 2", "1 Jan 2027", "5"]
        {
            assert!(texts.iter().any(|text| text == wanted), "{wanted} not in {texts:?}");
        }
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
        let (_, high) = lines::range(&Measured::new(&chart).drawn.shapes);
        assert_eq!(high, 1000.0);
        assert!(svg(&[chart]).len() < 40_000);
    }
}
