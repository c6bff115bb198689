//! Rounding amounts so that what is shown adds up: rows by largest remainder, tables by controlled rounding.
//!
//! Source: largest remainder, as seats are allotted (Hamilton); controlled rounding of a table with zeros kept: Bacharach
//! (1966), "Matrix Rounding Problems"; Cox (1987), "A Constructive Procedure for Unbiased Controlled Rounding".

use rust_decimal::{Decimal, RoundingStrategy};

use crate::order;

/// The whole units in an amount, and the rest of it.
fn split(amount: Decimal, places: u32) -> (Decimal, Decimal) {
    let mut down = amount.round_dp_with_strategy(places, RoundingStrategy::ToNegativeInfinity);
    down.rescale(places);
    (down, amount.saturating_sub(down))
}

/// Rounds amounts to so many decimals so that they add up to a total that is rounded already, up or down: down, then the units
/// that are missing go to the largest remainders, the first of equal ones first. What is whole stays as it is.
pub(crate) fn allot(total: Decimal, amounts: &[Decimal], places: u32) -> Vec<Decimal> {
    let unit = Decimal::new(1, places);
    let (mut shown, rests): (Vec<Decimal>, Vec<Decimal>) =
        amounts.iter().map(|amount| split(*amount, places)).unzip();
    let mut missing = total.saturating_sub(sum(&shown));
    let mut order: Vec<usize> = (0..amounts.len()).filter(|&at| !rests[at].is_zero()).collect();
    order::sort_by_key(&mut order, |&at| std::cmp::Reverse(rests[at]));
    for at in order {
        if missing < unit {
            break;
        }
        shown[at] += unit;
        missing -= unit;
    }
    shown
}

fn sum(amounts: &[Decimal]) -> Decimal {
    amounts.iter().fold(Decimal::ZERO, |sum, amount| sum.saturating_add(*amount))
}

/// Rounds the cells of a table to so many decimals: each up or down, and so the sum of each row and of each column; all of
/// them add up to a total that is rounded already, up or down. What is whole stays as it is.
///
/// Rows are as long as each other.
pub(crate) fn controlled(total: Decimal, rows: &[Vec<Decimal>], places: u32) -> Vec<Vec<Decimal>> {
    let columns = rows.first().map_or(0, Vec::len);
    let unit = Decimal::new(1, places);
    let mut shown = Vec::with_capacity(rows.len());
    let mut rests = Vec::with_capacity(rows.len());
    for row in rows {
        let (down, rest): (Vec<_>, Vec<_>) = row.iter().map(|one| split(*one, places)).unzip();
        shown.push(down);
        rests.push(rest);
    }
    let up = total > rows.iter().fold(Decimal::ZERO, |all, row| all.saturating_add(sum(row)));
    let mut rounding = Rounding::new(rests, columns, unit);
    rounding.settle((rows.len(), columns), up);
    for row in 0..rows.len() {
        for column in 0..columns {
            let nearer = rounding.rests[row][column] >= unit / Decimal::TWO;
            rounding.settle((row, column), nearer);
        }
    }
    for (row, rests) in shown.iter_mut().zip(&rounding.rests) {
        for (shown, rest) in row.iter_mut().zip(rests) {
            *shown += if *rest == unit { unit } else { Decimal::ZERO };
        }
    }
    shown
}

/// What of each cell is no whole unit, with a column that makes every row whole, and a row that makes every column whole.
/// Cells are settled one by one: what one gets another one gives, around a circle of cells that are not whole.
struct Rounding {
    rests: Vec<Vec<Decimal>>,
    unit: Decimal,
}

/// The place of a cell: its row and column.
type Place = (usize, usize);

impl Rounding {
    fn new(mut rests: Vec<Vec<Decimal>>, columns: usize, unit: Decimal) -> Self {
        let whole = |rests: Decimal| (unit - rests % unit) % unit;
        let mut below: Vec<Decimal> =
            (0..columns).map(|column| whole(rests.iter().map(|row| row[column]).sum())).collect();
        // The corner lacks of a unit what all cells have of one.
        below.push(rests.iter().flatten().sum::<Decimal>() % unit);
        for row in &mut rests {
            row.push(whole(row.iter().sum()));
        }
        rests.push(below);
        Self { rests, unit }
    }

