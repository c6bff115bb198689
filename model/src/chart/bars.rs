//! Horizontal bars in parts: how much each of several things comes to, and what of.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde::{Deserialize, Serialize};

use super::axis;
use super::drawing::{self, Table};
use super::ink::{self, Ink};
use super::sheet::{
    Area, Done, GAP, Heading, LABEL, LEGEND_ROW, NAME_ROW, Paper, SWATCH, boxed, document, font,
    path, units, wrapped, write,
};
use super::text;

/// Things side by side, each a bar in parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// What is shown.
    pub title: String,
    /// Of the values.
    pub unit: String,
    /// What bars are made of, in the order in which they stack from the left.
    pub parts: Vec<Part>,
    /// From the top.
    pub bars: Vec<Bar>,
}

/// What bars have a part for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// As the legend says it.
    pub name: String,
    /// The number of its color, as for [`Series::shade`](super::Series::shade).
    pub shade: usize,
}

/// One of the things.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// What it is.
    pub name: String,
    /// How much of each part; what is not above zero is not drawn.
    pub values: Vec<f64>,
    /// The same as people read it.
    pub amounts: Vec<String>,
    /// What they come to.
    pub total: String,
    /// What else is to be known: why there is no bar.
    pub note: String,
}

/// Bars as a picture, as places in it, and as a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// What is shown.
    pub title: String,
    /// Of the values.
    pub unit: String,
    /// One document that holds the picture alone.
    pub svg: String,
    /// Width of the whole picture, in pixels.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What is drawn, bar by bar from the left.
    pub segments: Vec<Segment>,
    /// The same in figures.
    pub table: Table,
}

/// A part of a bar, in pixels of the size that it is shown at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Name of the bar.
    pub bar: String,
    /// Name of the part.
    pub part: String,
    /// How much, as people read it.
    pub amount: String,
    /// How much of the bar: `38 %`.
    pub share: String,
    /// Its color as a style sheet says it.
    pub color: String,
    /// How opaque its surface is.
    pub strength: f64,
    /// Whether lines of the color run across it.
    pub hatched: bool,
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

// In pixels.
const BAR: f64 = 22.0;
/// From bar to bar where names stand beside them, and between bars where they stand above.
const PITCH: f64 = 36.0;
const BETWEEN: f64 = 12.0;
const TICK_ROW: f64 = 20.0;
/// Names beside bars are cut at this width.
const NAME: f64 = 200.0;
/// How legends say which part is where.
const ORDER: &str = "(from the left)";
/// Around a text within or beside a bar.
const PAD: f64 = 6.0;
/// Between segments that are wide enough to be less so.
const SEAM: f64 = 1.0;

/// One self-contained SVG document, as [`svg`](super::svg) makes it of charts.
pub fn bars_svg(bars: &Bars, paper: Paper) -> String {
    breakdown(bars, paper).svg
}

/// Bars with where in the picture they are.
pub fn breakdown(bars: &Bars, paper: Paper) -> Breakdown {
    let paper = paper.drawable();
    let printed = printable(bars, paper);
    let placed = Placed::new(&printed, paper);
    let height = placed.height();
    let svg = document(paper, height, (&printed.title, &described(&printed)), |root| {
        placed.draw(&root.clone().shrink((0, units(paper.top())), paper.size(height)))
    });
    Breakdown {
        title: printed.title.clone(),
        unit: printed.unit.clone(),
        svg,
        width: paper.width,
        height: libm::round(height),
        segments: placed.segments(),
        table: table(&printed),
    }
}

/// The bars with names that may be printed.
fn printable(bars: &Bars, paper: Paper) -> Bars {
    let mut bars = bars.clone();
    let legend = paper.width - 2.0 * paper.edge() - SWATCH;
    bars.title = text::clean(&bars.title);
    bars.unit = text::clean(&bars.unit);
    for part in &mut bars.parts {
        part.name = text::shortened(&text::clean(&part.name), LABEL, legend);
    }
    let count = bars.parts.len();
    for bar in &mut bars.bars {
        for text in [&mut bar.name, &mut bar.total, &mut bar.note] {
            *text = text::clean(text);
        }
        bar.values.resize(count, 0.0);
        bar.amounts.resize(count, String::new());
        for value in &mut bar.values {
            *value = if value.is_finite() { value.clamp(0.0, 1e290) } else { 0.0 };
        }
    }
    bars
}

