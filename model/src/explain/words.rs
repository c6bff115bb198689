//! Inputs and prices in words, the same for whoever shows them.

use std::fmt;

use super::{Input, Origin, PriceRow, figure};

impl Input {
    /// What it is, and its number where that is in another unit than what is shown.
    pub fn named(&self) -> String {
        let unit = format!(" {}", self.unit);
        match self.number {
            Some(number)
                if !self.symbol.is_empty()
                    && !self.unit.is_empty()
                    && !self.value.ends_with(&unit)
                    && !self.value.starts_with('$') =>
            {
                format!("{} ({}{unit})", self.name, figure(number))
            }
            _ => self.name.clone(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scenario { path } => write!(out, "scenario: {path}"),
            Self::Setting { key, default, range, source, confidence, changed_by } => {
                match *changed_by {
                    "default" => write!(out, "setting `{key}`, default")?,
                    by => write!(out, "setting `{key}`, given by the {by}; default {default}")?,
                }
                if !range.is_empty() {
                    write!(out, "; plausible {range}")?;
                }
                if !confidence.is_empty() {
                    write!(out, "; {confidence}: {source}")?;
                }
                Ok(())
            }
            Self::Computed { how } => write!(out, "computed: {how}"),
            Self::Catalog { sku, source, as_of } if as_of.is_empty() => {
                write!(out, "catalogue, {sku}: {source}")
            }
            Self::Catalog { sku, source, as_of } => {
                write!(out, "catalogue, {sku}, {as_of}: {source}")
            }
            Self::Run { how } => write!(out, "run: {how}"),
        }
    }
}

impl PriceRow {
    /// What one costs, step by step where it is a ladder.
    pub fn each(&self) -> String {
        let each = |list: &str, contracted: &str| match list == contracted {
            true => format!("{list}/{}", self.unit),
            false => format!("{list}/{} list, {contracted} contracted", self.unit),
        };
        if self.tiers.is_empty() {
            return each(&self.list, &self.contracted);
        }
        let step = |step: &super::Step| {
            format!("from {} {}", step.from, each(&step.list, &step.contracted))
        };
        self.tiers.iter().map(step).collect::<Vec<_>>().join("; ")
    }
}