    fn is_whole(&self, (row, column): Place) -> bool {
        let rest = self.rests[row][column];
        rest.is_zero() || rest == self.unit
    }

    /// Rounds a cell up or down; towards the other side where nothing else is possible.
    fn settle(&mut self, place: Place, up: bool) {
        // Each turn makes a cell whole, and all rows and columns add up to whole units: a cell that is not whole has others
        // beside it and below it, and these lead back to it.
        while !self.is_whole(place) {
            let Some(circle) = self.circle(place) else { return };
            let rises = |at: usize| at.is_multiple_of(2) == up;
            let room = |(at, &(row, column)): (usize, &Place)| {
                let rest = self.rests[row][column];
                if rises(at) { self.unit - rest } else { rest }
            };
            let Some(step) = circle.iter().enumerate().map(room).min() else { return };
            for (at, (row, column)) in circle.into_iter().enumerate() {
                let rest = &mut self.rests[row][column];
                *rest = if rises(at) { *rest + step } else { *rest - step };
            }
        }
    }

    /// A circle of cells that are not whole, from a cell along its row, then along a column, and so on until its own column:
    /// the shortest.
    fn circle(&self, start: Place) -> Option<Vec<Place>> {
        // For each row and column, the cell by which it was reached.
        let mut rows: Vec<Option<Place>> = vec![None; self.rests.len()];
        let mut columns: Vec<Option<Place>> = vec![None; self.rests[0].len()];
        let mut reached = vec![start.0];
        while columns[start.1].is_none() {
            let mut next = Vec::new();
            for row in reached {
                for (column, by) in columns.iter_mut().enumerate() {
                    let place = (row, column);
                    if place == start || by.is_some() || self.is_whole(place) {
                        continue;
                    }
                    *by = Some(place);
                    for (other, by) in rows.iter_mut().enumerate() {
                        let place = (other, column);
                        let known = other == start.0 || by.is_some();
                        if place != start && !known && !self.is_whole(place) {
                            *by = Some(place);
                            next.push(other);
                        }
                    }
                }
            }
            if next.is_empty() && columns[start.1].is_none() {
                return None;
            }
            reached = next;
        }
        let mut circle = vec![start];
        let mut column = start.1;
        loop {
            let along = columns[column]?;
            circle.push(along);
            if along.0 == start.0 {
                return Some(circle);
            }
            let across = rows[along.0]?;
            circle.push(across);
            column = across.1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimals(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| text.parse().expect("a literal in a test")).collect()
    }

    fn nearest(amount: Decimal) -> Decimal {
        amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    }

    #[test]
    fn what_is_allotted_adds_up() {
        let thirds = decimals(&["33.333", "33.333", "33.333"]);
        assert_eq!(allot(Decimal::ONE_HUNDRED, &thirds, 2), decimals(&["33.34", "33.33", "33.33"]));
        assert_eq!(allot(Decimal::ONE_HUNDRED, &thirds, 0), decimals(&["34", "33", "33"]));
        let off = decimals(&["10.005", "-2.001"]);
        assert_eq!(allot(decimals(&["8.00"])[0], &off, 2), decimals(&["10.00", "-2.00"]));
        assert!(allot(Decimal::ZERO, &[], 2).is_empty());
        // What is nothing stays nothing.
        let some = decimals(&["0", "0.004", "0.003"]);
        assert_eq!(allot(decimals(&["0.01"])[0], &some, 2), decimals(&["0.00", "0.01", "0.00"]));
    }

    #[test]
    fn a_table_adds_up_along_and_across() {
        // Rounded to the nearest, the rows come to 0.03 and 0.00, the columns to 0.01 each, and all of it to 0.02.
        let rows = [decimals(&["0.006", "0.006", "0.006"]), decimals(&["0.001", "0.001", "0.001"])];
        let shown = controlled(decimals(&["0.02"])[0], &rows, 2);
        let sums: Vec<Decimal> = shown.iter().map(|row| row.iter().sum()).collect();
        assert!(
            sums == decimals(&["0.02", "0.00"]) || sums == decimals(&["0.01", "0.01"]),
            "{shown:?}"
        );
        assert!(controlled(Decimal::ZERO, &[], 2).is_empty());
        assert_eq!(controlled(Decimal::ZERO, &[Vec::new()], 2), vec![Vec::new()]);
        // Sums that no decimal holds do no harm.
        let absurd = vec![vec![Decimal::MAX; 2]; 2];
        assert_eq!(controlled(Decimal::MAX, &absurd, 2), absurd);
    }

    /// Rows and columns that come to one unit each leave every cell free: it goes where it is nearer to.
    #[test]
    fn a_cell_is_rounded_to_the_nearest_where_it_can_be() {
        let total = decimals(&["0.02"])[0];
        let diagonal = [decimals(&["0.01", "0.00"]), decimals(&["0.00", "0.01"])];
        let rows = [decimals(&["0.007", "0.003"]), decimals(&["0.003", "0.007"])];
        assert_eq!(controlled(total, &rows, 2), diagonal);
        let [first, second] = rows;
        let [one, other] = diagonal;
        assert_eq!(controlled(total, &[second, first], 2), [other, one]);
    }

    proptest! {
        /// Every cell, row and column is rounded up or down, and all of it to the total, whichever way that was rounded.
        #[test]
        fn cells_rows_and_columns_are_off_by_less_than_a_unit(
            cells in prop::collection::vec(-1_000_000_i64..5_000_000, 40),
            nothing in prop::collection::vec(prop::bool::weighted(0.3), 40),
            columns in 1..9_usize,
            up in prop::bool::ANY,
        ) {
            let cells: Vec<Decimal> = cells
                .iter()
                .zip(&nothing)
                .map(|(cell, nothing)| if *nothing { Decimal::ZERO } else { Decimal::new(*cell, 4) })
                .collect();
            let rows: Vec<Vec<Decimal>> = cells.chunks_exact(columns).map(<[_]>::to_vec).collect();
            let all: Decimal = rows.iter().flatten().sum();
            let (down, rest) = split(all, 2);
            let total = if up && !rest.is_zero() { down + Decimal::new(1, 2) } else { down };
            let shown = controlled(total, &rows, 2);
            prop_assert_eq!(shown.iter().flatten().sum::<Decimal>(), total);
            let unit = Decimal::new(1, 2);
            let close = |exact: Decimal, shown: Decimal| (exact - shown).abs() < unit;
            for (row, shown) in rows.iter().zip(&shown) {
                prop_assert!(close(row.iter().sum(), shown.iter().sum()));
                for (cell, shown) in row.iter().zip(shown) {
                    prop_assert!(close(*cell, *shown), "{} {}", cell, shown);
                    prop_assert_eq!(shown.round_dp(2), *shown);
                }
            }
            for column in 0..columns {
                let of = |rows: &[Vec<Decimal>]| rows.iter().map(|row| row[column]).sum::<Decimal>();
                prop_assert!(close(of(&rows), of(&shown)), "column {}", column);
            }
        }

        /// Amounts that are allotted to their rounded sum are off by less than a unit.
        #[test]
        fn rows_are_off_by_less_than_a_unit(
            rows in prop::collection::vec(-1_000_000_i64..5_000_000, 1..12),
        ) {
            let rows: Vec<Decimal> = rows.into_iter().map(|row| Decimal::new(row, 4)).collect();
            let total = nearest(rows.iter().sum());
            let shown = allot(total, &rows, 2);
            prop_assert_eq!(shown.iter().sum::<Decimal>(), total);
            for (row, shown) in rows.iter().zip(&shown) {
                prop_assert!((row - shown).abs() < Decimal::new(1, 2), "{} {}", row, shown);
            }
        }
    }
}
