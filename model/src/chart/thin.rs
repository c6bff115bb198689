//! A long line with no more points than can be seen: a column of pixels shows where the line came in, how high and how
//! low it went, and where it left.

use crate::order;

/// At most about two points for each column, and never without a column's lowest and highest.
///
/// Points are in the order of time. A column beside empty ones also keeps its first and last point, since what is drawn
/// through the empty ones starts and ends there.
pub(super) fn thin(
    points: &[(f64, f64)],
    (from, to): (f64, f64),
    columns: usize,
) -> Vec<(f64, f64)> {
    if points.len() <= 2 * columns || columns == 0 {
        return points.to_vec();
    }
    let column = |time: f64| {
        let share = ((time - from) / (to - from)).clamp(0.0, 1.0);
        ((share * columns as f64) as usize).min(columns - 1)
    };

    let mut kept = Vec::with_capacity(2 * columns);
    let mut start = 0;
    let mut before = None;
    while start < points.len() {
        let here = column(points[start].0);
        let length = points[start..].iter().take_while(|point| column(point.0) == here).count();
        let end = start + length;
        let after = points.get(end).map(|point| column(point.0));

        let mut indices = extremes(&points[start..end]).map(|index| start + index).to_vec();
        if before.is_none_or(|before| before + 1 < here) {
            indices.push(start);
        }
        if after.is_none_or(|after| here + 1 < after) {
            indices.push(end - 1);
        }
        order::sort_by(&mut indices, Ord::cmp);
        indices.dedup();
        kept.extend(indices.into_iter().map(|index| points[index]));

        before = Some(here);
        start = end;
    }
    kept
}

/// Where the first lowest and the first highest point are.
fn extremes(points: &[(f64, f64)]) -> [usize; 2] {
    let (mut lowest, mut highest) = (0, 0);
    for (index, (_, value)) in points.iter().enumerate() {
        if *value < points[lowest].1 {
            lowest = index;
        }
        if *value > points[highest].1 {
            highest = index;
        }
    }
    [lowest, highest]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A saw with one peak and one dip, each a single point wide.
    fn long() -> Vec<(f64, f64)> {
        let mut points: Vec<_> =
            (0..100_000).map(|index| (f64::from(index), f64::from(index % 7))).collect();
        points[43_211].1 = 1000.25;
        points[77_777].1 = -3.5;
        points
    }

    #[test]
    fn a_peak_of_one_point_stays() {
        let thinned = thin(&long(), (0.0, 100_000.0), 800);
        assert!(thinned.len() <= 2 * 800 + 2, "{}", thinned.len());
        assert!(thinned.contains(&(43_211.0, 1000.25)));
        assert!(thinned.contains(&(77_777.0, -3.5)));
        assert!(thinned.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn every_column_keeps_its_extremes() {
        let points = long();
        let thinned = thin(&points, (0.0, 131_072.0), 128);
        for column in points.chunks(1024) {
            let [lowest, highest] = extremes(column).map(|index| column[index]);
            assert!(thinned.contains(&lowest) && thinned.contains(&highest));
        }
    }

    #[test]
    fn what_holds_through_empty_columns_is_the_last_value() {
        let mut points: Vec<_> = (0..1000).map(|index| (f64::from(index) / 1000.0, 5.0)).collect();
        points[500].1 = 9.0;
        points[600].1 = 1.0;
        points.push((90.0, 5.0));
        let thinned = thin(&points, (0.0, 100.0), 100);
        assert_eq!(thinned, [(0.0, 5.0), (0.5, 9.0), (0.6, 1.0), (0.999, 5.0), (90.0, 5.0)]);
    }

    #[test]
    fn few_points_are_left_alone() {
        for points in [vec![], vec![(1.0, 2.0)], vec![(0.0, 1.0), (0.0, 2.0), (0.0, 3.0)]] {
            assert_eq!(thin(&points, (0.0, 0.0), 100), points);
        }
        let many = vec![(3.0, 1.0); 50];
        assert_eq!(thin(&many, (3.0, 3.0), 2), [(3.0, 1.0); 2]);
    }
}
