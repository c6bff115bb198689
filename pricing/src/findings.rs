//! What can be wrong with a catalogue, or with what is asked of it.

use std::fmt;

use model::prices::{Measure, PriceUnit};

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something has no price somewhere. Plans that need it say so.
    Gap,
    /// The catalogue contradicts itself or cannot be read. No price list comes from the file.
    Fault,
}

impl Severity {
    /// As printed: `gap`, `fault`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Fault => "fault",
        }
    }
}

/// Something to know about a catalogue, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Finding {
    /// The file, by its path in the catalogue.
    pub file: String,
    /// The line, from 1; `None` when the whole file is meant.
    pub line: Option<u64>,
    /// What it is.
    pub problem: Problem,
}

impl Finding {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.problem.severity()
    }

    /// What to do about it.
    pub fn fix(&self) -> String {
        self.problem.fix()
    }
}

/// With its place in front, as compilers do: `aws/us-east-1.csv:12: no source`.
impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}:{line}: {}", self.file, self.problem),
            None => write!(out, "{}: {}", self.file, self.problem),
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A file that every catalogue needs is not there.
    #[error("the file is missing")]
    MissingFile,
    /// A CSV file stands where none belongs.
    #[error("the file is not part of a catalogue")]
    StrayFile,
    /// A provider has no region.
    #[error("`{provider}` has no region file")]
    NoRegions {
        /// Whose prices.
        provider: String,
    },
    /// The first line is not the expected one.
    #[error("the columns are not the expected ones")]
    Header {
        /// The first line of such a file.
        expected: String,
    },
    /// A row has more or fewer cells than there are columns.
    #[error("the row has {found} cells where there are {expected} columns")]
    CellCount {
        /// How many columns there are.
        expected: usize,
        /// How many cells the row has.
        found: usize,
    },
    /// A cell that must say something is empty.
    #[error("`{column}` is empty")]
    Empty {
        /// Which column.
        column: &'static str,
    },
    /// A cell is not one of the words that it can be.
    #[error("`{value}` is not a {column}")]
    NotOneOf {
        /// Which column.
        column: &'static str,
        /// What it says.
        value: String,
        /// What it could say.
        allowed: String,
    },
    /// A cell is not a number, or not one with a unit.
    #[error("`{value}` cannot be read as {column}: {reason}")]
    Unreadable {
        /// Which column.
        column: &'static str,
        /// What it says.
        value: String,
        /// Why not.
        reason: String,
        /// What to write.
        fix: String,
    },
    /// A number is so large that no sum with it could be exact.
    #[error("{column} is too large: `{value}`")]
    TooLarge {
        /// Which column.
        column: &'static str,
        /// What it says.
        value: String,
    },
    /// A number is below zero.
    #[error("{column} is negative: `{value}`")]
    Negative {
        /// Which column.
        column: &'static str,
        /// What it says.
        value: String,
    },
    /// A date that cannot be read, or that no calendar has.
    #[error("`{value}` is not a date")]
    Date {
        /// What it says.
        value: String,
    },
    /// A source that `sources.csv` lacks.
    #[error("there is no source `{id}`")]
    UnknownSource {
        /// The identifier.
        id: String,
    },
    /// The same thing twice.
    #[error("{what} stands on line {first} already")]
    Duplicate {
        /// What it is.
        what: String,
        /// Where it stood first.
        first: u64,
    },
    /// The first tier of a ladder does not start at zero.
    #[error("the first tier of `{sku}` starts at {from}, not at 0")]
    LadderStart {
        /// Whose ladder.
        sku: String,
        /// Where it starts.
        from: String,
    },
    /// A tier starts below the one before it.
    #[error("the tier of `{sku}` from {from} overlaps the one from {before}")]
    LadderOverlap {
        /// Whose ladder.
        sku: String,
        /// Where it starts.
        from: String,
        /// Where the tier before it starts.
        before: String,
    },
    /// The tiers of a ladder are not for the same thing.
    #[error("the tiers of `{sku}` differ in {column}")]
    LadderMixed {
        /// Whose ladder.
        sku: String,
        /// Which column.
        column: &'static str,
    },
    /// A machine that can be had nowhere.
    #[error("machine `{machine}` of pool `{pool}` has no on-demand price in any region")]
    MachineWithoutPrice {
        /// Which kind of broker it is for.
        pool: String,
        /// As the provider calls it.
        machine: String,
        /// The SKU that would have it.
        sku: String,
    },
    /// A machine of which nothing is known but its price.
    #[error("`{sku}` is priced like a machine of pool `{pool}`, which has no such machine")]
    PriceWithoutShape {
        /// The SKU of the price.
        sku: String,
        /// The pool whose machines have such SKUs.
        pool: String,
    },
    /// A disk or meter points to a SKU without a price anywhere.
    #[error("`{sku}`, for {what}, has no on-demand price in any region")]
    PricedNowhere {
        /// What it would be for.
        what: String,
        /// The SKU.
        sku: String,
    },
    /// A disk is priced and local, or neither.
    #[error("disk `{disk}` {what}")]
    DiskPrice {
        /// Its name.
        disk: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A price counts something else than what it is for.
    #[error("`{sku}` is a price for {found}, and {what} needs one for {needed}", found = .unit.measure().name(), needed = .measure.name())]
    WrongMeasure {
        /// What it is for.
        what: String,
        /// The SKU.
        sku: String,
        /// What it buys.
        unit: PriceUnit,
        /// What it should count.
        measure: Measure,
    },
    /// A price is published as a range, and its ends are not stated, or not as such.
    #[error("`{sku}` is a `range` from {price} to {price_max}", price = told(.price), price_max = told(.price_max))]
    Range {
        /// Whose price.
        sku: String,
        /// The lower end, as written.
        price: String,
        /// The upper end, as written.
        price_max: String,
    },
    /// A region prices what vendors price everywhere.
    #[error("`{sku}` has a price in {vendors} already")]
    PricedByVendor {
        /// The SKU.
        sku: String,
        /// The file of the vendors' prices.
        vendors: &'static str,
    },
    /// Disks and meters have no price in some regions.
    #[error("no price in {regions} for {}", priced(.what))]
    NoPriceHere {
        /// Where.
        regions: Regions,
        /// What it is, and the SKU that would have it.
        what: Vec<(String, String)>,
    },
    /// No machine of a pool has a price in some regions.
    #[error("no machine of pool `{pool}` has a price in {regions}")]
    PoolNotSold {
        /// Which kind of broker they are for.
        pool: String,
        /// Where.
        regions: Regions,
    },
    /// Machines that brokers cannot be planned on for want of a limit.
    #[error("no `{column}` for {count} of {of} machines of pool `{pool}`, such as `{machine}`")]
    NoLimit {
        /// Which column.
        column: &'static str,
        /// How many lack it.
        count: usize,
        /// How many there are.
        of: usize,
        /// Which kind of broker they are for.
        pool: String,
        /// One of them.
        machine: String,
    },
    /// What services bill is known, and its price in no region.
    #[error("no public price for {}", priced(.what))]
    NotPublic {
        /// What it is, and the SKU that would have it.
        what: Vec<(String, String)>,
    },
    /// Meters have no SKU at this provider.
    #[error("no SKU for {}", names("meter", .meters))]
    UnmappedMeters {
        /// Their names.
        meters: Vec<&'static str>,
    },
    /// What other providers have for a role, this one lacks.
    #[error("no {kind} has the role `{role}`")]
    RoleNotFilled {
        /// A machine or a disk.
        kind: &'static str,
        /// Which role.
        role: String,
    },
    /// Nothing is known of data that goes to other regions.
    #[error("no price for data sent to another region (SKU `{sku}REGION`)")]
    NoRegionOut {
        /// How the SKUs begin.
        sku: &'static str,
    },
}

