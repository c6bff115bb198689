//! Values along something else than time: lines over a range, with marks where they cross, and a map of who is where.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::axis::{self, Axis};
use super::ink::{self, Ink};
use super::marks::{self, Named, Names};
use super::sheet::{
    Area, Done, Heading, LABEL, LEGEND_ROW, NAME_ROW, Paper, SWATCH, boxed, document, path, units,
    wrapped, write,
};
use super::text;

/// Lines over a range. Places along it are shares of the way: 0 is its beginning, 1 its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// What is shown.
    pub title: String,
    /// Of the values.
    pub unit: String,
    /// What the range is of.
    pub along: String,
    /// Places and what stands there, in their order; those without room are left out.
    pub ticks: Vec<(f64, String)>,
    /// What is drawn.
    pub lines: Vec<Curve>,
    /// What is to be seen where.
    pub marks: Vec<(f64, String)>,
    /// Whether values stand at equal ratios; those that are not above zero are left out then.
    pub ratios: bool,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// As the legend says it.
    pub name: String,
    /// Places and values in their order; a line ends where there is none, and begins anew.
    pub points: Vec<(f64, Option<f64>)>,
}

/// Rows of a range, in parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    /// What is shown.
    pub title: String,
    /// What the range is of.
    pub along: String,
    /// What rows are of.
    pub across: String,
    /// Places and what stands there, as for [`Curves`].
    pub ticks: Vec<(f64, String)>,
    /// Names of parts, by their number.
    pub names: Vec<String>,
    /// From the top.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// Where each part begins and ends, and its number; none is left white.
    pub parts: Vec<(f64, f64, Option<usize>)>,
}

// In pixels.
const PLOT: f64 = 280.0;
const TICK_ROW: f64 = 22.0;
const ROW: f64 = 18.0;
const LINE: u32 = 18;
/// Names of rows are cut at this width.
const NAME: f64 = 140.0;
/// Between two labels of an axis.
const APART: f64 = 10.0;

/// One self-contained SVG document, as [`svg`](super::svg) makes it of charts.
pub fn curves_svg(curves: &Curves, paper: Paper) -> String {
    let paper = paper.drawable();
    let placed = Placed::new(curves, paper);
    document(paper, placed.height(), (&placed.title, &described(curves)), |root| {
        placed.draw(&root.clone().shrink((0, units(paper.top())), paper.size(placed.height())))
    })
}

/// One self-contained SVG document of a map.
pub fn fields_svg(fields: &Fields, paper: Paper) -> String {
    let paper = paper.drawable();
    let placed = Map::new(fields, paper);
    let told = format!("{}: {} across, {} upwards.", fields.title, fields.along, fields.across);
    document(paper, placed.height(), (&text::clean(&fields.title), &text::clean(&told)), |root| {
        placed.draw(&root.clone().shrink((0, units(paper.top())), paper.size(placed.height())))
    })
}

/// Curves in words, for those who do not see them.
fn described(curves: &Curves) -> String {
    let mut told = format!("{} in {} along {}.", curves.title, curves.unit, curves.along);
    for line in &curves.lines {
        let known = || line.points.iter().filter_map(|(_, value)| *value);
        match (known().next(), known().next_back()) {
            (Some(first), Some(last)) => {
                told += &format!(
                    " {}: from {} to {}.",
                    line.name,
                    axis::figure(first),
                    axis::figure(last)
                );
            }
            _ => told += &format!(" {}: nothing.", line.name),
        }
    }
    for (_, name) in &curves.marks {
        told += &format!(" Marked: {name}.");
    }
    text::clean(&told)
}

/// Ticks whose labels have room beside each other.
fn with_room(ticks: &[(f64, String)], width: f64) -> Vec<(f64, String)> {
    let mut free = f64::NEG_INFINITY;
    let mut kept = Vec::new();
    for (at, label) in ticks {
        let label = text::clean(label);
        let half = text::width(&label, LABEL) / 2.0;
        let middle = at * width;
        if (0.0..=1.0).contains(at) && middle - half >= free {
            free = middle + half + APART;
            kept.push((*at, label));
        }
    }
    kept
}

