//! What pictures are drawn on: a document of a width, with a description for those who do not see it, and the few things
//! that are drawn by hand.
//!
//! Plotters counts in whole units, so everything is drawn ten times as large as it is shown.

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::backend::{Backend, PLOTTERS_EM};
use super::ink::{self, Ink};
use super::text;

/// Units in a pixel.
const SCALE: f64 = 10.0;

// In pixels.
/// As wide as a chart is where nobody asks for less.
pub(super) const WIDTH: f64 = 960.0;
pub(super) const TITLE: f64 = 15.0;
pub(super) const LABEL: f64 = 11.0;
pub(super) const TITLE_ROW: f64 = 26.0;
/// A line of a title in several.
const TITLE_LINE: f64 = 19.0;
pub(super) const LEGEND_ROW: f64 = 20.0;
pub(super) const NAME_ROW: f64 = 15.0;
pub(super) const SWATCH: f64 = 26.0;
/// Between charts, and between entries of a legend.
pub(super) const GAP: f64 = 18.0;

/// Lines of a title, and of a unit below it.
const TITLE_LINES: usize = 4;

pub(super) type Area<'a> = DrawingArea<Backend<'a>, Shift>;
pub(super) type Done = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// What charts are drawn on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paper {
    /// In pixels, from [`Paper::NARROWEST`] to [`Paper::WIDEST`]; text has the same size at every width.
    pub width: f64,
    /// Whether a page holds it, whose style sheet gives `.highwater-chart` its colors; a file brings its own, which a
    /// page's content security policy would refuse.
    pub inline: bool,
}

impl Default for Paper {
    fn default() -> Self {
        Self { width: WIDTH, inline: false }
    }
}

impl Paper {
    /// Below this there is no room for a plot beside its ticks.
    pub const NARROWEST: u16 = 240;
    /// Beyond this nobody sees more.
    pub const WIDEST: u16 = 4000;

    /// Part of a page.
    pub fn inline(width: f64) -> Self {
        Self { width, inline: true }
    }

    /// A width that something can be drawn at, in whole pixels.
    pub(super) fn drawable(self) -> Self {
        let width = if self.width.is_finite() { self.width } else { WIDTH };
        let (least, most) = (f64::from(Self::NARROWEST), f64::from(Self::WIDEST));
        Self { width: libm::floor(width.clamp(least, most)), ..self }
    }

    /// Whether titles wrap and margins are thin.
    pub(super) fn is_narrow(self) -> bool {
        self.width < WIDTH
    }

    /// Whether there is room beside a plot for more than ticks.
    pub(super) fn has_sides(self) -> bool {
        self.width >= 640.0
    }

    /// What stays free at each side.
    pub(super) fn edge(self) -> f64 {
        if self.is_narrow() { 8.0 } else { 16.0 }
    }

    /// What stays free above.
    pub(super) fn top(self) -> f64 {
        16.0
    }

    pub(super) fn size(self, height: f64) -> (u32, u32) {
        (units(self.width) as u32, units(height) as u32)
    }
}

pub(super) fn units(pixels: f64) -> i32 {
    libm::round(pixels * SCALE) as i32
}

/// A document with whatever is drawn.
pub(super) fn document(
    paper: Paper,
    height: f64,
    told: (&str, &str),
    draw: impl FnOnce(&Area<'_>) -> Done,
) -> String {
    let mut drawn = String::new();
    {
        let backend = SVGBackend::with_string(&mut drawn, paper.size(height));
        let root = Backend(backend).into_drawing_area();
        // The backend writes to a string, which does not fail.
        let _ = draw(&root);
        let _ = root.present();
    }
    let body = drawn.split_once('>').map_or("", |(_, body)| body.trim_start());
    format!("{}{}", head(paper, height, told), ink::applied(body))
}

/// What stands before anything drawn: size, description and colors.
fn head(paper: Paper, height: f64, (title, told): (&str, &str)) -> String {
    let style = match paper.inline {
        true => "",
        false => concat!(
            "<style>.highwater-chart{max-width:100%;height:auto}",
            ":root.highwater-chart{color:#1a1a1a;background:#ffffff}",
            "@media(prefers-color-scheme:dark){",
            ":root.highwater-chart{color:#e8e8e8;background:#111111}}</style>\n",
        ),
    };
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="highwater-chart" role="img" "#,
            r#"width="{width}" height="{height}" viewBox="0 0 {inner_width} {inner_height}" "#,
            r#"font-family="system-ui, sans-serif" stroke-linejoin="round">"#,
            "\n<title>{title}</title>\n<desc>{told}</desc>\n{style}",
        ),
        width = paper.width,
        height = libm::round(height),
        inner_width = units(paper.width),
        inner_height = units(height),
        title = text::escaped(title),
        told = text::escaped(told),
        style = style,
    )
}

