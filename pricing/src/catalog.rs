//! The files of a catalogue, and what can be asked of them.

use std::borrow::Cow;

use model::Scenario;
use model::map::{Map, Set};
use model::money::Usd;
use model::prices::{Measure, PriceGroup, PriceList, PriceUnit, Prices, Services};
use model::scenario::{PriceChoice, Vocabulary};
use rust_decimal::Decimal;

use crate::cells::{self, Sources};
use crate::findings::{CatalogError, Finding, Problem, Severity};
use crate::ladders::{self, ON_DEMAND};
use crate::shapes::{self, Shapes};
use crate::units::{self, UnitVersion};
use crate::{check, embedded, price_list, services};
use model::order;

pub(crate) const SOURCES: &str = "sources.csv";
/// Prices of services that are the same whatever the provider.
pub(crate) const VENDORS: &str = "vendors.csv";
/// What those services are sold by.
pub(crate) const VENDOR_MACHINES: &str = "vendor-machines.csv";
/// What those services are billed by.
pub(crate) const VENDOR_METERS: &str = "vendor-meters.csv";
/// What vendors sell capacity by.
pub(crate) const CAPACITY_UNITS: &str = "capacity-units.csv";
/// What everything is called on a bill.
pub(crate) const SERVICES: &str = "services.csv";
/// Files at the top that a catalogue may have; one without vendors is fine.
pub(crate) const TOP: &[&str] =
    &[SOURCES, VENDORS, VENDOR_MACHINES, VENDOR_METERS, CAPACITY_UNITS, SERVICES];
pub(crate) const MACHINES: &str = "machines";
pub(crate) const DISKS: &str = "disks";
pub(crate) const METERS: &str = "meters";

/// Price lists of providers and regions, with machine shapes, as texts of CSV files that are read when needed.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Texts by path, `/` between its parts.
    pub(crate) files: Map<Cow<'static, str>, Cow<'static, str>>,
}

/// A price as a region file has it: one tier of one commitment.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The catalogue's identifier, as it stands on the bill.
    pub sku: String,
    /// List price of one unit; the lower end, where only a range is public.
    pub price: Usd,
    /// The upper end, where only a range is public.
    pub price_max: Option<Usd>,
    /// What one price buys.
    pub per: PriceUnit,
    /// Monthly quantity at which the tier starts, in price units.
    pub tier_from: Decimal,
    /// `on_demand`, or what one commits to: `ri_1y_all_upfront` is a year paid ahead, as a price per hour.
    pub commitment: String,
    /// `listed` as found, `derived` by arithmetic on listed prices, or a `range`.
    pub basis: String,
    /// What a discount calls it.
    pub group: PriceGroup,
    /// Who says so, in full.
    pub source: String,
    /// The date of the price: a year, a month or a day.
    pub as_of: String,
    /// Since when it is good; often empty.
    pub valid_from: String,
    /// The day on which it ended; empty while it is good. What has ended is listed, and in no price list.
    pub valid_to: String,
    /// What else to know; often empty.
    pub notes: String,
}

impl Catalog {
    /// The catalogue that comes with the program: list prices in dollars, without tax.
    ///
    /// In the browser it holds the regions of [`Self::of_the_page`] only.
    pub fn embedded() -> Self {
        Self::borrowed(embedded::files())
    }

    /// What the page comes with: everything about machines, disks, meters, vendors and sources, and a few regions. Others
    /// are for [`Self::with_file`].
    ///
    /// ```
    /// let catalog = pricing::Catalog::of_the_page();
    /// assert!(catalog.regions()["aws"].contains("eu-central-1"));
    /// assert!(!catalog.regions()["aws"].contains("eu-west-3"));
    /// ```
    pub fn of_the_page() -> Self {
        Self::borrowed(embedded::page())
    }

    fn borrowed(files: impl Iterator<Item = (&'static str, &'static str)>) -> Self {
        let files = files.map(|(path, text)| (Cow::Borrowed(path), Cow::Borrowed(text)));
        Self { files: Map::from_iter(files) }
    }

