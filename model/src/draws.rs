//! Numbers that are drawn: Latin hypercubes, the same everywhere and for ever.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

use crate::order;
use crate::quantiles::score;

/// How two inputs go together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// One of them, by its index.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// Spearman's rank correlation, from −1 to 1.
    pub rank: f64,
}

/// A Latin hypercube: for each input as many levels above 0 and below 1, one in each of as many equal strata.
///
/// The levels of an input depend on its name, the seed and the count only, so that another input moves nothing. Inputs that
/// are correlated keep their levels, and their order is that of correlated normal scores (Iman and Conover 1982, without
/// their correction of the sample's own chance correlation), with Pearson's correlation of the scores
/// `2 · sin(π/6 · rank)`.
///
/// `None` where the correlations cannot hold together.
///
/// ```
/// let levels = model::draws::hypercube(&["rate", "price"], 4, "seed", &[]).unwrap();
/// let mut strata: Vec<f64> = levels[0].iter().map(|level| (level * 4.0).floor()).collect();
/// strata.sort_by(f64::total_cmp);
/// assert_eq!(strata, [0.0, 1.0, 2.0, 3.0]);
/// ```
pub fn hypercube(
    names: &[&str],
    count: usize,
    seed: &str,
    correlations: &[Correlation],
) -> Option<Vec<Vec<f64>>> {
    let mut columns: Vec<Vec<f64>> = names.iter().map(|name| column(name, count, seed)).collect();
    if correlations.is_empty() {
        return Some(columns);
    }
    let factor = factor(names.len(), correlations)?;
    let scores: Vec<Vec<f64>> =
        columns.iter().map(|levels| levels.iter().map(|level| score(*level)).collect()).collect();
    for (index, levels) in columns.iter_mut().enumerate() {
        if !correlations.iter().any(|pair| pair.one == index || pair.other == index) {
            continue;
        }
        let row = &factor[index];
        let mixed: Vec<f64> = (0..count)
            .map(|draw| (0..=index).map(|input| row[input] * scores[input][draw]).sum())
            .collect();
        let mut places: Vec<usize> = (0..count).collect();
        order::sort_by(&mut places, |one, other| mixed[*one].total_cmp(&mixed[*other]));
        let mut sorted = levels.clone();
        order::sort_by(&mut sorted, f64::total_cmp);
        for (place, level) in places.into_iter().zip(sorted) {
            levels[place] = level;
        }
    }
    Some(columns)
}

/// Levels of one input: a stratum each in an order that is shuffled, and a place in it.
fn column(name: &str, count: usize, seed: &str) -> Vec<f64> {
    let mut random = Pcg64::seed_from_u64(hash(&[seed, "\0", name]));
    let mut strata: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        strata.swap(last, below(&mut random, last + 1));
    }
    strata
        .into_iter()
        .map(|stratum| {
            let level = (stratum as f64 + unit(&mut random)) / count as f64;
            // Rounding may carry the last level to 1.
            level.min(1.0 - f64::EPSILON)
        })
        .collect()
}

/// A number above 0 and below 1 of 53 random bits.
fn unit(random: &mut Pcg64) -> f64 {
    /// Steps of a float's mantissa in 1.
    const STEPS: f64 = 9_007_199_254_740_992.0;
    ((random.next_u64() >> 11) as f64 + 0.5) / STEPS
}

/// A whole number below another; what its bias is, 2⁻⁶⁴ of the range, no count of draws shows.
fn below(random: &mut Pcg64, end: usize) -> usize {
    ((u128::from(random.next_u64()) * end as u128) >> 64) as usize
}

