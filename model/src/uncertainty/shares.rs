//! Which input a result's spread comes from.

use crate::order;

/// Fewest draws that a group of neighbours has.
const IN_A_GROUP: usize = 16;

/// Most groups that a sample is divided into.
const GROUPS: usize = 64;

/// The share of a result's variance that each input explains by itself, `Var(E[Y|Xᵢ]) ÷ Var(Y)` (Sobol's first-order index),
/// from 0 to 1.
///
/// Draws are put into groups of neighbours along an input; what the groups' means differ by, less what chance makes them
/// differ by, is the input's share (the corrected correlation ratio, Kelley's ε²). Shares of independent inputs add up to
/// one at most, the rest is what inputs do together; what estimates have above one is taken from all in proportion. Inputs that
/// are correlated explain partly the same.
///
/// `columns` has the level of each draw for each input, `results` the result of each draw; draws without a finite result are
/// left out. All are zero where nothing varies, or fewer than two groups can be made.
pub fn variance_shares(columns: &[Vec<f64>], results: &[f64]) -> Vec<f64> {
    let draws: Vec<usize> = (0..results.len()).filter(|draw| results[*draw].is_finite()).collect();
    let groups = (draws.len() / IN_A_GROUP).min(GROUPS);
    if groups < 2 {
        return vec![0.0; columns.len()];
    }
    let count = draws.len() as f64;
    let mean = draws.iter().map(|draw| results[*draw]).sum::<f64>() / count;
    let total: f64 = draws.iter().map(|draw| square(results[*draw] - mean)).sum();
    if total <= 0.0 {
        return vec![0.0; columns.len()];
    }
    let share = |levels: &Vec<f64>| {
        let mut sorted = draws.clone();
        order::sort_by(&mut sorted, |one, other| levels[*one].total_cmp(&levels[*other]));
        let between: f64 = (0..groups)
            .map(|group| {
                let end = |group: usize| sorted.len() * group / groups;
                let members = &sorted[end(group)..end(group + 1)];
                let own =
                    members.iter().map(|draw| results[*draw]).sum::<f64>() / members.len() as f64;
                square(own - mean) * members.len() as f64
            })
            .sum();
        let freedom = groups as f64 - 1.0;
        let by_chance = freedom * (total - between) / (count - groups as f64);
        ((between - by_chance) / total).clamp(0.0, 1.0)
    };
    let mut shares: Vec<f64> = columns.iter().map(share).collect();
    let sum: f64 = shares.iter().sum();
    if sum > 1.0 {
        shares.iter_mut().for_each(|share| *share /= sum);
    }
    shares
}

fn square(value: f64) -> f64 {
    value * value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::hypercube;

    fn drawn(names: &[&str], result: impl Fn(&[f64]) -> f64) -> (Vec<Vec<f64>>, Vec<f64>) {
        let columns = hypercube(names, 1024, "highwater", &[]).expect("no correlations");
        let results = (0..1024)
            .map(|draw| result(&columns.iter().map(|column| column[draw]).collect::<Vec<_>>()))
            .collect();
        (columns, results)
    }

    /// Ishigami and Homma's function with a = 7 and b = 0.1, of which the shares are known: 0.3139, 0.4424 and 0.
    #[test]
    fn the_shares_of_a_known_function_are_found() {
        let angle = |level: f64| std::f64::consts::PI * (2.0 * level - 1.0);
        let (columns, results) = drawn(&["x1", "x2", "x3"], |levels| {
            let [x1, x2, x3] = [angle(levels[0]), angle(levels[1]), angle(levels[2])];
            let sine = libm::sin(x2);
            libm::sin(x1) + 7.0 * sine * sine + 0.1 * x3 * x3 * x3 * x3 * libm::sin(x1)
        });
        let shares = variance_shares(&columns, &results);
        for (share, known) in shares.iter().zip([0.3139, 0.4424, 0.0]) {
            assert!((share - known).abs() < 0.04, "{shares:?}");
        }
        assert!(shares.iter().sum::<f64>() <= 1.0, "{shares:?}");
    }

    /// A sum of independent inputs: each explains its own variance, and nothing is left.
    #[test]
    fn the_shares_of_a_sum_are_those_of_its_parts() {
        let (columns, results) =
            drawn(&["a", "b", "c"], |levels| 3.0 * levels[0] + 4.0 * levels[1]);
        let shares = variance_shares(&columns, &results);
        for (share, known) in shares.iter().zip([9.0 / 25.0, 16.0 / 25.0, 0.0]) {
            assert!((share - known).abs() < 0.03, "{shares:?}");
        }
        assert!(shares.iter().sum::<f64>() <= 1.0, "{shares:?}");
    }

    #[test]
    fn nothing_explains_what_does_not_vary_or_is_too_little() {
        let (columns, mut results) = drawn(&["a"], |_| 5.0);
        assert_eq!(variance_shares(&columns, &results), [0.0]);
        results.fill(f64::INFINITY);
        results[3] = 1.0;
        assert_eq!(variance_shares(&columns, &results), [0.0]);
    }
}