/// Some of a provider's regions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Regions {
    /// Those that are meant.
    pub these: Vec<String>,
    /// All others.
    pub others: Vec<String>,
}

/// The shorter way of naming them: `a, b`, or `any region but c`.
impl fmt::Display for Regions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.these.len() > self.others.len() && !self.others.is_empty() {
            write!(out, "any region but {}", self.others.join(", "))
        } else {
            write!(out, "{}", self.these.join(", "))
        }
    }
}

fn names(kind: &str, names: &[&str]) -> String {
    let plural = if names.len() == 1 { "" } else { "s" };
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("{kind}{plural} {}", names.join(", "))
}

fn priced(what: &[(String, String)]) -> String {
    let each = what.iter().map(|(what, sku)| format!("{what} (SKU `{sku}`)"));
    each.collect::<Vec<_>>().join(", ")
}

/// A cell as people read it.
fn told(cell: &str) -> &str {
    if cell.is_empty() { "nothing" } else { cell }
}

impl Problem {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoPriceHere { .. }
            | Self::PoolNotSold { .. }
            | Self::NoLimit { .. }
            | Self::NotPublic { .. }
            | Self::UnmappedMeters { .. }
            | Self::RoleNotFilled { .. }
            | Self::NoRegionOut { .. } => Severity::Gap,
            _ => Severity::Fault,
        }
    }

    /// What to do about it.
    pub fn fix(&self) -> String {
        match self {
            Self::MissingFile => "add it, or start from a copy of the embedded catalogue".to_owned(),
            Self::StrayFile => {
                "a catalogue holds `sources.csv` and `PROVIDER/REGION.csv`; move the file elsewhere"
                    .to_owned()
            }
            Self::NoRegions { provider } => format!("add `{provider}/REGION.csv`"),
            Self::Header { expected } => format!("make the first line `{expected}`"),
            Self::CellCount { .. } => {
                "put quotation marks around cells that contain a comma, and leave unknown cells empty"
                    .to_owned()
            }
            Self::Empty { column } => format!("fill in `{column}`"),
            Self::NotOneOf { allowed, .. } => format!("use one of {allowed}"),
            Self::Unreadable { fix, .. } => fix.clone(),
            Self::TooLarge { .. } => "write a number up to a billion of billions; a price, up to a billion".to_owned(),
            Self::Negative { .. } => "write a number that is not negative".to_owned(),
            Self::Date { .. } => "write `YYYY-MM-DD`, `YYYY-MM` or `YYYY`".to_owned(),
            Self::UnknownSource { .. } => "add it to `sources.csv`, or use an id from there".to_owned(),
            Self::Duplicate { .. } => "remove one of the two".to_owned(),
            Self::LadderStart { .. } => "give the first tier `tier_from` 0".to_owned(),
            Self::LadderOverlap { .. } => {
                "order the tiers by `tier_from`; each reaches to where the next one starts".to_owned()
            }
            Self::LadderMixed { column, .. } => format!("give all tiers the same `{column}`"),
            Self::MachineWithoutPrice { sku, .. } => {
                format!("add a price for `{sku}` to a region, or remove the machine")
            }
            Self::PriceWithoutShape { .. } => {
                "add it to `machines.csv`, or remove the price".to_owned()
            }
            Self::PricedNowhere { sku, .. } => {
                format!("add a price for `{sku}` to a region, or point to another SKU")
            }
            Self::DiskPrice { .. } => {
                "give a local disk no SKU, and any other a `capacity_sku`".to_owned()
            }
            Self::WrongMeasure { .. } => "correct `per`, or point to another SKU".to_owned(),
            Self::Range { .. } => {
                "give the lower end as `price` and the upper as `price_max`, and only to a `range`".to_owned()
            }
            Self::PricedByVendor { .. } => "remove one of the two".to_owned(),
            Self::NoPriceHere { .. } | Self::NotPublic { .. } | Self::PoolNotSold { .. } => "add prices, or plan with an override".to_owned(),
            Self::UnmappedMeters { .. } => {
                "add to `meters.csv` what the provider sells and publishes a price of".to_owned()
            }
            Self::NoLimit { column, .. } => {
                format!("fill in `{column}` where a page states it; plans leave these machines out")
            }
            Self::RoleNotFilled { kind, role } => {
                format!("give one {kind} the role `{role}`, or name one in the scenario")
            }
            Self::NoRegionOut { sku } => format!("add `{sku}REGION` rows"),
        }
    }
}

