//! What of the series is to be seen: sorted, cut to the span of the chart, stacked and thinned.

use super::{Chart, Look, Series, thin::thin};
use crate::order;
use crate::units::Hours;

/// Values beyond this are drawn at it, so that sums and differences stay finite.
const LARGEST: f64 = 1e290;

/// Hours beyond this are left out.
const FARTHEST: f64 = 1e9;

/// Pixels that a bar takes where it can still be told from the next.
const BAR: usize = 3;

/// Share of a month that stays free on either side of its bar.
const FREE: f64 = 0.1;

/// A shape of one series, in hours and the chart's unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Line(Vec<(f64, f64)>),
    /// The lower edge and the upper one.
    Area(Vec<(f64, f64)>, Vec<(f64, f64)>),
    /// Left, bottom, right, top.
    Bars(Vec<[f64; 4]>),
}

/// A value of a series where its shape has a corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) at: f64,
    pub(super) value: f64,
    /// Where it is drawn: above those that it stands on.
    pub(super) top: f64,
}

/// What a chart draws.
pub(super) struct Drawn {
    pub(super) span: (f64, f64),
    /// One for each series.
    pub(super) shapes: Vec<Shape>,
    /// What the shapes were made of.
    pub(super) seen: Vec<Vec<Seen>>,
}

/// The shapes of a chart for a plot of so many columns of pixels.
pub(super) fn drawn(chart: &Chart, columns: usize) -> Drawn {
    let span = span(chart.from, chart.to);
    let points: Vec<_> = chart.series.iter().map(|series| points(&series.points)).collect();
    let of = |look| -> Vec<usize> {
        (0..points.len()).filter(|index| chart.series[*index].look == look).collect()
    };
    let mut shapes = vec![Shape::Line(Vec::new()); points.len()];
    let mut seen = vec![Vec::new(); points.len()];
    let own = |line: &[(f64, f64)]| -> Vec<Seen> {
        line.iter().map(|&(at, value)| Seen { at, value, top: value }).collect()
    };
    for index in of(Look::Line) {
        let line = thin(&joined(&points[index], span), span, columns);
        seen[index] = own(&line);
        shapes[index] = Shape::Line(line);
    }
    for index in of(Look::Steps) {
        let steps = thin(&held(&points[index], span), span, columns);
        seen[index] = own(&steps);
        shapes[index] = Shape::Line(corners(&steps, span.1));
    }
    let areas = stack(&points, &of(Look::Area), span, columns);
    let bars = bars(&points, &of(Look::Bars), span, columns / BAR);
    for (index, shape, tops) in areas.into_iter().chain(bars) {
        (shapes[index], seen[index]) = (shape, tops);
    }
    Drawn { span, shapes, seen }
}

/// The values of a series within a part of the chart's span, beginning with that at its start.
pub(super) fn within(series: &Series, (from, to): (f64, f64)) -> Vec<(f64, f64)> {
    let points = points(&series.points);
    let mut inside = match series.look {
        Look::Line => joined(&points, (from, to)),
        Look::Steps | Look::Area | Look::Bars => held(&points, (from, to)),
    };
    // Of a jump at the end, what comes after it is no part of this.
    let end = inside.partition_point(|point| point.0 < to);
    let kept = if series.look == Look::Line { end + 1 } else { end.max(1) };
    inside.truncate(kept);
    inside
}

/// The value of steps at a moment; none before the first.
fn value_at(steps: &[(f64, f64)], at: f64) -> Option<f64> {
    let next = steps.partition_point(|point| point.0 <= at);
    Some(steps.get(next.checked_sub(1)?)?.1)
}

/// A span that can be drawn: finite, forward, at least a second long.
fn span(from: Hours, to: Hours) -> (f64, f64) {
    let finite = |at: Hours| if at.as_hours().is_finite() { at.as_hours() } else { 0.0 };
    let from = finite(from).clamp(-FARTHEST, FARTHEST);
    let to = finite(to).clamp(-FARTHEST, FARTHEST);
    if to - from >= 1.0 / 3600.0 { (from, to) } else { (from, from + 1.0) }
}

/// A value that can be added and subtracted a few times.
pub(super) fn bounded(value: f64) -> f64 {
    value.clamp(-LARGEST, LARGEST)
}

/// The finite ones, in the order of time; of two at a time, the later in the list comes later.
fn points(points: &[(Hours, f64)]) -> Vec<(f64, f64)> {
    let finite = points.iter().map(|(at, value)| (at.as_hours(), *value));
    let mut points: Vec<_> = finite
        .filter(|(at, value)| at.abs() <= FARTHEST && value.is_finite())
        .map(|(at, value)| (at, bounded(value)))
        .collect();
    order::sort_by(&mut points, |one, other| one.0.total_cmp(&other.0));
    points
}