/// FNV-1a: names become seeds, the same in every build.
fn hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The lower triangle whose product with its own transpose is the correlation of scores (Cholesky); `None` where there is
/// none.
fn factor(count: usize, correlations: &[Correlation]) -> Option<Vec<Vec<f64>>> {
    /// What a diagonal has to leave: scores that follow wholly from others are not told from a contradiction.
    const LEAST: f64 = 1e-9;
    let correlation = |row: usize, column: usize| {
        if row == column {
            return 1.0;
        }
        let pair = correlations.iter().rev().find(|pair| {
            (pair.one, pair.other) == (row, column) || (pair.other, pair.one) == (row, column)
        });
        pair.map_or(0.0, |pair| 2.0 * libm::sin(std::f64::consts::PI / 6.0 * pair.rank))
    };
    let mut lower = vec![vec![0.0; count]; count];
    for row in 0..count {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let rest = correlation(row, column) - known;
            lower[row][column] = if row == column {
                // A rank correlation of 1 leaves nothing; what floats leave of it may be below.
                if rest < -LEAST {
                    return None;
                }
                rest.max(0.0).sqrt()
            } else if lower[column][column] > LEAST {
                rest / lower[column][column]
            } else if rest.abs() <= LEAST {
                0.0
            } else {
                return None;
            };
        }
    }
    Some(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stratum_has_one_level() {
        for count in [1, 2, 7, 1024] {
            for mut levels in hypercube(&["a", "b"], count, "s", &[]).expect("no correlations") {
                levels.sort_by(f64::total_cmp);
                for (stratum, level) in levels.iter().enumerate() {
                    let (low, high) = (stratum as f64, stratum as f64 + 1.0);
                    let place = level * count as f64;
                    assert!(place > low && place < high, "{level} of {count}");
                }
            }
        }
    }

    /// Drawn numbers are part of what a study prints: they may not change with a library.
    #[test]
    fn an_input_s_levels_depend_on_nothing_but_name_seed_and_count() {
        let alone = hypercube(&["rate"], 3, "highwater", &[]).expect("no correlations");
        let beside = hypercube(&["price", "rate"], 3, "highwater", &[]).expect("no correlations");
        assert_eq!(alone[0], beside[1]);
        assert_ne!(beside[0], beside[1]);
        assert_ne!(alone, hypercube(&["rate"], 3, "other", &[]).expect("no correlations"));
        assert_eq!(
            alone[0],
            [0.283_090_350_505_981_4, 0.563_270_874_617_813_1, 0.922_692_554_620_986_6]
        );
    }

    #[test]
    fn correlations_are_recovered_and_levels_stay() {
        for rank in [-0.9, -0.3, 0.5, 0.95] {
            let pair = Correlation { one: 0, other: 2, rank };
            let names = ["a", "b", "c"];
            let levels = hypercube(&names, 1024, "s", &[pair]).expect("two can be correlated");
            let free = hypercube(&names, 1024, "s", &[]).expect("no correlations");
            let sorted = |column: &[f64]| {
                let mut column = column.to_vec();
                column.sort_by(f64::total_cmp);
                column
            };
            for (one, other) in levels.iter().zip(&free) {
                assert_eq!(sorted(one), sorted(other));
            }
            assert_eq!(levels[1], free[1]);
            let found = spearman(&levels[0], &levels[2]);
            assert!((found - rank).abs() < 0.04, "{found} for {rank}");
            assert!(spearman(&levels[0], &levels[1]).abs() < 0.1);
        }
    }

    #[test]
    fn inputs_may_be_one_and_may_not_contradict() {
        let all = |pairs: &[(usize, usize, f64)]| {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(one, other, rank)| Correlation { one: *one, other: *other, rank: *rank })
                .collect();
            hypercube(&["a", "b", "c"], 64, "s", &pairs)
        };
        let same = all(&[(0, 1, 1.0)]).expect("one input in two places");
        let order = |column: &[f64]| {
            let mut places: Vec<usize> = (0..column.len()).collect();
            places.sort_by(|one, other| column[*one].total_cmp(&column[*other]));
            places
        };
        assert_eq!(order(&same[0]), order(&same[1]));
        assert!(all(&[(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)]).is_none());
        assert!(all(&[(0, 1, 1.0), (1, 2, 1.0), (0, 2, 0.5)]).is_none());
    }

    fn spearman(one: &[f64], other: &[f64]) -> f64 {
        let ranks = |column: &[f64]| {
            let mut places: Vec<usize> = (0..column.len()).collect();
            places.sort_by(|one, other| column[*one].total_cmp(&column[*other]));
            let mut ranks = vec![0.0; column.len()];
            for (rank, place) in places.into_iter().enumerate() {
                ranks[place] = rank as f64;
            }
            ranks
        };
        let (one, other) = (ranks(one), ranks(other));
        let mean = (one.len() - 1) as f64 / 2.0;
        let product: f64 = one.iter().zip(&other).map(|(a, b)| (a - mean) * (b - mean)).sum();
        let square: f64 = one.iter().map(|a| (a - mean) * (a - mean)).sum();
        product / square
    }
}
