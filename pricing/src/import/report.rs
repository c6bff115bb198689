//! What an import left out, and why.

use std::collections::BTreeMap;

/// What became of everything that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The files, in the order in which they were read.
    pub files: Vec<FileRead>,
    /// Products that are no price of ours, by provider and reason.
    pub left_out: BTreeMap<(String, String), Tally>,
    /// Products that no rule knows, by provider and family.
    pub unmapped: BTreeMap<(String, String), Tally>,
    /// What else to know, in words.
    pub warnings: Vec<String>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRead {
    /// As errors name it.
    pub name: String,
    /// What it is, in words: `AWS Price List, AmazonEC2`.
    pub what: String,
    /// The date of its prices.
    pub date: String,
    /// Products in it, or rows of a table.
    pub products: u64,
}

/// How many, and what the first were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many: products, or prices of a product in a region.
    pub count: u64,
    /// The first few that differ.
    pub examples: Vec<String>,
}

/// Examples that are kept.
const EXAMPLES: usize = 3;

/// Letters of an example that are kept: descriptions have no limit of their own.
const EXAMPLE_LENGTH: usize = 120;

/// Families or reasons that are told apart, so that no file can fill the memory with them.
const KINDS: usize = 200;

impl Report {
    pub(crate) fn leave(&mut self, provider: &str, reason: &str, example: &str) {
        add(&mut self.left_out, provider, reason, example);
    }

    pub(crate) fn unmapped(&mut self, provider: &str, family: &str, example: &str) {
        add(&mut self.unmapped, provider, family, example);
    }

    /// All that was left out because no rule knows it.
    pub fn unmapped_count(&self) -> u64 {
        self.unmapped.values().map(|tally| tally.count).sum()
    }

    /// All that was left out for a reason.
    pub fn left_out_count(&self) -> u64 {
        self.left_out.values().map(|tally| tally.count).sum()
    }
}

fn add(tallies: &mut BTreeMap<(String, String), Tally>, provider: &str, kind: &str, example: &str) {
    let key = (provider.to_owned(), kind.to_owned());
    let full = tallies.len() >= KINDS && !tallies.contains_key(&key);
    let key = if full { (key.0, "everything else".to_owned()) } else { key };
    let tally = tallies.entry(key).or_default();
    tally.count += 1;
    let example: String = example.chars().take(EXAMPLE_LENGTH).collect();
    if tally.examples.len() < EXAMPLES && !example.is_empty() && !tally.examples.contains(&example)
    {
        tally.examples.push(example);
    }
}