/// Values at equal ratios, with ticks of 1, 2 and 5 times a power of ten, or of powers alone.
fn ratios(low: f64, high: f64) -> Axis {
    let exponent = |value: f64| libm::floor(libm::log10(value)) as i32;
    let (first, last) = (exponent(low), exponent(high));
    let digits: &[f64] = if last - first <= 2 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let all = (first..=last + 1).flat_map(|power| {
        digits.iter().map(move |digit| digit * libm::pow(10.0, f64::from(power)))
    });
    let all: Vec<f64> = all.collect();
    let below = all.iter().copied().rfind(|tick| *tick <= low).unwrap_or(low);
    let above = all.iter().copied().find(|tick| *tick >= high).unwrap_or(high);
    let ticks = all.into_iter().filter(|tick| (below..=above).contains(tick));
    let ticks = ticks.map(|tick| (tick, axis::amount(tick))).collect();
    Axis { low: below, high: above, ticks }
}

/// Curves with everything in its place.
struct Placed<'a> {
    curves: &'a Curves,
    paper: Paper,
    title: String,
    along: String,
    heading: Heading,
    axis: Axis,
    left: f64,
    right: f64,
    ticks: Vec<(f64, String)>,
    names: Names,
    /// What has no room above the plot.
    notes: Vec<String>,
    legend: Vec<(String, (f64, usize))>,
}

impl<'a> Placed<'a> {
    fn new(curves: &'a Curves, paper: Paper) -> Self {
        let title = text::clean(&curves.title);
        let usable = |value: &f64| value.is_finite() && (!curves.ratios || *value > 0.0);
        let values = curves.lines.iter().flat_map(|line| &line.points);
        let values: Vec<f64> = values.filter_map(|(_, value)| *value).filter(usable).collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let axis = match (values.is_empty(), curves.ratios) {
            (true, _) => axis::values(0.0, 1.0),
            (_, true) => ratios(low.max(1e-12), high.min(1e20)),
            _ => axis::values(low.max(-1e290), high.min(1e290)),
        };
        let widest = axis.ticks.iter().map(|(_, label)| text::width(label, LABEL));
        let left = paper.edge() + widest.fold(24.0, f64::max) + 12.0;
        // Half of the last label stands beside the plot.
        let last = curves.ticks.iter().map(|(_, label)| text::width(label, LABEL) / 2.0);
        let right = paper.width - paper.edge() - last.fold(8.0, f64::max).min(60.0);
        let clean: Vec<String> = curves.marks.iter().map(|(_, name)| text::clean(name)).collect();
        let marks: Vec<Named<'_>> = curves
            .marks
            .iter()
            .zip(&clean)
            .map(|((at, _), name)| Named { x: at.clamp(0.0, 1.0) * (right - left), name })
            .collect();
        let names = marks::placed(&marks, LABEL, right - left);
        let notes = names.footnotes.iter().enumerate().map(|(number, marks)| {
            let all: Vec<&str> = marks.iter().map(|mark| clean[*mark].as_str()).collect();
            format!("{} {}", number + 1, all.first().unwrap_or(&""))
        });
        let room = paper.width - 2.0 * paper.edge();
        let notes: Vec<String> = notes.map(|note| text::shortened(&note, LABEL, room)).collect();
        let lines: Vec<String> = curves
            .lines
            .iter()
            .map(|line| text::shortened(&text::clean(&line.name), LABEL, room - SWATCH))
            .collect();
        let places = wrapped(lines.iter().map(|name| SWATCH + text::width(name, LABEL)), room);
        Self {
            curves,
            paper,
            heading: Heading::new(&title, &text::clean(&curves.unit), paper),
            title,
            along: text::shortened(&text::clean(&curves.along), LABEL, room),
            axis,
            left,
            right,
            ticks: with_room(&curves.ticks, right - left),
            names,
            notes,
            legend: lines.into_iter().zip(places).collect(),
        }
    }

    fn head(&self) -> f64 {
        self.heading.height(self.paper)
    }