/// Bars in words, for those who do not see them.
fn described(bars: &Bars) -> String {
    let mut told = format!("{} in {}.", bars.title, bars.unit);
    for bar in &bars.bars {
        let parts = bars.parts.iter().zip(&bar.values).zip(&bar.amounts);
        let parts = parts.filter(|((_, value), _)| **value > 0.0);
        let parts: Vec<_> =
            parts.map(|((part, _), amount)| format!("{} {amount}", part.name)).collect();
        let says = [bar.total.clone(), parts.join(", "), bar.note.clone()];
        let says: Vec<_> = says.into_iter().filter(|said| !said.is_empty()).collect();
        told += &format!(" {}: {}.", bar.name, says.join("; "));
    }
    told
}

fn table(bars: &Bars) -> Table {
    let noted = bars.bars.iter().any(|bar| !bar.note.is_empty());
    let mut columns = vec!["platform".to_owned()];
    columns.extend(bars.parts.iter().map(|part| part.name.clone()));
    columns.push("total".to_owned());
    columns.extend(noted.then(|| "note".to_owned()));
    let row = |bar: &Bar| {
        let mut cells = vec![bar.name.clone()];
        cells.extend(bar.amounts.iter().cloned());
        cells.push(bar.total.clone());
        cells.extend(noted.then(|| bar.note.clone()));
        cells
    };
    Table {
        caption: format!("{} in {}", bars.title, bars.unit),
        columns,
        rows: bars.bars.iter().map(row).collect(),
    }
}

/// Everything in its place.
struct Placed<'a> {
    bars: &'a Bars,
    paper: Paper,
    heading: Heading,
    /// Each part with its left edge and row, and after several how they are ordered.
    legend: Vec<(f64, usize)>,
    /// Left and right of all bars.
    left: f64,
    right: f64,
    /// What the longest bar comes to.
    most: f64,
    /// Upper edge of each bar, and where the last one ends.
    tops: Vec<f64>,
    bottom: f64,
}

impl<'a> Placed<'a> {
    fn new(bars: &'a Bars, paper: Paper) -> Self {
        let heading = Heading::new(&bars.title, &bars.unit, paper);
        let names = bars.parts.iter().map(|part| SWATCH + text::width(&part.name, LABEL));
        let order = (bars.parts.len() > 1).then(|| text::width(ORDER, LABEL));
        let legend = wrapped(names.chain(order), paper.width - 2.0 * paper.edge());
        let rows = legend.last().map_or(0, |(_, row)| row + 1);
        let widest = |texts: &mut dyn Iterator<Item = &String>| {
            texts.map(|text| text::width(text, LABEL)).fold(0.0, f64::max)
        };
        let (left, right) = if paper.has_sides() {
            let drawn = bars.bars.iter().filter(|bar| bar.sum() > 0.0);
            let names = widest(&mut bars.bars.iter().map(|bar| &bar.name));
            let notes = widest(&mut drawn.map(|bar| &bar.note));
            let totals = widest(&mut bars.bars.iter().map(|bar| &bar.total));
            (names.max(notes).min(NAME) + 2.0 * PAD, totals + 2.0 * PAD)
        } else {
            (0.0, 0.0)
        };
        let mut placed = Self {
            bars,
            paper,
            heading,
            legend,
            left: paper.edge() + left,
            right: paper.width - paper.edge() - right,
            most: bars.bars.iter().map(Bar::sum).fold(0.0, f64::max),
            tops: Vec::new(),
            bottom: 0.0,
        };
        let mut top = placed.heading.height(paper) + rows as f64 * LEGEND_ROW + GAP / 2.0;
        for bar in &bars.bars {
            if paper.has_sides() {
                placed.tops.push(top + (PITCH - BAR) / 2.0);
                top += PITCH;
            } else {
                let above = if bar.note.is_empty() { 1.0 } else { 2.0 } * NAME_ROW;
                let height = if bar.sum() > 0.0 { BAR } else { 0.0 };
                placed.tops.push(top + above);
                top += above + height + BETWEEN;
            }
        }
        placed.bottom = top;
        placed
    }

