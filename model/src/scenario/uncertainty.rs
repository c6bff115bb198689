//! How futures are drawn from the quantities that are given as intervals.

use super::form::Checked;
use super::interval::{Uncertain, uncertain};
use super::names::unique;
use super::nearest::Known;
use super::problem::{Problem, Problems};
use crate::draws::{Correlation, hypercube};

/// Futures that are drawn where nobody says how many.
const DRAWS: u32 = 1024;

/// What draws start from where nobody says it.
const SEED: &str = "highwater";

/// Quantities that a scenario gives as intervals, and how futures are drawn from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// The intervals, in the order of the text.
    pub inputs: Vec<Uncertain>,
    /// Those that go together, by their places in `inputs`; they can hold together.
    pub correlations: Vec<Correlation>,
    /// How many futures.
    pub draws: u32,
    /// What the draws start from.
    pub seed: String,
}

pub(super) fn uncertainty(root: &Checked, problems: &mut Problems) -> Option<Uncertainty> {
    let inputs = uncertain(root);
    let table = root.table("uncertainty");
    let items = table.map_or(&[][..], |table| table.tables("correlation"));
    unique(items, "correlations", "name", problems);
    let paths: Vec<&str> = inputs.iter().map(|input| input.path.as_str()).collect();
    let mut correlations = Vec::new();
    let before = problems.0.len();
    for item in items {
        let Some(between) = item.names("between") else { continue };
        let mut pair = Vec::new();
        for (path, span) in &between {
            match paths.iter().position(|known| known == path) {
                Some(index) => pair.push(index),
                None => {
                    let known = Known::new(path, paths.iter().copied());
                    problems
                        .report(Problem::NotAnInterval { path: path.clone(), known }, span.clone());
                }
            }
        }
        match (pair.as_slice(), item.number("rank")) {
            ([one, other], Some(rank)) if one != other && between.len() == 2 => {
                correlations.push(Correlation { one: *one, other: *other, rank });
            }
            (pair, _)
                if pair.len() == between.len() && !(pair.len() == 2 && pair[0] != pair[1]) =>
            {
                problems.report(Problem::NotAPair, item.span_of("between"));
            }
            _ => {}
        }
    }
    if problems.0.len() == before && hypercube(&paths, 1, SEED, &correlations).is_none() {
        let span = items.last().map_or_else(|| root.span.clone(), |item| item.span_of("rank"));
        problems.report(Problem::Contradiction, span);
    }
    let draws = table.and_then(|table| table.count("draws"));
    Some(Uncertainty {
        inputs,
        correlations,
        draws: draws.and_then(|draws| u32::try_from(draws).ok()).unwrap_or(DRAWS),
        seed: table.and_then(|table| table.text("seed")).unwrap_or_else(|| SEED.to_owned()),
    })
}