    fn legend_height(&self) -> f64 {
        self.legend.last().map_or(0.0, |(_, (_, row))| (row + 1) as f64) * LEGEND_ROW
    }

    fn top(&self) -> f64 {
        self.head() + self.legend_height() + self.names.rows as f64 * NAME_ROW + 6.0
    }

    fn height(&self) -> f64 {
        let below = TICK_ROW + NAME_ROW + self.notes.len() as f64 * NAME_ROW;
        self.paper.top() + self.top() + PLOT + below + 8.0
    }

    fn x(&self, share: f64) -> f64 {
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    fn y(&self, value: f64) -> f64 {
        let Axis { low, high, .. } = self.axis;
        let share = match self.curves.ratios {
            true => {
                let [low, high, value] = [low, high, value.max(low)].map(libm::log);
                (value - low) / (high - low).max(f64::MIN_POSITIVE)
            }
            false => (value - low) / (high - low),
        };
        self.top() + (1.0 - share.clamp(0.0, 1.0)) * PLOT
    }

    fn draw(&self, area: &Area<'_>) -> Done {
        self.heading.draw(area, self.paper)?;
        let edge = self.paper.edge();
        for (index, (name, (left, row))) in self.legend.iter().enumerate() {
            let y = self.head() + (*row as f64 + 0.5) * LEGEND_ROW;
            let from = edge + left;
            let line = Ink::placed(index).line().stroke_width(LINE);
            path(area, &[(from, y), (from + SWATCH - 8.0, y)], line)?;
            write(area, name, (from + SWATCH, y), LABEL, HPos::Left, 1.0)?;
        }
        let bottom = self.top() + PLOT;
        for (value, label) in &self.axis.ticks {
            let y = self.y(*value);
            path(area, &[(self.left, y), (self.right, y)], ink::TEXT.mix(0.15).stroke_width(10))?;
            write(area, label, (self.left - 8.0, y), LABEL, HPos::Right, 1.0)?;
        }
        let axis = ink::TEXT.mix(0.5).stroke_width(10);
        path(area, &[(self.left, self.top()), (self.left, bottom), (self.right, bottom)], axis)?;
        ticks(area, &self.ticks, &|share| self.x(share), bottom)?;
        let y = bottom + TICK_ROW + NAME_ROW / 2.0;
        write(area, &self.along, (self.paper.width / 2.0, y), LABEL, HPos::Center, 0.8)?;
        for (row, note) in self.notes.iter().enumerate() {
            let y = bottom + TICK_ROW + NAME_ROW + (row as f64 + 0.5) * NAME_ROW;
            write(area, note, (edge, y), LABEL, HPos::Left, 0.9)?;
        }
        self.draw_marks(area, bottom)?;
        for (index, line) in self.curves.lines.iter().enumerate() {
            let style = Ink::placed(index).line().stroke_width(LINE);
            let known = |(at, value): &(f64, Option<f64>)| {
                let value = value.filter(|value| value.is_finite())?;
                (!self.curves.ratios || value > 0.0).then(|| (self.x(*at), self.y(value)))
            };
            for part in line.points.split(|point| known(point).is_none()) {
                let part: Vec<(f64, f64)> = part.iter().filter_map(known).collect();
                if part.len() > 1 {
                    path(area, &part, style)?;
                }
            }
        }
        Ok(())
    }

    fn draw_marks(&self, area: &Area<'_>, bottom: f64) -> Done {
        let names = self.head() + self.legend_height();
        for (index, (at, _)) in self.curves.marks.iter().enumerate() {
            let label = self.names.labels.iter().find(|label| label.mark == index);
            let top = label.map_or(self.top(), |label| names + label.row as f64 * NAME_ROW);
            let x = self.x(*at);
            path(area, &[(x, top), (x, bottom)], ink::TEXT.mix(0.4).stroke_width(8))?;
        }
        for label in &self.names.labels {
            let y = names + (label.row as f64 + 0.5) * NAME_ROW;
            let left = self.left + label.left;
            let (x, side) = match label.is_left {
                true => (left + text::width(&label.text, LABEL), HPos::Right),
                false => (left, HPos::Left),
            };
            write(area, &label.text, (x, y), LABEL, side, 0.9)?;
        }
        Ok(())
    }
}

/// Ticks below a plot.
fn ticks(area: &Area<'_>, ticks: &[(f64, String)], x: &dyn Fn(f64) -> f64, bottom: f64) -> Done {
    for (at, label) in ticks {
        let x = x(*at);
        let tick = ink::TEXT.mix(0.5).stroke_width(10);
        path(area, &[(x, bottom), (x, bottom + 5.0)], tick)?;
        write(area, label, (x, bottom + TICK_ROW / 2.0 + 3.0), LABEL, HPos::Center, 1.0)?;
    }
    Ok(())
}

/// A map with everything in its place.
struct Map<'a> {
    fields: &'a Fields,
    paper: Paper,
    heading: Heading,
    left: f64,
    right: f64,
    ticks: Vec<(f64, String)>,
    rows: Vec<String>,
    legend: Vec<(String, (f64, usize))>,
}