    fn height(&self) -> f64 {
        self.paper.top() + self.bottom + if self.most > 0.0 { TICK_ROW } else { 0.0 } + GAP
    }

    /// As wide as a value is.
    fn length(&self, value: f64) -> f64 {
        if self.most > 0.0 { value / self.most * (self.right - self.left) } else { 0.0 }
    }

    /// Edges of every segment of a bar, seams left out: left, top, right, bottom.
    fn edges(&self, index: usize) -> Vec<(usize, [f64; 4])> {
        let (bar, top) = (&self.bars.bars[index], self.tops[index]);
        let mut left = self.left;
        let mut edges = Vec::new();
        for (part, value) in bar.values.iter().enumerate().filter(|(_, value)| **value > 0.0) {
            let width = self.length(*value);
            let seam = if width > 3.0 * SEAM { SEAM } else { 0.0 };
            edges.push((part, [left, top, left + width - seam, top + BAR]));
            left += width;
        }
        edges
    }

    fn segments(&self) -> Vec<Segment> {
        let mut segments = Vec::new();
        for (index, bar) in self.bars.bars.iter().enumerate() {
            for (part, [left, top, right, bottom]) in self.edges(index) {
                let ink = Ink::shade(self.bars.parts[part].shade);
                segments.push(Segment {
                    bar: bar.name.clone(),
                    part: self.bars.parts[part].name.clone(),
                    amount: bar.amounts[part].clone(),
                    share: format!("{:.0} %", bar.values[part] / bar.sum() * 100.0),
                    color: ink.color().to_owned(),
                    strength: ink.strength,
                    hatched: ink.is_hatched(),
                    x: drawing::short(left),
                    y: drawing::short(top + self.paper.top()),
                    width: drawing::short(right - left),
                    height: drawing::short(bottom - top),
                });
            }
        }
        segments
    }

    fn draw(&self, area: &Area<'_>) -> Done {
        self.heading.draw(area, self.paper)?;
        self.draw_legend(area)?;
        self.draw_ticks(area)?;
        for index in 0..self.bars.bars.len() {
            self.draw_names(area, index)?;
            for (part, edges) in self.edges(index) {
                self.draw_segment(area, (index, part), edges)?;
            }
        }
        Ok(())
    }

    fn draw_legend(&self, area: &Area<'_>) -> Done {
        let top = self.heading.height(self.paper);
        for (part, (left, row)) in self.bars.parts.iter().zip(&self.legend) {
            let left = self.paper.edge() + left;
            let y = top + (*row as f64 + 0.5) * LEGEND_ROW;
            let surface = [left, y - 5.0, left + SWATCH - 6.0, y + 5.0];
            boxed(area, surface, Ink::shade(part.shade))?;
            write(area, &part.name, (left + SWATCH, y), LABEL, HPos::Left, 1.0)?;
        }
        if let Some((left, row)) = self.legend.get(self.bars.parts.len()) {
            let y = top + (*row as f64 + 0.5) * LEGEND_ROW;
            write(area, ORDER, (self.paper.edge() + left, y), LABEL, HPos::Left, 0.8)?;
        }
        Ok(())
    }

