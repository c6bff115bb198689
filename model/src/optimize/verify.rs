//! A solver's answer in our own arithmetic: whole numbers made whole, every row and the cost computed again.
//!
//! Solvers work with tolerances and have faults. What they say is a proposal; it counts when it passes here.

use super::lp::{Kind, Program, Sense};

/// How far a whole number of a solver may be from one: its own tolerance, with room.
const WHOLE: f64 = 1e-5;

/// How far a row may be missed, as a share of what stands in it: rounding errors of sums, nothing that money sees.
const ROW: f64 = 1e-7;

/// How far the cost may be from what the solver says, as a share: what making numbers whole may change.
const COST: f64 = 1e-6;

/// Why an answer does not count.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Wrong {
    /// There are not as many values as columns.
    #[error("{found} values for {columns} columns")]
    Count {
        /// Values.
        found: usize,
        /// Columns.
        columns: usize,
    },
    /// A value that cannot be.
    #[error("`{column}` is {value}")]
    Value {
        /// Whose.
        column: String,
        /// What it is.
        value: f64,
    },
    /// A row that does not hold.
    #[error("`{row}` is missed by {by}")]
    Row {
        /// Which.
        row: String,
        /// By how much, in its unit.
        by: f64,
    },
    /// A cost that is not what the values cost.
    #[error("the cost is {cost}, and the solver says {said}")]
    Cost {
        /// What it is.
        cost: f64,
        /// What was said.
        said: f64,
    },
}

/// Values with whole numbers made whole, if they hold.
///
/// # Errors
///
/// The first thing that is wrong with them.
pub fn verified(program: &Program, values: &[f64], said: f64) -> Result<Vec<f64>, Wrong> {
    if values.len() != program.columns.len() {
        return Err(Wrong::Count { found: values.len(), columns: program.columns.len() });
    }
    let mut exact = Vec::with_capacity(values.len());
    for (column, value) in program.columns.iter().zip(values) {
        let (whole, most) = match column.kind {
            Kind::Choice => (true, 1.0),
            Kind::Count => (true, f64::INFINITY),
            Kind::Amount => (false, f64::INFINITY),
        };
        let rounded = if whole { value.round() } else { value.max(0.0) };
        let near = (rounded - value).abs() <= WHOLE;
        if !near || !(0.0..=most).contains(&rounded) {
            return Err(Wrong::Value { column: column.name.clone(), value: *value });
        }
        exact.push(rounded);
    }
    for row in &program.rows {
        let terms = || row.sum.iter().map(|(column, factor)| factor * exact[*column]);
        let sum: f64 = terms().sum();
        let size = terms().map(f64::abs).fold(row.limit.abs().max(1.0), f64::max);
        let by = match row.sense {
            Sense::AtMost => sum - row.limit,
            Sense::AtLeast => row.limit - sum,
            Sense::Equal => (sum - row.limit).abs(),
        };
        if by.is_nan() || by > ROW * size {
            return Err(Wrong::Row { row: row.name.clone(), by });
        }
    }
    let cost = program.cost(&exact);
    if (cost - said).abs() > COST * cost.abs().max(1.0) {
        return Err(Wrong::Cost { cost, said });
    }
    Ok(exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two brokers at least, of a kind that costs $3, and a dollar for each GiB of three.
    fn program() -> Program {
        let mut program = Program::default();
        let brokers = program.column("brokers".to_owned(), Kind::Count, 3.0);
        let kept = program.column("kept".to_owned(), Kind::Amount, 1.0);
        program.row("serve".to_owned(), "", vec![(brokers, 1.0)], Sense::AtLeast, 2.0);
        program.row("keep".to_owned(), "", vec![(kept, 1.0)], Sense::Equal, 3.0);
        program
    }

    #[test]
    fn only_what_holds_counts() {
        let program = program();
        assert_eq!(verified(&program, &[2.000_000_1, 3.0], 9.0), Ok(vec![2.0, 3.0]));
        let wrong = |values: &[f64], said| verified(&program, values, said).unwrap_err();
        assert!(matches!(wrong(&[2.0], 9.0), Wrong::Count { .. }));
        assert!(matches!(wrong(&[2.4, 3.0], 10.2), Wrong::Value { .. }));
        assert!(matches!(wrong(&[f64::NAN, 3.0], 9.0), Wrong::Value { .. }));
        assert!(matches!(wrong(&[2.0, -0.1], 9.0), Wrong::Value { .. }));
        assert!(matches!(wrong(&[1.0, 3.0], 6.0), Wrong::Row { .. }));
        assert!(matches!(wrong(&[2.0, 2.9], 8.9), Wrong::Row { .. }));
        assert!(matches!(wrong(&[2.0, 3.0], 8.0), Wrong::Cost { .. }));
    }
}