/// A title, and the unit of what is below it: in one row where that has room for both.
pub(super) struct Heading {
    title: Vec<String>,
    unit: Vec<String>,
}

impl Heading {
    pub(super) fn new(title: &str, unit: &str, paper: Paper) -> Self {
        let unit_width = text::width(unit, LABEL);
        let room = paper.width - 3.0 * paper.edge() - unit_width;
        if !paper.is_narrow() || text::width(title, TITLE) <= room {
            let title = text::shortened(title, TITLE, room);
            return Self { title: vec![title], unit: vec![unit.to_owned()] };
        }
        let room = paper.width - 2.0 * paper.edge();
        Self {
            title: text::wrapped(&text::joined(title), TITLE, room, TITLE_LINES),
            unit: text::wrapped(unit, LABEL, room, TITLE_LINES),
        }
    }

    fn is_one_row(&self, paper: Paper) -> bool {
        let beside = paper.width - 3.0 * paper.edge();
        let width = |lines: &[String], size| lines.iter().map(|line| text::width(line, size)).sum();
        let (title, unit): (f64, f64) = (width(&self.title, TITLE), width(&self.unit, LABEL));
        self.title.len() <= 1 && (!paper.is_narrow() || title + unit <= beside)
    }

    pub(super) fn height(&self, paper: Paper) -> f64 {
        if self.is_one_row(paper) {
            return TITLE_ROW;
        }
        self.title.len() as f64 * TITLE_LINE + self.unit.len() as f64 * NAME_ROW + 6.0
    }

    pub(super) fn draw(&self, area: &Area<'_>, paper: Paper) -> Done {
        let style = font(TITLE, HPos::Left, 1.0);
        let style = TextStyle { font: style.font.style(FontStyle::Bold), ..style };
        let edge = paper.edge();
        let title = |line: &str, y: f64| {
            area.draw(&Text::new(line.to_owned(), (units(edge), units(y)), style.clone()))
        };
        if self.is_one_row(paper) {
            let y = TITLE_ROW / 2.0;
            title(self.title.first().map_or("", String::as_str), y)?;
            let unit = self.unit.first().map_or("", String::as_str);
            return write(area, unit, (paper.width - edge, y), LABEL, HPos::Right, 0.8);
        }
        for (row, line) in self.title.iter().enumerate() {
            title(line, (row as f64 + 0.5) * TITLE_LINE)?;
        }
        let below = self.title.len() as f64 * TITLE_LINE;
        for (row, line) in self.unit.iter().enumerate() {
            let y = below + (row as f64 + 0.5) * NAME_ROW;
            write(area, line, (edge, y), LABEL, HPos::Left, 0.8)?;
        }
        Ok(())
    }
}

pub(super) fn font(size: f64, side: HPos, strength: f64) -> TextStyle<'static> {
    let style = TextStyle::from((FontFamily::SansSerif, size * SCALE * PLOTTERS_EM).into_font());
    let color = ink::TEXT.mix(strength).to_backend_color();
    TextStyle { color, pos: Pos::new(side, VPos::Center), ..style }
}

pub(super) fn write(
    area: &Area<'_>,
    text: &str,
    (x, y): (f64, f64),
    size: f64,
    side: HPos,
    strength: f64,
) -> Done {
    if text.is_empty() {
        return Ok(());
    }
    area.draw(&Text::new(text, (units(x), units(y)), font(size, side, strength)))
}