    /// This catalogue with one file more, or with another text of one that it has.
    ///
    /// ```
    /// let catalog = pricing::Catalog::of_the_page();
    /// let text = "sku,price,currency,per,tier_from,commitment,basis,group,source,as_of,notes\n";
    /// let catalog = catalog.with_file("aws/moon-1.csv", text);
    /// assert!(catalog.regions()["aws"].contains("moon-1"));
    /// ```
    #[must_use]
    pub fn with_file(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        self.files.extend(Self::from_files([(path, text)]).files);
        self
    }

    /// A catalogue from files that someone has read: paths relative to its folder, and texts.
    ///
    /// Files whose names do not end in `.csv` are ignored, so that a folder may have its README. Nothing is parsed yet:
    /// faults come from [`Self::check`], and from [`Self::price_list`] where they matter.
    pub fn from_files(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let files = files
            .into_iter()
            .map(|(path, text)| (path.replace('\\', "/"), text))
            .map(|(path, text)| (path.trim_start_matches("./").to_owned(), text))
            .filter(|(path, _)| path.ends_with(".csv"))
            .map(|(path, text)| (Cow::Owned(path), Cow::Owned(text)));
        Self { files: Map::from_iter(files) }
    }

    /// Paths and texts of its files, in the order of paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (&**path, &**text))
    }

    /// Regions by provider.
    ///
    /// ```
    /// let regions = pricing::Catalog::embedded().regions();
    /// assert!(regions["aws"].contains("us-east-1"));
    /// ```
    pub fn regions(&self) -> Map<String, Set<String>> {
        let mut regions = Map::<String, Set<String>>::new();
        for (provider, name) in self.files.keys().filter_map(|path| provider_file(path)) {
            let known = regions.or_default(provider.to_owned());
            if !matches!(name, MACHINES | DISKS | METERS) {
                known.insert(name.to_owned());
            }
        }
        regions
    }

    /// The names that a scenario may use: regions, machines by pool, disks, and SKUs with what their prices count.
    ///
    /// Reads leniently: rows with faults are left out, and [`Self::price_list`] reports them.
    pub fn vocabulary(&self) -> Vocabulary {
        let mut words = Vocabulary { regions: self.regions(), ..Vocabulary::default() };
        // What every provider sells can be quoted by its own name.
        let meters = model::prices::Meter::ALL.into_iter();
        words.skus.extend(meters.map(|meter| (meter.name().to_owned(), meter.measure())));
        for provider in words.regions.keys() {
            let sources = self.sources(&mut Vec::new());
            let mut shapes = self.shapes(provider, &sources, &mut Vec::new());
            shapes.extend(self.vendor_shapes(&sources, &mut Vec::new()));
            for shape in shapes.machines {
                words.skus.insert(shape.sku, Measure::Time);
                words.machines.or_default(shape.machine.pool).insert(shape.machine.name);
            }
            for shape in shapes.disks {
                let needs = shape.needs().map(|need| (need.sku.to_owned(), need.measure));
                words.skus.extend(needs);
                words.disks.insert(shape.disk.name);
                words.disks.insert(shape.disk.role);
            }
            words.disks.remove("");
            let meters = shapes.meters.into_iter();
            words.skus.extend(meters.map(|shape| (shape.sku, shape.meter.measure())));
        }
        let vendors = self.files.get(VENDORS).map(Cow::as_ref);
        for text in self.region_texts(None).map(|(_, text)| text).chain(vendors) {
            each_price(text, |sku, per, _| {
                if !words.skus.contains_key(sku)
                    && let Some((unit, _)) = PriceUnit::parse(per)
                {
                    words.skus.insert(sku.to_owned(), unit.measure());
                }
            });
        }
        words
    }

    /// Everything that a plan in one region needs: on-demand prices, and the machines, disks and meters they are for.
    ///
    /// An override replaces the whole ladder of its SKU, or makes a price where the region has none; it is taken as
    /// contracted, so that no discount applies to it, and its `basis` is `scenario`. Machines without a price are left
    /// out; disks and meters without one say where they can be had.
    ///
    /// # Errors
    ///
    /// When provider or region are unknown, when an override counts something else than the price it replaces, and when
    /// a file that the region needs has faults: all of them, not the first.
    pub fn price_list(&self, choice: &PriceChoice) -> Result<PriceList, Vec<CatalogError>> {
        price_list::price_list(self, choice)
    }

    /// The price list of each region of a scenario.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of them, as for one.
    pub fn prices(&self, scenario: &Scenario) -> Result<Prices, Vec<CatalogError>> {
        let markets = scenario.markets().into_iter();
        Prices::collect(
            markets.map(|(name, choice)| {
                (name.unwrap_or_default().to_owned(), self.price_list(choice))
            }),
        )
    }

    /// Regions of a provider where a machine has an on-demand price.
    ///
    /// ```
    /// let catalog = pricing::Catalog::embedded();
    /// assert_eq!(catalog.machine_elsewhere("aws", "compute", "m9g.large"), ["us-east-1"]);
    /// ```
    pub fn machine_elsewhere(&self, provider: &str, pool: &str, machine: &str) -> Vec<String> {
        let sources = self.sources(&mut Vec::new());
        let shapes = self.shapes(provider, &sources, &mut Vec::new());
        let shape = shapes
            .machines
            .iter()
            .find(|shape| shape.machine.pool == pool && shape.machine.name == machine);
        let Some(shape) = shape else { return Vec::new() };
        self.regions_with(provider, &[&shape.sku]).remove(&*shape.sku).unwrap_or_default()
    }

    /// Every price of a region, of all commitments, in the order of its file.
    ///
    /// # Errors
    ///
    /// When provider or region are unknown, or the region's file or the sources have faults.
    pub fn rows(&self, provider: &str, region: &str) -> Result<Vec<Row>, Vec<CatalogError>> {
        let (file, text) = self.region(provider, region).map_err(|error| vec![error])?;
        self.listed(&file, text, ladders::COLUMNS)
    }

    /// Every price of services that are the same whatever the provider, in the order of their file. None where the
    /// catalogue has no such services.
    ///
    /// ```
    /// let rows = pricing::Catalog::embedded().vendor_rows().unwrap();
    /// let ecku = rows.iter().find(|row| row.sku == "confluent_enterprise:ecku").unwrap();
    /// assert_eq!(ecku.basis, "range");
    /// assert!(ecku.price_max.unwrap() > ecku.price);
    /// ```
    ///
    /// # Errors
    ///
    /// When the file or the sources have faults.
    pub fn vendor_rows(&self) -> Result<Vec<Row>, Vec<CatalogError>> {
        let Some(text) = self.files.get(VENDORS) else { return Ok(Vec::new()) };
        self.listed(VENDORS, text, ladders::VENDOR_COLUMNS)
    }

    /// Every capacity unit in all its versions, in the order of the file.
    ///
    /// # Errors
    ///
    /// When the file or the sources have faults.
    pub fn capacity_units(&self) -> Result<Vec<UnitVersion>, Vec<CatalogError>> {
        let mut findings = Vec::new();
        let sources = self.sources(&mut findings);
        let units = self.units(&sources, &mut findings);
        faultless(findings)?;
        Ok(units)
    }

    fn listed(
        &self,
        file: &str,
        text: &str,
        columns: &[&str],
    ) -> Result<Vec<Row>, Vec<CatalogError>> {
        let mut findings = Vec::new();
        let sources = self.sources(&mut findings);
        let records = cells::records(file, text, columns, &mut findings);
        let ladders = ladders::ladders(file, &records, &sources, &mut findings);
        faultless(findings)?;
        let mut rows: Vec<_> = ladders.into_iter().flatten().collect();
        order::sort_by_key(&mut rows, |row| row.line);
        let listed = |row: ladders::PriceRow| Row {
            sku: row.sku.to_owned(),
            price: row.price,
            price_max: row.price_max,
            per: row.per,
            tier_from: row.tier_from,
            commitment: row.commitment.to_owned(),
            basis: row.basis.to_owned(),
            group: row.group,
            source: row.source.into_owned(),
            as_of: row.as_of.to_owned(),
            valid_from: row.valid_from.to_owned(),
            valid_to: row.valid_to.to_owned(),
            notes: row.notes.to_owned(),
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// Everything there is to say about the catalogue's files: faults first, then gaps, each by file and line.
    pub fn check(&self) -> Vec<Finding> {
        check::check(self)
    }

    /// A region's file, by path and text.
    pub(crate) fn region(
        &self,
        provider: &str,
        region: &str,
    ) -> Result<(String, &str), CatalogError> {
        let regions = self.regions();
        let Some(known) = regions.get(provider) else {
            let known = regions.into_keys().collect();
            return Err(CatalogError::UnknownProvider { provider: provider.to_owned(), known });
        };
        let file = path(provider, region);
        match self.files.get(file.as_str()) {
            Some(text) if known.contains(region) => Ok((file, text)),
            _ => Err(CatalogError::UnknownRegion {
                provider: provider.to_owned(),
                region: region.to_owned(),
                known: known.iter().cloned().collect(),
            }),
        }
    }

    /// The region files of one provider or of all: path and text.
    pub(crate) fn region_texts<'a>(
        &'a self,
        provider: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files.iter().filter_map(move |(path, text)| {
            let (owner, name) = provider_file(path)?;
            let is_region = !matches!(name, MACHINES | DISKS | METERS);
            (is_region && provider.is_none_or(|wanted| wanted == owner))
                .then_some((path.as_ref(), text.as_ref()))
        })
    }

    /// For each of some SKUs, the regions of a provider that have an on-demand price of it.
    pub(crate) fn regions_with<'s>(
        &self,
        provider: &str,
        skus: &[&'s str],
    ) -> Map<&'s str, Vec<String>> {
        let mut found = Map::<&str, Vec<String>>::new();
        if skus.is_empty() {
            return found;
        }
        for (path, text) in self.region_texts(Some(provider)) {
            let Some((_, region)) = provider_file(path) else { continue };
            for &sku in skus {
                // No SKU is the beginning of another line but at its own comma.
                let mut rows =
                    text.lines().filter_map(|line| line.strip_prefix(sku)?.strip_prefix(','));
                // Neither price, currency, unit nor tier needs quotation marks.
                let on_demand = |rest: &str| rest.split(',').nth(4) == Some(ON_DEMAND);
                if rows.any(on_demand) {
                    found.or_default(sku).push(region.to_owned());
                }
            }
        }
        found
    }

    /// The texts behind source identifiers.
    pub(crate) fn sources(&self, findings: &mut Vec<Finding>) -> Sources {
        match self.text(SOURCES, findings) {
            Some(text) => Sources::read(SOURCES, text, findings),
            None => Sources::default(),
        }
    }

    /// What a provider's prices are for.
    pub(crate) fn shapes(
        &self,
        provider: &str,
        sources: &Sources,
        findings: &mut Vec<Finding>,
    ) -> Shapes {
        let mut all = Shapes::default();
        let file = path(provider, MACHINES);
        if let Some(text) = self.text(&file, findings) {
            all.machines = shapes::machines(&file, text, sources, findings);
        }
        let file = path(provider, DISKS);
        if let Some(text) = self.text(&file, findings) {
            all.disks = shapes::disks(&file, text, sources, findings);
        }
        let file = path(provider, METERS);
        if let Some(text) = self.text(&file, findings) {
            all.meters = shapes::meters(&file, text, findings);
        }
        all
    }

    /// What the prices of vendors are for; nothing where the catalogue has none.
    pub(crate) fn vendor_shapes(&self, sources: &Sources, findings: &mut Vec<Finding>) -> Shapes {
        let mut all = Shapes::default();
        if let Some(text) = self.files.get(VENDOR_MACHINES) {
            all.machines = shapes::machines(VENDOR_MACHINES, text, sources, findings);
        }
        if let Some(text) = self.files.get(VENDOR_METERS) {
            all.meters = shapes::meters(VENDOR_METERS, text, findings);
        }
        all
    }

    /// What vendors sell capacity by, in all versions.
    pub(crate) fn units(&self, sources: &Sources, findings: &mut Vec<Finding>) -> Vec<UnitVersion> {
        let text = self.files.get(CAPACITY_UNITS);
        text.map(|text| units::units(CAPACITY_UNITS, text, sources, findings)).unwrap_or_default()
    }

    /// What a provider's and the vendors' services are called; nothing where the catalogue does not say.
    pub(crate) fn services(&self, provider: &str, findings: &mut Vec<Finding>) -> Services {
        let text = self.files.get(SERVICES);
        text.map(|text| services::services(SERVICES, text, provider, findings)).unwrap_or_default()
    }

    /// Providers that have machines of a pool; all of them, where a vendor has.
    ///
    /// Only the first cell of each row is looked at: this is for telling who sells what a provider does not.
    pub(crate) fn pools(&self) -> Map<String, Vec<String>> {
        let providers: Vec<_> = self.regions().into_keys().collect();
        let mut pools = Map::<&str, Set<&String>>::new();
        for provider in &providers {
            let own = self.files.get(path(provider, MACHINES).as_str());
            let files = own.into_iter().chain(self.files.get(VENDOR_MACHINES));
            let mut last = "";
            for row in files.flat_map(|text| text.lines().skip(1)) {
                let pool = row.split(',').next().unwrap_or_default();
                // Rows of a pool stand together.
                if pool != last {
                    pools.or_default(pool).insert(provider);
                    last = pool;
                }
            }
        }
        pools.remove("");
        let names = |owners: Set<&String>| owners.into_iter().cloned().collect();
        Map::from_iter(pools.into_iter().map(|(pool, owners)| (pool.to_owned(), names(owners))))
    }

    fn text(&self, file: &str, findings: &mut Vec<Finding>) -> Option<&str> {
        let text = self.files.get(file).map(Cow::as_ref);
        if text.is_none() {
            let problem = Problem::MissingFile;
            findings.push(Finding { file: file.to_owned(), line: None, problem });
        }
        text
    }
}

