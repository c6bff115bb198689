//! Colours and dashes. Plotters knows colours only; so that a line can have dashes and text the reader's colour, what is
//! drawn carries the number of its ink in the place of a colour, and the finished document is rewritten.

use plotters::style::{Color, RGBColor, ShapeStyle};

use crate::float;

/// Okabe and Ito's colours for all kinds of colour vision (<https://jfly.uni-koeln.de/color/>), made darker where they
/// would not stand out by 3:1 from white, as WCAG 2.2 asks of graphics; all do from almost black, too.
pub(super) const PALETTE: [&str; 8] =
    ["#0072B2", "#C77A00", "#009E73", "#C0669A", "#3A94CC", "#D55E00", "#8C8000", "#808080"];

/// Lengths of dashes and gaps, in tenths of a pixel; none is a solid line.
const DASHES: [&str; 7] =
    ["", "70 30", "15 25", "90 25 15 25", "140 40", "90 20 15 20 15 20", "30 15"];

/// Of limits: unlike every series' dashes.
const LIMIT: &str = "40 40";

/// Text, axes and marks: black or white, whichever the reader's page calls for.
pub(super) const TEXT: RGBColor = RGBColor(0, 0, 0);

/// A limit's line.
pub(super) const LIMIT_LINE: RGBColor = RGBColor(3, 0, 0);

/// What a line or a surface is drawn with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink {
    index: usize,
    /// How opaque a surface of it is.
    pub(super) strength: f64,
    hatch: usize,
}

impl Ink {
    /// That of a series by its place in the chart. Surfaces that touch differ in strength, too.
    pub(super) fn placed(index: usize) -> Self {
        let strength = if index.is_multiple_of(2) { 0.85 } else { 0.45 };
        Self { index, strength, hatch: 0 }
    }

    /// One of 32 that differ: eight hues, each strong, weak, and with two hatches. All are weak enough for text on them to
    /// be read.
    pub(super) fn shade(shade: usize) -> Self {
        let hatch = shade / PALETTE.len() % 4;
        Self { index: shade, strength: [0.7, 0.35, 0.2, 0.2][hatch], hatch }
    }

    /// Whether lines run across its surface.
    pub(super) fn is_hatched(self) -> bool {
        self.hatch >= 2
    }

    /// Whether they fall to the right.
    pub(super) fn leans_left(self) -> bool {
        self.hatch == 3
    }

    /// Its line, with dashes that tell it from those of the same colour.
    pub(super) fn line(self) -> RGBColor {
        RGBColor(1, (self.index % DASHES.len()) as u8, self.color_number())
    }

    /// Whether its line is solid, and hides what is below it.
    pub(super) fn is_solid(self) -> bool {
        self.index.is_multiple_of(DASHES.len())
    }

    /// Its surface, or a line without dashes.
    pub(super) fn solid(self) -> RGBColor {
        RGBColor(2, 0, self.color_number())
    }

    /// Its surface as opaque as it is to be.
    pub(super) fn fill(self) -> ShapeStyle {
        self.solid().mix(self.strength).filled()
    }

    /// Its colour as style sheets write it.
    pub(super) fn color(self) -> &'static str {
        PALETTE[self.index % PALETTE.len()]
    }

    /// The dashes of its line, in pixels.
    pub(super) fn dashes(self) -> Vec<f64> {
        let tenths = DASHES[self.index % DASHES.len()].split(' ');
        tenths.filter_map(float::parse).map(|tenths| tenths / 10.0).collect()
    }

    fn color_number(self) -> u8 {
        (self.index % PALETTE.len()) as u8
    }
}

/// Puts colours and dashes where numbers of inks stand. Text cannot be mistaken for one, as its quotes are escaped.
pub(super) fn applied(drawn: &str) -> String {
    let mut parts = drawn.split("=\"#");
    let mut document = String::with_capacity(drawn.len());
    document.extend(parts.next());
    for part in parts {
        let (number, rest) = part.split_at_checked(6).unwrap_or(("", part));
        let number = u32::from_str_radix(number, 16).unwrap_or(0);
        let [_, kind, dash, color] = number.to_be_bytes();
        let color = match kind {
            1 | 2 => PALETTE[usize::from(color) % PALETTE.len()],
            _ => "currentColor",
        };
        let dash = match kind {
            1 => DASHES[usize::from(dash) % DASHES.len()],
            3 => LIMIT,
            _ => "",
        };
        document.push_str("=\"");
        document.push_str(color);
        if !dash.is_empty() {
            document.push_str("\" stroke-dasharray=\"");
            document.push_str(dash);
        }
        document.push_str(rest);
    }
    document.replace(" opacity=\"1\"", "").replace(" font-family=\"sans-serif\"", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As WCAG 2.2 defines it.
    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let share = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn colors_stand_out_from_light_and_dark() {
        for color in PALETTE {
            for background in ["#ffffff", "#111111"] {
                let contrast = contrast(color, background);
                assert!(contrast >= 3.0, "{color} on {background}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn text_is_read_on_every_shade() {
        let channels = |color: &str| [1, 3, 5].map(|at| u8::from_str_radix(&color[at..at + 2], 16));
        for ink in (0..32).map(Ink::shade) {
            for (background, text) in [("#ffffff", "#1a1a1a"), ("#111111", "#e8e8e8")] {
                let (over, under) = (channels(ink.color()), channels(background));
                let mixed = over.into_iter().zip(under).map(|(over, under)| {
                    let [over, under] = [over, under].map(|channel| f64::from(channel.unwrap()));
                    format!("{:02x}", (under + (over - under) * ink.strength) as u8)
                });
                let surface = format!("#{}", mixed.collect::<String>());
                let contrast = contrast(&surface, text);
                assert!(contrast >= 4.5, "{text} on {surface}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn inks_become_colors_and_dashes() {
        let drawn = r##"<a opacity="1" stroke="#010201"/><b fill="#020003"/><c fill="#000000"/><d stroke="#030000"/>"##;
        assert_eq!(
            applied(drawn),
            r##"<a stroke="#C77A00" stroke-dasharray="15 25"/><b fill="#C0669A"/><c fill="currentColor"/><d stroke="currentColor" stroke-dasharray="40 40"/>"##
        );
    }

    #[test]
    fn shades_differ() {
        let looks: std::collections::BTreeSet<_> = (0..32)
            .map(Ink::shade)
            .map(|ink| (ink.color(), ink.strength.to_bits(), ink.leans_left()))
            .collect();
        assert_eq!(looks.len(), 32);
    }

    #[test]
    fn forty_lines_differ() {
        let lines: std::collections::BTreeSet<_> = (0..40)
            .map(|index| Ink::placed(index).line())
            .map(|RGBColor(a, b, c)| (a, b, c))
            .collect();
        assert_eq!(lines.len(), 40);
    }
}
