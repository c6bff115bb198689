//! A chart in figures: a row for each moment where those are few, else the highest values of days, weeks or months.

use super::drawing::Table;
use super::{Chart, Look, Series, axis, lines};
use crate::order;
use crate::units::Hours;

/// Rows that people still look through.
const ROWS_MAX: usize = 60;

/// What stands over a sum of what is stacked.
const TOTAL: &str = "total";

/// The chart's values through its span.
pub(super) fn table(chart: &Chart, span: (f64, f64)) -> Table {
    let stacked: Vec<&Series> = chart.series.iter().filter(|series| is_stacked(series)).collect();
    let mut series: Vec<Series> = chart.series.clone();
    if stacked.len() > 1 {
        series.push(total(&stacked, span));
    }
    let own = moments(&series, span);
    let (rows, of) = match own {
        Some(moments) => {
            let moment = |at: f64| (at, chart.clock.moment(Hours::new(at)));
            (moments.into_iter().map(moment).collect(), String::new())
        }
        None => {
            let (name, parts) = chart.clock.parts(span, ROWS_MAX);
            (parts, format!(", the highest of each {name}"))
        }
    };
    let ends = rows.iter().skip(1).map(|row| row.0).chain([span.1]).collect::<Vec<_>>();
    let row = |((at, label), end): (&(f64, String), &f64)| {
        let values = series.iter().map(|series| {
            let values = lines::within(series, (*at, *end)).into_iter().map(|point| point.1);
            values.reduce(f64::max).map_or_else(String::new, axis::figure)
        });
        [label.clone()].into_iter().chain(values).collect()
    };
    Table {
        caption: format!("{} in {}{of}", chart.title, chart.unit),
        columns: ["from".to_owned()].into_iter().chain(series.iter().map(named)).collect(),
        rows: rows.iter().zip(&ends).map(row).collect(),
    }
}

fn named(series: &Series) -> String {
    if series.name.is_empty() { "value".to_owned() } else { series.name.clone() }
}

fn is_stacked(series: &Series) -> bool {
    matches!(series.look, Look::Area | Look::Bars)
}

/// The moments at which steps change, where they are few; a line has values between its points.
fn moments(series: &[Series], span: (f64, f64)) -> Option<Vec<f64>> {
    let mut moments = Vec::new();
    for series in series {
        if series.look == Look::Line {
            return None;
        }
        moments.extend(lines::within(series, span).into_iter().map(|point| point.0));
        order::sort_by(&mut moments, f64::total_cmp);
        moments.dedup();
        if moments.len() > ROWS_MAX {
            return None;
        }
    }
    Some(moments)
}

/// What those that stand on top of each other come to.
fn total(stacked: &[&Series], span: (f64, f64)) -> Series {
    let sum = stacked.iter().fold(Vec::new(), |sum: Vec<(f64, f64)>, series| {
        lines::sum(&sum, &lines::within(series, span))
    });
    Series {
        name: TOTAL.to_owned(),
        points: sum.into_iter().map(|(at, value)| (Hours::new(at), value)).collect(),
        look: Look::Steps,
        ..Series::default()
    }
}