/// Where a file of a provider stands.
pub(crate) fn path(provider: &str, name: &str) -> String {
    format!("{provider}/{name}.csv")
}

/// The provider and the name of a file that belongs to one.
pub(crate) fn provider_file(path: &str) -> Option<(&str, &str)> {
    let (provider, name) = path.strip_suffix(".csv")?.split_once('/')?;
    (!provider.is_empty() && !name.is_empty() && !name.contains('/')).then_some((provider, name))
}

/// Nothing, unless there are faults.
pub(crate) fn faultless(findings: Vec<Finding>) -> Result<(), Vec<CatalogError>> {
    let faults: Vec<_> = findings
        .into_iter()
        .filter(|finding| finding.severity() == Severity::Fault)
        .map(|finding| CatalogError::Fault(Box::new(finding)))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Calls back with SKU, unit and commitment of every row, unchecked: all files at once are too much to read with care.
fn each_price<'a>(text: &'a str, mut found: impl FnMut(&'a str, &'a str, &'a str)) {
    for line in text.lines().skip(1) {
        // None of these cells needs quotation marks; a row that has them there anyway is left out.
        let mut cells = line.split(',');
        let (Some(sku), _, _, Some(per), _, Some(commitment)) =
            (cells.next(), cells.next(), cells.next(), cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        if !sku.starts_with('"') {
            found(sku, per, commitment);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_has_every_name() {
        let words = Catalog::embedded().vocabulary();
        assert_eq!(words.regions["aws"].len(), 16);
        let pools: Vec<_> =
            words.machines.iter().map(|(pool, names)| (pool.as_str(), names.len())).collect();
        assert_eq!(
            pools,
            [
                ("compute", 595 + 363 + 240),
                ("confluent-basic", 1),
                ("confluent-enterprise", 1),
                ("confluent-standard", 1),
                ("event-hubs", 1),
                ("event-hubs-premium", 1),
                ("gcp-managed-kafka", 15),
                ("msk-express", 7),
                ("msk-serverless", 1),
                ("msk-standard", 16),
                ("redpanda-serverless", 1),
            ]
        );
        assert_eq!((words.regions["gcp"].len(), words.regions["azure"].len()), (14, 19));
        for disk in ["gp3", "pd-balanced", "premium-ssd-v2", "general-purpose", "hard-disk"] {
            assert!(words.disks.contains(disk), "{disk}");
        }
        assert_eq!(words.skus["warpstream_byoc:uncompressed_written"], Measure::Moved);
        assert_eq!(words.skus["blob:hot_zrs:put"], Measure::Requests);
        assert_eq!(words.skus["ec2:m7g.large"], Measure::Time);
        assert_eq!(words.skus["s3:standard:put_copy_post_list"], Measure::Requests);
        assert_eq!(words.skus["ebs:io2:iops"], Measure::Iops);
        assert_eq!(words.skus["privatelink:data_processed"], Measure::Moved);
    }

    /// What a machine needs is known from what it is, whatever its price says; what nothing needs, from its price.
    #[test]
    fn a_sku_counts_what_needs_it_or_what_its_price_says() {
        let north = "vm:m1,0.1,USD,h";
        let more = "link:data,1,USD,GiB,0,on_demand,listed,network,page,2026,\nvm:m1,0.1,USD,GiB";
        let words = crate::check::tests::changed("acme/north.csv", north, more).vocabulary();
        assert_eq!(words.skus["vm:m1"], Measure::Time);
        assert_eq!(words.skus["link:data"], Measure::Moved);
        assert_eq!(words.skus["blob:storage"], Measure::Kept);
    }

    #[test]
    fn rows_are_skimmed_as_far_as_they_can_be_read() {
        let text = "sku,price,currency,per,tier_from,commitment,basis\n\
            vm:m,0.1,USD,h,0,on_demand,listed\n\
            short,0.1,USD\n\
            \"vm:\"\"n\"\"\",0.1,USD,h,0,on_demand,listed\n\
            disk,0.1,USD,GiB-month,0,cud_1y,\"a, b\"\n";
        let mut found = Vec::new();
        each_price(text, |sku, per, commitment| found.push((sku, per, commitment)));
        assert_eq!(found, [("vm:m", "h", "on_demand"), ("disk", "GiB-month", "cud_1y")]);
    }

    #[test]
    fn a_file_belongs_to_the_provider_in_whose_folder_it_is() {
        assert_eq!(provider_file("aws/us-east-1.csv"), Some(("aws", "us-east-1")));
        for other in ["sources.csv", "/north.csv", "acme/.csv", "acme/old/north.csv", "acme/north"]
        {
            assert_eq!(provider_file(other), None, "{other}");
        }
    }

    #[test]
    fn presets_find_their_pool() {
        let words = Catalog::embedded().vocabulary();
        for preset in model::presets::PRESETS {
            assert!(words.machines.contains_key(preset.pool), "{}", preset.name);
        }
    }

    #[test]
    fn rows_name_their_source_in_full() {
        let rows = Catalog::embedded().rows("aws", "us-east-1").expect("rows");
        let row = rows
            .iter()
            .find(|row| row.sku == "ec2:m7g.large" && row.commitment == "ri_3y_all_upfront");
        let row = row.expect("a row");
        assert!(row.source.starts_with("Netflix-Skunkworks/"), "{}", row.source);
        assert_eq!((row.basis.as_str(), row.per), ("derived", PriceUnit::Hour));
        assert!(Catalog::embedded().rows("aws", "nowhere").is_err());
    }

    #[test]
    fn a_machine_is_had_in_some_regions() {
        let catalog = Catalog::embedded();
        assert_eq!(catalog.machine_elsewhere("aws", "msk-express", "express.m7g.large").len(), 15);
        assert!(catalog.machine_elsewhere("aws", "compute", "kafka.m5.large").is_empty());
        assert!(catalog.machine_elsewhere("acme", "compute", "m7g.large").is_empty());
    }
}