    /// Faint lines behind the bars, as many as have room for what stands below them.
    fn draw_ticks(&self, area: &Area<'_>) -> Done {
        if self.most <= 0.0 {
            return Ok(());
        }
        // Names above bars are not to be crossed.
        let lines: Vec<[f64; 2]> = match self.paper.has_sides() {
            true => vec![[self.tops[0] - (PITCH - BAR) / 2.0, self.bottom]],
            false => {
                let drawn =
                    self.bars.bars.iter().zip(&self.tops).filter(|(bar, _)| bar.sum() > 0.0);
                drawn.map(|(_, top)| [*top, top + BAR]).collect()
            }
        };
        let mut free = 0.0;
        for (value, label) in &axis::values(0.0, self.most).ticks {
            let x = self.left + self.length(*value);
            let half = text::width(label, LABEL) / 2.0;
            let middle = x.max(half + 1.0);
            let has_room = middle - half >= free && middle + half < self.paper.width;
            if *value > self.most || !has_room {
                continue;
            }
            free = middle + half + 2.0 * PAD;
            let style = ink::TEXT.mix(if *value == 0.0 { 0.5 } else { 0.15 }).stroke_width(10);
            for [top, bottom] in &lines {
                path(area, &[(x, *top), (x, *bottom)], style)?;
            }
            write(area, label, (middle, self.bottom + TICK_ROW / 2.0), LABEL, HPos::Center, 0.8)?;
        }
        Ok(())
    }

    /// Name and note beside the bar, or above it; its total at its end, or at the right.
    fn draw_names(&self, area: &Area<'_>, index: usize) -> Done {
        let (bar, top, edge) = (&self.bars.bars[index], self.tops[index], self.paper.edge());
        let total = text::width(&bar.total, LABEL);
        let there = bar.sum() > 0.0;
        if !self.paper.has_sides() {
            let room = self.paper.width - 2.0 * edge;
            let above = top - if bar.note.is_empty() { 0.5 } else { 1.5 } * NAME_ROW;
            let name = text::shortened(&bar.name, LABEL, room - total - 2.0 * PAD);
            write(area, &name, (edge, above), LABEL, HPos::Left, 1.0)?;
            bold(area, &bar.total, (self.paper.width - edge, above), HPos::Right)?;
            let note = text::shortened(&bar.note, LABEL, room);
            return write(area, &note, (edge, top - 0.5 * NAME_ROW), LABEL, HPos::Left, 0.8);
        }
        let (beside, middle) = (self.left - PAD - 2.0, top + BAR / 2.0);
        let room = beside - edge;
        let name = text::shortened(&bar.name, LABEL, room);
        let stacked = there && !bar.note.is_empty();
        let y = if stacked { middle - NAME_ROW / 2.0 } else { middle };
        write(area, &name, (beside, y), LABEL, HPos::Right, 1.0)?;
        if stacked {
            let note = text::shortened(&bar.note, LABEL, room);
            let y = middle + NAME_ROW / 2.0;
            write(area, &note, (beside, y), LABEL, HPos::Right, 0.8)?;
        }
        let end = self.left + self.length(bar.sum()) + PAD;
        bold(area, &bar.total, (end, middle), HPos::Left)?;
        if !there {
            let left = self.left + PAD + if bar.total.is_empty() { 0.0 } else { total + PAD };
            let note = text::shortened(&bar.note, LABEL, self.paper.width - edge - left);
            write(area, &note, (left, middle), LABEL, HPos::Left, 0.8)?;
        }
        Ok(())
    }

    /// A segment, and in it what it is, as far as there is room for that.
    fn draw_segment(
        &self,
        area: &Area<'_>,
        (index, part): (usize, usize),
        edges: [f64; 4],
    ) -> Done {
        let [left, top, right, bottom] = edges;
        boxed(area, edges, Ink::shade(self.bars.parts[part].shade))?;
        let name = &self.bars.parts[part].name;
        let both = format!("{name} {}", self.bars.bars[index].amounts[part]);
        let room = right - left - 2.0 * PAD;
        let said = [&both, name].into_iter().find(|said| text::width(said, LABEL) <= room);
        match said {
            Some(said) => {
                let place = (left + PAD, (top + bottom) / 2.0);
                write(area, said, place, LABEL, HPos::Left, 1.0)
            }
            None => Ok(()),
        }
    }
}

impl Bar {
    fn sum(&self) -> f64 {
        self.values.iter().sum()
    }
}