/// Why there is no price list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// The catalogue has nothing of this provider.
    #[error("there is no provider `{provider}`")]
    UnknownProvider {
        /// What was asked for.
        provider: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The catalogue has no such region.
    #[error("there is no region `{region}` of `{provider}`")]
    UnknownRegion {
        /// Whose region.
        provider: String,
        /// What was asked for.
        region: String,
        /// What there is.
        known: Vec<String>,
    },
    /// An override buys something else than the price that it replaces.
    #[error("the override of `{sku}` is for {}, and the price is for {}", .found.name(), .expected.name())]
    OverrideMeasure {
        /// The SKU.
        sku: String,
        /// What the override counts.
        found: Measure,
        /// What the price counts.
        expected: Measure,
    },
    /// A file cannot be used.
    #[error(transparent)]
    Fault(Box<Finding>),
    /// More prices than a list can hold.
    #[error("`{provider}` has {count} prices in `{region}`, more than 64,235")]
    TooManyPrices {
        /// Whose prices.
        provider: String,
        /// Where.
        region: String,
        /// How many.
        count: usize,
    },
}

impl CatalogError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownProvider { known, .. } | Self::UnknownRegion { known, .. } => {
                if known.is_empty() {
                    return "add one to the catalogue: it has none".to_owned();
                }
                format!("use one of {}", known.join(", "))
            }
            Self::OverrideMeasure { expected, .. } => {
                let units: Vec<_> = PriceUnit::ALL
                    .iter()
                    .filter(|(_, unit)| unit.measure() == *expected)
                    .map(|(name, _)| format!("`{name}`"))
                    .collect();
                format!("write the price of one {}", units.join(" or "))
            }
            Self::Fault(finding) => finding.fix(),
            Self::TooManyPrices { .. } => "remove prices that no plan needs".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_are_named_from_the_least() {
        let names = [Severity::Gap, Severity::Fault].map(Severity::name);
        assert_eq!(names, ["gap", "fault"]);
        assert!(Severity::Gap < Severity::Fault);
    }

    #[test]
    fn regions_are_named_the_shorter_way() {
        let named = |these: &[&str], others: &[&str]| {
            let list = |names: &[&str]| names.iter().map(ToString::to_string).collect();
            Regions { these: list(these), others: list(others) }.to_string()
        };
        assert_eq!(named(&["a"], &["b", "c"]), "a");
        assert_eq!(named(&["a", "b"], &["c"]), "any region but c");
        assert_eq!(named(&["a", "b"], &[]), "a, b");
        // Of two that are as long, the plain one.
        assert_eq!(named(&["a"], &["b"]), "a");
    }
}