impl<'a> Map<'a> {
    fn new(fields: &'a Fields, paper: Paper) -> Self {
        let rows: Vec<String> = fields
            .rows
            .iter()
            .map(|row| text::shortened(&text::clean(&row.name), LABEL, NAME))
            .collect();
        let widest = rows.iter().map(|name| text::width(name, LABEL)).fold(0.0, f64::max);
        let left = paper.edge() + widest + 12.0;
        let last = fields.ticks.iter().map(|(_, label)| text::width(label, LABEL) / 2.0);
        let right = paper.width - paper.edge() - last.fold(8.0, f64::max).min(60.0);
        let room = paper.width - 2.0 * paper.edge();
        let names: Vec<String> = fields
            .names
            .iter()
            .map(|name| text::shortened(&text::clean(name), LABEL, room - SWATCH))
            .collect();
        let places = wrapped(names.iter().map(|name| SWATCH + text::width(name, LABEL)), room);
        Self {
            fields,
            paper,
            heading: Heading::new(&text::clean(&fields.title), "", paper),
            left,
            right,
            ticks: with_room(&fields.ticks, right - left),
            rows,
            legend: names.into_iter().zip(places).collect(),
        }
    }

    fn legend_height(&self) -> f64 {
        self.legend.last().map_or(0.0, |(_, (_, row))| (row + 1) as f64) * LEGEND_ROW
    }

    /// Where the first row begins: below what rows are of.
    fn top(&self) -> f64 {
        self.heading.height(self.paper) + self.legend_height() + NAME_ROW + 6.0
    }

    fn bottom(&self) -> f64 {
        self.top() + self.rows.len() as f64 * ROW
    }

    fn height(&self) -> f64 {
        self.paper.top() + self.bottom() + TICK_ROW + NAME_ROW + 8.0
    }

    fn x(&self, share: f64) -> f64 {
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    fn draw(&self, area: &Area<'_>) -> Done {
        self.heading.draw(area, self.paper)?;
        let (edge, head) = (self.paper.edge(), self.heading.height(self.paper));
        let room = self.paper.width - 2.0 * edge;
        for (index, (name, (left, row))) in self.legend.iter().enumerate() {
            let y = head + (*row as f64 + 0.5) * LEGEND_ROW;
            let from = edge + left;
            boxed(area, [from, y - 6.0, from + SWATCH - 8.0, y + 6.0], Ink::shade(index))?;
            write(area, name, (from + SWATCH, y), LABEL, HPos::Left, 1.0)?;
        }
        let across = text::shortened(&text::clean(&self.fields.across), LABEL, room);
        let y = head + self.legend_height() + NAME_ROW / 2.0;
        write(area, &across, (edge, y), LABEL, HPos::Left, 0.8)?;
        for (index, (row, name)) in self.fields.rows.iter().zip(&self.rows).enumerate() {
            let top = self.top() + index as f64 * ROW;
            write(area, name, (self.left - 8.0, top + ROW / 2.0), LABEL, HPos::Right, 1.0)?;
            for (from, to, number) in &row.parts {
                let Some(number) = number else { continue };
                let edges = [self.x(*from), top + 0.5, self.x(*to), top + ROW - 0.5];
                boxed(area, edges, Ink::shade(*number))?;
            }
        }
        ticks(area, &self.ticks, &|share| self.x(share), self.bottom())?;
        let y = self.bottom() + TICK_ROW + NAME_ROW / 2.0;
        let along = text::shortened(&text::clean(&self.fields.along), LABEL, room);
        write(area, &along, (self.paper.width / 2.0, y), LABEL, HPos::Center, 0.8)
    }
}

#[cfg(test)]
mod tests {
    use super::super::checked;
    use super::*;