fn bold(area: &Area<'_>, text: &str, (x, y): (f64, f64), side: HPos) -> Done {
    let style = font(LABEL, side, 1.0);
    let pos = Pos::new(side, VPos::Center);
    let style = TextStyle { font: style.font.style(FontStyle::Bold), pos, ..style };
    area.draw(&Text::new(text.to_owned(), (units(x), units(y)), style))
}

#[cfg(test)]
mod tests {
    use super::super::checked;
    use super::*;

    fn bar(name: &str, values: &[f64]) -> Bar {
        Bar {
            name: name.to_owned(),
            values: values.to_vec(),
            amounts: values.iter().map(|value| format!("${value}")).collect(),
            total: format!("≥ ${}", values.iter().sum::<f64>()),
            note: String::new(),
        }
    }

    fn bars() -> Bars {
        let part = |shade| Part { name: format!("component {shade}"), shade };
        let none = Bar {
            name: "msk-express".to_owned(),
            note: "cannot be planned".to_owned(),
            ..Bar::default()
        };
        let short = Bar { note: "too few brokers".to_owned(), ..bar("warpstream", &[5.0, 1.0]) };
        Bars {
            title: "Cost by component · Smart meters of a national utility".to_owned(),
            unit: "$ a month".to_owned(),
            parts: (0..10).map(part).collect(),
            bars: vec![
                bar("kafka-gp3", &[1000.0, 500.0, 0.0, 3.0, 1.0, 250.0, 90.0, 40.0, 30.0, 7.0]),
                none,
                bar("a platform with a name that is far too long for any column of names", &[10.0]),
                short,
                Bar { total: "?".to_owned(), ..bar("odd", &[f64::NAN, f64::INFINITY, -5.0]) },
            ],
        }
    }

    /// From the narrowest to more than anybody has seen.
    fn widths() -> impl Iterator<Item = f64> {
        (240..=1200).step_by(23).chain([320, 960]).map(f64::from)
    }

    #[test]
    fn bars_say_what_they_show() {
        for width in widths() {
            let texts = checked::texts(&bars_svg(&bars(), Paper::inline(width)));
            for wanted in ["kafka-gp3", "≥ $1921", "component 9", "cannot be planned", "1,000"] {
                assert!(texts.iter().any(|text| text == wanted), "{wanted} not in {texts:?}");
            }
        }
        for nothing in [Bars::default(), Bars { bars: Vec::new(), ..bars() }] {
            checked::texts(&bars_svg(&nothing, Paper::default()));
        }
    }

    #[test]
    fn segments_are_where_they_are_drawn() {
        for width in widths() {
            let breakdown = breakdown(&bars(), Paper::inline(width));
            assert!(!breakdown.svg.contains("<style"), "a page's policy refuses it");
            let document = roxmltree::Document::parse(&breakdown.svg).expect("well-formed");
            let drawn: Vec<[f64; 2]> = document
                .descendants()
                .filter(|node| node.has_tag_name("rect"))
                .map(|node| ["x", "y"].map(|name| node.attribute(name).unwrap().parse().unwrap()))
                .collect();
            for segment in &breakdown.segments {
                let here = |[x, y]: &[f64; 2]| {
                    (x / 10.0 - segment.x).abs() < 0.1 && (y / 10.0 - segment.y).abs() < 0.1
                };
                assert!(drawn.iter().any(here), "{segment:?} at {width}");
                assert!(segment.x >= 0.0 && segment.x + segment.width <= width);
                assert!(segment.y + segment.height <= breakdown.height);
            }
            let parts = breakdown.segments.iter().map(|segment| segment.bar.as_str());
            assert_eq!(parts.filter(|bar| *bar == "kafka-gp3").count(), 9);
        }
    }

    #[test]
    fn every_bar_has_a_row() {
        let table = breakdown(&bars(), Paper::default()).table;
        assert_eq!(table.rows.len(), 5);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        assert_eq!(table.columns[1..3], ["component 0", "component 1"]);
        assert_eq!(table.rows[0][1..4], ["$1000", "$500", "$0"]);
        assert_eq!(table.rows[1].last().unwrap(), "cannot be planned");
    }
}
