//! Where the names of marks go: beside their lines, in up to three rows above the plot, and into footnotes once those
//! are full. No name covers another, and no line runs through a name.

use super::text;
use crate::map::Map;

/// Rows above the plot.
const ROWS: usize = 3;

/// How a text stands beside its line.
#[derive(Clone, Copy)]
struct Stand {
    /// Free space around it, in font sizes.
    gap: f64,
    /// Whether it stands on the left if it may stand on either side.
    left: bool,
}

const NAMES: Stand = Stand { gap: 0.4, left: false };
const NUMBERS: Stand = Stand { gap: 0.2, left: false };

/// Footnotes that are printed; more are counted.
const FOOTNOTES_MAX: usize = 30;

/// A name, and where its line is: in pixels from the plot's left edge.
pub(super) struct Named<'a> {
    pub(super) x: f64,
    pub(super) name: &'a str,
}

/// A text in a row above the plot.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    pub(super) text: String,
    /// Its left edge.
    pub(super) left: f64,
    /// Whether it stands on the left of its line.
    pub(super) is_left: bool,
    /// Counted from the top.
    pub(super) row: usize,
    /// Which of the marks it is for.
    pub(super) mark: usize,
}

/// What is written above the plot and below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Names {
    pub(super) labels: Vec<Label>,
    pub(super) rows: usize,
    /// Number and indices of the marks of one name.
    pub(super) footnotes: Vec<Vec<usize>>,
    /// How many names had no room even there.
    pub(super) left_out: usize,
}

/// Places names of marks that are in the order of time.
pub(super) fn placed(marks: &[Named<'_>], size: f64, width: f64) -> Names {
    let mut rows = Rows { size, width, taken: Vec::new(), labels: Vec::new() };
    let all = marks.iter().enumerate().all(|(index, mark)| rows.place(mark, index, NAMES, 0..ROWS));
    let mut footnotes = Vec::new();
    if !all {
        // The lowest row is for numbers.
        rows = Rows { taken: Vec::new(), labels: Vec::new(), ..rows };
        let mut numbers = Map::new();
        for (index, mark) in marks.iter().enumerate() {
            let known = numbers.get(mark.name).copied();
            if known.is_none() && rows.place(mark, index, NAMES, 0..ROWS - 1) {
                continue;
            }
            let number = known.unwrap_or_else(|| {
                footnotes.push(Vec::new());
                numbers.insert(mark.name, footnotes.len());
                footnotes.len()
            });
            footnotes[number - 1].push(index);
            if number <= FOOTNOTES_MAX {
                let name = number.to_string();
                let number = Named { x: mark.x, name: &name };
                // Room on the right is left to the next line where that is close.
                let room = text::width(&name, size) + 2.0 * NUMBERS.gap * size;
                let next = marks[index..].iter().find(|next| next.x > mark.x);
                let left = next.is_some_and(|next| next.x < mark.x + room);
                let stand = Stand { left, ..NUMBERS };
                let _ = rows.place(&number, index, stand, ROWS - 1..ROWS)
                    || rows.place(&number, index, stand, 0..ROWS - 1);
            }
        }
    }
    let left_out = footnotes.len().saturating_sub(FOOTNOTES_MAX);
    footnotes.truncate(FOOTNOTES_MAX);
    let used = rows.labels.iter().map(|label| label.row + 1).max().unwrap_or(0);
    Names { labels: rows.labels, rows: used, footnotes, left_out }
}

struct Taken {
    row: usize,
    left: f64,
    right: f64,
    line: f64,
}

struct Rows {
    size: f64,
    width: f64,
    taken: Vec<Taken>,
    labels: Vec<Label>,
}

impl Rows {
    /// Beside its line in the first row where that is possible.
    fn place(
        &mut self,
        mark: &Named<'_>,
        index: usize,
        stand: Stand,
        rows: std::ops::Range<usize>,
    ) -> bool {
        if mark.name.is_empty() {
            return true;
        }
        let gap = stand.gap * self.size;
        let length = text::width(mark.name, self.size);
        for row in rows {
            let mut sides = [mark.x + gap, mark.x - gap - length];
            if stand.left {
                sides.reverse();
            }
            for left in sides {
                let inside = left >= 0.0 && left + length <= self.width;
                let new = Taken { row, left: left - gap, right: left + length + gap, line: mark.x };
                if inside && !self.taken.iter().any(|taken| in_the_way(taken, &new)) {
                    self.taken.push(new);
                    let text = mark.name.to_owned();
                    let is_left = left < mark.x;
                    self.labels.push(Label { text, left, is_left, row, mark: index });
                    return true;
                }
            }
        }
        false
    }
}

/// Whether two names overlap, or the line of the higher one runs through the lower.
fn in_the_way(one: &Taken, other: &Taken) -> bool {
    let (upper, lower) = if one.row <= other.row { (one, other) } else { (other, one) };
    if upper.row == lower.row {
        upper.left < lower.right && lower.left < upper.right
    } else {
        (lower.left..lower.right).contains(&upper.line) && upper.line != lower.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(marks: &[(f64, &str)], expected: &str) {
        let marks: Vec<_> = marks.iter().map(|(x, name)| Named { x: *x, name }).collect();
        let names = placed(&marks, 10.0, 400.0);
        let labels = names.labels.iter().map(|label| {
            let side = if label.is_left { "<" } else { "" };
            format!("{side}{}@{}", label.text, label.row)
        });
        let notes = names.footnotes.iter().map(|marks| format!("{marks:?}"));
        assert_eq!(labels.chain(notes).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn names_stand_beside_their_lines() {
        check(&[], "");
        check(&[(10.0, "")], "");
        check(&[(10.0, "storm"), (200.0, "outage")], "storm@0 outage@0");
        check(&[(390.0, "outage")], "<outage@0");
        check(&[(10.0, "storm"), (20.0, "outage"), (30.0, "deploy")], "storm@0 outage@1 deploy@2");
        check(&[(10.0, "storm"), (10.0, "outage")], "storm@0 outage@1");
    }

    #[test]
    fn what_has_no_room_is_numbered() {
        check(
            &[(10.0, "storm"), (20.0, "outage"), (30.0, "deploy"), (50.0, "rebalance")],
            "storm@0 outage@1 1@2 2@2 [2] [3]",
        );
        check(
            &[(100.0, "storm"), (110.0, "outage"), (120.0, "deploy"), (127.0, "rebalance")],
            "storm@0 outage@1 <1@2 2@2 [2] [3]",
        );
        let long = "a name that is far longer than all the room that there is above a plot";
        check(&[(10.0, long), (100.0, long), (103.0, long)], "1@2 <1@2 1@2 [0, 1, 2]");
    }

    #[test]
    fn two_hundred_names_stay_apart() {
        let names: Vec<_> = (0..200).map(|index| format!("event {index}")).collect();
        let mark = |(index, name)| Named { x: 2.0 * index as f64, name };
        let marks: Vec<_> = names.iter().map(String::as_str).enumerate().map(mark).collect();
        let names = placed(&marks, 10.0, 400.0);
        assert_eq!(names.footnotes.len(), FOOTNOTES_MAX);
        assert!(names.left_out > 100);
        for row in 0..ROWS {
            let row: Vec<_> = names.labels.iter().filter(|label| label.row == row).collect();
            let right = |label: &Label| label.left + text::width(&label.text, 10.0);
            assert!(row.is_sorted_by(|a, b| right(a) < b.left), "{row:?}");
        }
    }
}