/// What is within the span, with the values where a joined line enters and leaves it.
fn joined(points: &[(f64, f64)], (from, to): (f64, f64)) -> Vec<(f64, f64)> {
    let first = points.partition_point(|point| point.0 < from);
    let last = points.partition_point(|point| point.0 <= to);
    let between = |index: usize, at: f64| {
        let (one, other) = (points.get(index.checked_sub(1)?)?, points.get(index)?);
        let share = (at - one.0) / (other.0 - one.0);
        Some((at, one.1 + (other.1 - one.1) * share))
    };
    let entered = between(first, from).filter(|_| points[first].0 > from);
    let left = between(last, to).filter(|_| last > 0 && points[last - 1].0 < to);
    entered.into_iter().chain(points[first..last].iter().copied()).chain(left).collect()
}

/// What is within the span, with the value that holds where it begins.
fn held(points: &[(f64, f64)], (from, to): (f64, f64)) -> Vec<(f64, f64)> {
    let first = points.partition_point(|point| point.0 <= from);
    let last = points.partition_point(|point| point.0 <= to).max(first);
    let before = first.checked_sub(1).map(|index| (from, points[index].1));
    let mut held: Vec<_> = before.into_iter().chain(points[first..last].iter().copied()).collect();
    held.dedup_by(|later, earlier| later.1 == earlier.1);
    held
}

/// The line of values that hold until the next.
fn corners(held: &[(f64, f64)], to: f64) -> Vec<(f64, f64)> {
    let mut line = Vec::with_capacity(2 * held.len());
    for (index, &(at, value)) in held.iter().enumerate() {
        line.push((at, value));
        line.push((held.get(index + 1).map_or(to, |next| next.0), value));
    }
    line
}

/// Steps on top of each other, each from the edge of those below to its own.
fn stack(
    points: &[Vec<(f64, f64)>],
    stacked: &[usize],
    span: (f64, f64),
    columns: usize,
) -> Vec<(usize, Shape, Vec<Seen>)> {
    let mut below: Option<Vec<(f64, f64)>> = None;
    let mut shapes = Vec::new();
    for &index in stacked {
        let own = held(&points[index], span);
        if own.is_empty() {
            continue;
        }
        let edge = sum(below.as_deref().unwrap_or(&[]), &own);
        let line = |edge: &[(f64, f64)]| corners(&thin(edge, span, columns), span.1);
        let lower = match &below {
            Some(below) => line(below),
            None => vec![(edge[0].0, 0.0), (span.1, 0.0)],
        };
        let tops = thin(&edge, span, columns).into_iter();
        let tops = tops.map(|(at, top)| Seen { at, value: value_at(&own, at).unwrap_or(0.0), top });
        shapes.push((index, Shape::Area(lower, line(&edge)), tops.collect()));
        below = Some(edge);
    }
    shapes
}

/// Two series of values that hold until the next, added; nothing is zero before its first.
pub(super) fn sum(one: &[(f64, f64)], other: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut times: Vec<f64> = one.iter().chain(other).map(|point| point.0).collect();
    order::sort_by(&mut times, f64::total_cmp);
    times.dedup();
    let (mut of_one, mut of_other) = ((0, 0.0), (0, 0.0));
    let advance = |(next, value): &mut (usize, f64), points: &[(f64, f64)], at: f64| {
        while let Some(point) = points.get(*next).filter(|point| point.0 <= at) {
            (*next, *value) = (*next + 1, point.1);
        }
        *value
    };
    let at = |at| (at, advance(&mut of_one, one, at) + advance(&mut of_other, other, at));
    times.into_iter().map(at).collect()
}

/// Bars on top of each other, one for each time; negative ones hang below zero.
fn bars(
    points: &[Vec<(f64, f64)>],
    shown: &[usize],
    span: (f64, f64),
    bars_max: usize,
) -> Vec<(usize, Shape, Vec<Seen>)> {
    let mut times: Vec<f64> =
        shown.iter().flat_map(|index| &points[*index]).map(|point| point.0).collect();
    times.retain(|at| (span.0..span.1).contains(at));
    order::sort_by(&mut times, f64::total_cmp);
    times.dedup();

    let values = |index: usize, at: f64| -> f64 {
        let points = &points[index];
        let first = points.partition_point(|point| point.0 < at);
        points[first..].iter().take_while(|point| point.0 == at).map(|point| point.1).sum()
    };
    if times.len() > bars_max {
        let total = |at: f64| shown.iter().map(|index| values(*index, at)).sum::<f64>();
        let totals: Vec<_> = times.iter().map(|at| (*at, total(*at))).collect();
        times = thin(&totals, span, bars_max / 2).into_iter().map(|point| point.0).collect();
    }

    let mut shapes: Vec<_> = shown.iter().map(|index| (*index, Vec::new(), Vec::new())).collect();
    for (place, &at) in times.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| at - times[before]);
        let end = times.get(place + 1).copied();
        let end = end.or(before.map(|width| at + width)).unwrap_or(span.1).min(span.1);
        let gap = (end - at) * FREE;
        let (mut below, mut above) = (0.0, 0.0);
        for (index, bars, seen) in &mut shapes {
            let value = values(*index, at);
            let base: &mut f64 = if value < 0.0 { &mut below } else { &mut above };
            let (bottom, top) = (base.min(*base + value), base.max(*base + value));
            *base += value;
            seen.push(Seen { at, value, top: *base });
            if value != 0.0 {
                bars.push([at + gap, bottom, end - gap, top]);
            }
        }
    }
    shapes.into_iter().map(|(index, bars, seen)| (index, Shape::Bars(bars), seen)).collect()
}