pub(super) fn path(area: &Area<'_>, points: &[(f64, f64)], style: ShapeStyle) -> Done {
    let points: Vec<_> = points.iter().map(|(x, y)| (units(*x), units(*y))).collect();
    area.draw(&PathElement::new(points, style))
}

pub(super) fn rectangle(
    area: &Area<'_>,
    [left, top, right, bottom]: [f64; 4],
    style: ShapeStyle,
) -> Done {
    let corners = [(units(left), units(top)), (units(right), units(bottom))];
    area.draw(&Rectangle::new(corners, style))
}

/// Surfaces below this are too thin for an edge of their own.
const THIN: f64 = 3.0;

/// From one line of a hatch to the next.
const HATCH: f64 = 6.0;

/// A surface with an edge that stands out where it is weak itself.
pub(super) fn boxed(area: &Area<'_>, edges: [f64; 4], ink: Ink) -> Done {
    let [left, top, right, bottom] = edges;
    if right - left <= THIN || bottom - top <= THIN {
        let edges = [left, top, right.max(left + 0.5), bottom.max(top + 0.5)];
        return rectangle(area, edges, ink.solid().filled());
    }
    rectangle(area, edges, ink.fill())?;
    let half = 0.5;
    let edges = [left + half, top + half, right - half, bottom - half];
    if ink.is_hatched() {
        path(area, &hatch(edges, ink.leans_left()), ink.solid().mix(0.6).stroke_width(8))?;
    }
    let [left, top, right, bottom] = edges;
    let around = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    path(area, &around, ink.solid().stroke_width(10))
}

/// Diagonals across a surface in one stroke: from each to the next it goes along the edge.
fn hatch([left, top, right, bottom]: [f64; 4], leans_left: bool) -> Vec<(f64, f64)> {
    let (width, height) = (right - left, bottom - top);
    let lines = libm::floor((width + height) / HATCH) as usize;
    let mut stroke = Vec::with_capacity(3 * lines);
    let mut before: Option<[f64; 2]> = None;
    for line in 1..=lines {
        // Both ends of the diagonal that is so far from the upper left corner.
        let sum = line as f64 * HATCH;
        let low = if sum <= height { [0.0, sum] } else { [sum - height, height] };
        let high = if sum <= width { [sum, 0.0] } else { [width, sum - width] };
        let (first, last) = if line % 2 == 1 { (low, high) } else { (high, low) };
        // Round the corner where the ends are on two edges.
        let turns = before.is_some_and(|[x, y]| x != first[0] && y != first[1]);
        let corner = if line % 2 == 1 { [0.0, height] } else { [width, 0.0] };
        stroke.extend(turns.then_some(corner).into_iter().chain([first, last]));
        before = Some(last);
    }
    let place = |[x, y]: [f64; 2]| (if leans_left { right - x } else { left + x }, top + y);
    stroke.into_iter().map(place).collect()
}

/// Left edge and row of things of given widths.
pub(super) fn wrapped(widths: impl Iterator<Item = f64>, room: f64) -> Vec<(f64, usize)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hatch_stays_within_its_surface() {
        let edges = [10.0, 20.0, 23.0, 29.0];
        let stroke = hatch(edges, false);
        let expected =
            [[10.0, 26.0, 16.0, 20.0], [22.0, 20.0, 13.0, 29.0], [19.0, 29.0, 23.0, 25.0]];
        let points = expected.iter().flat_map(|[a, b, c, d]| [(*a, *b), (*c, *d)]);
        assert_eq!(stroke, points.collect::<Vec<_>>());
        let inside = |(x, y): &(f64, f64)| (10.0..=23.0).contains(x) && (20.0..=29.0).contains(y);
        for edges in [edges, [10.0, 20.0, 12.0, 29.0], [10.0, 20.0, 23.0, 21.0]] {
            assert!(hatch(edges, false).iter().chain(&hatch(edges, true)).all(inside));
        }
    }
}
