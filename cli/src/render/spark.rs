//! A line through time in a row of characters.

use model::units::Hours;

/// From nothing to the most.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What a line that never changes looks like, unless it is nothing.
const MIDDLE: char = LEVELS[3];

/// A character for each slice of the time, as high as the most in it: a peak is never lost. A value holds until the next.
///
/// The lowest character is zero or less and nothing else; before the first value there is a space.
pub(crate) fn sparkline(points: &[(Hours, f64)], from: Hours, to: Hours, width: usize) -> String {
    let mut points: Vec<_> = points.iter().filter(|point| point.1.is_finite()).collect();
    points.sort_by(|one, other| one.0.as_hours().total_cmp(&other.0.as_hours()));
    let edge = |cell: usize| from + (to - from) * (cell as f64 / width as f64);
    let most = |cell: usize| {
        let (start, end) = (edge(cell), edge(cell + 1));
        let is_last = cell + 1 == width;
        let before = points.partition_point(|point| point.0 <= start);
        let until =
            points.partition_point(|point| point.0 < end || (is_last && point.0 <= to)).max(before);
        points[before.saturating_sub(1)..until].iter().map(|point| point.1).reduce(f64::max)
    };
    let cells: Vec<Option<f64>> = (0..width).map(most).collect();

    let known = || cells.iter().copied().flatten();
    let highest = known().fold(0.0, f64::max);
    let is_flat = known().all(|value| value == highest);
    let level = |value: f64| match value / highest {
        _ if value <= 0.0 => LEVELS[0],
        _ if is_flat => MIDDLE,
        share => LEVELS[((share * 7.0).ceil() as usize).clamp(1, 7)],
    };
    cells.iter().map(|cell| cell.map_or(' ', level)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(points: &[(f64, f64)], to: f64, expected: &str) {
        let points: Vec<_> = points.iter().map(|(at, value)| (Hours::new(*at), *value)).collect();
        let line = sparkline(&points, Hours::ZERO, Hours::new(to), expected.chars().count());
        assert_eq!(line, expected);
    }

    #[test]
    fn every_cell_shows_the_most_in_it() {
        let rise: Vec<_> = (0..8).map(|hour| (f64::from(hour), f64::from(hour))).collect();
        check(&rise, 8.0, "▁▂▃▄▅▆▇█");
        check(&rise, 8.0, "▂▄▆█");
        check(&[(0.0, 1.0), (3.9, 70.0), (3.95, 1.0)], 8.0, "▂▂▂█▂▂▂▂");
        check(&[(0.0, 7.0), (8.0, 70.0)], 8.0, "▂▂▂█");
    }

    #[test]
    fn a_value_holds_until_the_next() {
        check(&[(-5.0, 4.0), (4.0, 8.0)], 8.0, "▅▅██");
        check(&[(4.0, 8.0), (6.0, 0.0)], 8.0, "  █▁");
    }

    #[test]
    fn zero_and_almost_zero_differ() {
        check(&[(0.0, 0.0), (1.0, 0.001), (2.0, 100.0), (3.0, -5.0)], 4.0, "▁▂█▁");
    }

    #[test]
    fn a_flat_line_is_in_the_middle() {
        check(&[(0.0, 5.0)], 4.0, "▄▄▄▄");
        check(&[(0.0, 0.0)], 4.0, "▁▁▁▁");
    }

    #[test]
    fn nothing_is_too_odd_to_draw() {
        check(&[], 4.0, "    ");
        check(&[(0.0, f64::NAN)], 4.0, "    ");
        check(&[(0.0, 5.0)], 0.0, "▄▄");
        check(&[(0.0, 5.0)], 4.0, "");
        check(&[(0.0, 1e308), (2.0, 1e-308)], 4.0, "██▂▂");
        check(&[(0.0, 5.0)], f64::NAN, "  ");
    }
}