/// The lowest and the highest value of shapes, zero among them.
pub(super) fn range(shapes: &[Shape]) -> (f64, f64) {
    let values = shapes.iter().flat_map(|shape| -> Vec<f64> {
        match shape {
            Shape::Line(line) => line.iter().map(|point| point.1).collect(),
            Shape::Area(lower, upper) => lower.iter().chain(upper).map(|point| point.1).collect(),
            Shape::Bars(bars) => bars.iter().flat_map(|bar| [bar[1], bar[3]]).collect(),
        }
    });
    values.fold((0.0, 0.0), |(low, high), value| (value.min(low), value.max(high)))
}

#[cfg(test)]
mod tests {
    use super::super::{Chart, Series};
    use super::*;

    fn chart(series: &[(Look, &[(f64, f64)])]) -> Chart {
        let series = series.iter().map(|(look, points)| Series {
            name: String::new(),
            points: points.iter().map(|(at, value)| (Hours::new(*at), *value)).collect(),
            look: *look,
            shade: None,
        });
        Chart { to: Hours::new(10.0), series: series.collect(), ..Chart::default() }
    }

    #[track_caller]
    fn check(series: &[(Look, &[(f64, f64)])], expected: &[Shape]) {
        assert_eq!(drawn(&chart(series), 100).shapes, expected);
    }

    #[test]
    fn lines_are_cut_where_they_cross_the_edges() {
        let line = |points: &[(f64, f64)]| [Shape::Line(points.to_vec())];
        let joined: &[_] = &[(-2.0, 0.0), (2.0, 4.0), (12.0, 14.0)];
        check(&[(Look::Line, joined)], &line(&[(0.0, 2.0), (2.0, 4.0), (10.0, 12.0)]));
        check(&[(Look::Line, &[(-2.0, 0.0), (-1.0, 4.0)])], &line(&[]));
        check(&[(Look::Line, &[(12.0, 0.0)])], &line(&[]));
        check(&[(Look::Line, &[(-5.0, 0.0), (15.0, 20.0)])], &line(&[(0.0, 5.0), (10.0, 15.0)]));
        check(
            &[(Look::Line, &[(0.0, 1.0), (5.0, f64::NAN), (10.0, 3.0)])],
            &line(&[(0.0, 1.0), (10.0, 3.0)]),
        );
    }

    #[test]
    fn steps_hold_until_the_next() {
        let line = |points: &[(f64, f64)]| [Shape::Line(points.to_vec())];
        let steps: &[_] = &[(-3.0, 3.0), (4.0, 6.0), (11.0, 9.0)];
        check(&[(Look::Steps, steps)], &line(&[(0.0, 3.0), (4.0, 3.0), (4.0, 6.0), (10.0, 6.0)]));
        check(&[(Look::Steps, &[(4.0, 6.0)])], &line(&[(4.0, 6.0), (10.0, 6.0)]));
    }

    #[test]
    fn areas_stand_on_those_below() {
        check(
            &[(Look::Area, &[(0.0, 1.0)]), (Look::Area, &[(0.0, 2.0), (5.0, 4.0)])],
            &[
                Shape::Area(vec![(0.0, 0.0), (10.0, 0.0)], vec![(0.0, 1.0), (10.0, 1.0)]),
                Shape::Area(
                    vec![(0.0, 1.0), (10.0, 1.0)],
                    vec![(0.0, 3.0), (5.0, 3.0), (5.0, 5.0), (10.0, 5.0)],
                ),
            ],
        );
    }

    #[test]
    fn bars_last_until_the_next_and_stack() {
        check(
            &[(Look::Bars, &[(0.0, 1.0), (5.0, -1.0)]), (Look::Bars, &[(0.0, 2.0), (5.0, 3.0)])],
            &[
                Shape::Bars(vec![[0.5, 0.0, 4.5, 1.0], [5.5, -1.0, 9.5, 0.0]]),
                Shape::Bars(vec![[0.5, 1.0, 4.5, 3.0], [5.5, 0.0, 9.5, 3.0]]),
            ],
        );
    }

    #[test]
    fn spans_are_made_drawable() {
        assert_eq!(span(Hours::new(1.0), Hours::new(3.0)), (1.0, 3.0));
        assert_eq!(span(Hours::new(1.0), Hours::new(1.0)), (1.0, 2.0));
        assert_eq!(span(Hours::new(f64::NAN), Hours::new(f64::INFINITY)), (0.0, 1.0));
        assert_eq!(span(Hours::new(1e300), Hours::new(1e301)), (FARTHEST, FARTHEST + 1.0));
    }
}