    fn curves(ratios: bool) -> Curves {
        let point = |index: usize| {
            let share = index as f64 / 10.0;
            (share, (index != 4).then_some(100.0 + 5000.0 * share))
        };
        let line =
            |name: &str| Curve { name: name.to_owned(), points: (0..=10).map(point).collect() };
        Curves {
            title: "Cost <of> two".to_owned(),
            unit: "$ a month".to_owned(),
            along: "stream.s.retention".to_owned(),
            ticks: (0..=20).map(|index| (f64::from(index) / 20.0, format!("{index} d"))).collect(),
            lines: vec![line("one"), line("other")],
            marks: vec![
                (0.3, "30 d".to_owned()),
                (0.31, "31 d".to_owned()),
                (0.99, "99 d".to_owned()),
            ],
            ratios,
        }
    }

    #[test]
    fn curves_are_drawn_at_every_width_without_a_text_on_another() {
        for width in [240.0, 400.0, 960.0, 2000.0] {
            for ratios in [false, true] {
                let paper = Paper { width, inline: false };
                let drawn = curves_svg(&curves(ratios), paper);
                let texts = checked::texts(&drawn);
                for expected in ["one", "other", "stream.s.retention"] {
                    assert!(texts.iter().any(|text| text == expected), "{expected} at {width}");
                }
                assert_eq!(drawn, curves_svg(&curves(ratios), paper));
            }
        }
    }

    #[test]
    fn nothing_that_cannot_be_drawn_is_in_the_way() {
        let nothing = Curves::default();
        checked::texts(&curves_svg(&nothing, Paper::default()));
        let mut odd = curves(true);
        odd.lines[0].points =
            vec![(0.0, Some(f64::NAN)), (0.5, Some(-1.0)), (2.0, Some(f64::INFINITY))];
        odd.marks.push((f64::NAN, "nowhere".to_owned()));
        curves_svg(&odd, Paper::default());
    }

    #[test]
    fn a_map_has_a_row_for_each_value() {
        let row = |name: &str, at: f64| Row {
            name: name.to_owned(),
            parts: vec![(0.0, at, Some(0)), (at, 0.9, Some(1)), (0.9, 1.0, None)],
        };
        let fields = Fields {
            title: "Who is cheapest".to_owned(),
            along: "stream.s.retention".to_owned(),
            across: "stream.s.produce".to_owned(),
            ticks: vec![(0.0, "1 d".to_owned()), (1.0, "2 y".to_owned())],
            names: vec!["one".to_owned(), "other".to_owned()],
            rows: vec![row("100 MiB/s", 0.2), row("10 MiB/s", 0.5)],
        };
        for width in [240.0, 960.0] {
            let drawn = fields_svg(&fields, Paper { width, inline: false });
            let texts = checked::texts(&drawn);
            assert!(texts.iter().any(|text| text == "100 MiB/s"), "{texts:?}");
        }
    }

    #[test]
    fn ratios_have_round_ticks_around_all_values() {
        let labels = |low: f64, high: f64| {
            let axis = ratios(low, high);
            assert!(axis.low <= low && high <= axis.high && axis.low < axis.high);
            axis.ticks.into_iter().map(|(_, label)| label).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(labels(150.0, 3000.0), "100 200 500 1,000 2,000 5,000");
        assert_eq!(labels(150.0, 3e6), "100 1,000 10,000 100,000 1 M 10 M");
        assert_eq!(labels(7.0, 7.0), "5 10");
    }
}
