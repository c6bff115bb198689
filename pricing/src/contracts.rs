//! One region's price list under discounts and overrides that change: only what changes is priced again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::prices::{PriceGroup, PriceList, Prices};
use model::scenario::{PriceChoice, PriceOverride, Scenario};
use rust_decimal::Decimal;

use crate::catalog::Catalog;
use crate::findings::CatalogError;
use crate::price_list::{contracted, sort_machines};

/// One region's price list, to be asked for again and again with other discounts and overrides.
///
/// It answers as [`Catalog::price_list`] does, which reads the catalogue's files each time. An override of something that
/// the region has no price for changes what else there is, and so is read anew too.
///
/// ```
/// # let catalog = pricing::Catalog::embedded();
/// # let mut choice = model::scenario::PriceChoice {
/// #     provider: "aws".to_owned(),
/// #     region: "us-east-1".to_owned(),
/// #     overrides: Vec::new(),
/// #     discounts: Default::default(),
/// # };
/// let mut contracts = pricing::Contracts::new(&catalog, &choice).unwrap();
/// choice.discounts.insert(model::prices::PriceGroup::Compute, "0.12".parse().unwrap());
/// assert_eq!(*contracts.price_list(&choice).unwrap(), catalog.price_list(&choice).unwrap());
/// ```
#[derive(Clone, Debug)]
pub struct Contracts<'a> {
    catalog: &'a Catalog,
    /// At list prices.
    base: PriceList,
    /// Where each price stands.
    by_sku: HashMap<String, usize>,
    /// As last asked for, with the overrides and discounts that are in it.
    list: PriceList,
    overrides: Vec<PriceOverride>,
    discounts: [Decimal; PriceGroup::ALL.len()],
    /// What was last asked for, where it is not the base with other numbers in it.
    other: Option<PriceList>,
}

impl<'a> Contracts<'a> {
    /// Of the region of a choice.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the catalogue there.
    pub fn new(catalog: &'a Catalog, choice: &PriceChoice) -> Result<Self, Vec<CatalogError>> {
        let plain =
            PriceChoice { overrides: Vec::new(), discounts: Default::default(), ..choice.clone() };
        let base = catalog.price_list(&plain)?;
        let skus = base.prices.iter().enumerate();
        Ok(Self {
            catalog,
            by_sku: skus.map(|(index, price)| (price.sku.clone(), index)).collect(),
            list: base.clone(),
            base,
            overrides: Vec::new(),
            discounts: Default::default(),
            other: None,
        })
    }

    /// The price list of a choice; of another region too, but then as slowly as from the catalogue.
    ///
    /// # Errors
    ///
    /// As [`Catalog::price_list`].
    pub fn price_list(&mut self, choice: &PriceChoice) -> Result<&PriceList, Vec<CatalogError>> {
        if !self.is_base_with_other_numbers(choice) {
            return Ok(self.other.insert(self.catalog.price_list(choice)?));
        }
        let overridden = choice.overrides != self.overrides;
        let mut of_machine = false;
        if overridden {
            for own in std::mem::take(&mut self.overrides) {
                of_machine |= self.is_of_machine(&own);
                self.restore(self.by_sku[&own.sku]);
            }
        }
        self.discount(choice);
        if overridden {
            self.overrides.clone_from(&choice.overrides);
            for own in &choice.overrides {
                of_machine |= self.is_of_machine(own);
                let price = &mut self.list.prices[self.by_sku[&own.sku]];
                *price = contracted(own, price.group);
            }
        }
        if of_machine {
            self.list.machines.clone_from(&self.base.machines);
            sort_machines(&mut self.list.machines, &self.list.prices);
        }
        Ok(&self.list)
    }

    /// Whether every override is of a price that there is, in the same measure: then it is for the same things.
    fn is_base_with_other_numbers(&self, choice: &PriceChoice) -> bool {
        let known = |own: &PriceOverride| {
            let price = self.by_sku.get(&own.sku).map(|index| &self.base.prices[*index]);
            price.is_some_and(|price| price.unit.measure() == own.unit.measure())
        };
        (&choice.provider, &choice.region) == (&self.base.provider, &self.base.region)
            && choice.overrides.iter().all(known)
    }

    /// Machines stand in the order of their prices.
    fn is_of_machine(&self, own: &PriceOverride) -> bool {
        let index = self.by_sku[&own.sku];
        self.base.machines.iter().any(|machine| usize::from(machine.price.0) == index)
    }

    /// A price as the catalogue has it, with the discount that there is on it now.
    fn restore(&mut self, index: usize) {
        let price = &mut self.list.prices[index];
        price.clone_from(&self.base.prices[index]);
        price.set_discount(self.discounts[price.group as usize]);
    }

    /// Sets discounts where they change; own quotes have none.
    fn discount(&mut self, choice: &PriceChoice) {
        let mut changed = [false; PriceGroup::ALL.len()];
        for group in PriceGroup::ALL {
            let discount = choice.discounts.get(&group).copied().unwrap_or_default();
            let known = &mut self.discounts[group as usize];
            changed[group as usize] = *known != discount || known.scale() != discount.scale();
            *known = discount;
        }
        for (index, price) in self.list.prices.iter_mut().enumerate() {
            let group = price.group as usize;
            let own = || self.overrides.iter().any(|own| self.by_sku[&own.sku] == index);
            if changed[group] && !own() {
                price.set_discount(self.discounts[group]);
            }
        }
    }
}
/// The prices of a scenario whose discounts and overrides change, in all its regions; threads may share it.
#[derive(Debug)]
pub struct Repricing<'a> {
    catalog: &'a Catalog,
    /// By the name of the region.
    regions: Mutex<Vec<(Option<String>, Contracts<'a>)>>,
}

impl<'a> Repricing<'a> {
    /// With nothing looked up yet.
    pub fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, regions: Mutex::default() }
    }

    /// The same for callers who tell one reason: the first.
    ///
    /// # Errors
    ///
    /// The first of [`Catalog::prices`], in words.
    pub fn look_up(&self, scenario: &Scenario) -> Result<Prices, String> {
        let found = self.prices(scenario);
        found.map_err(|errors| errors.first().map_or_else(String::new, ToString::to_string))
    }

    /// The price list of each region of a scenario, as [`Catalog::prices`] gives them.
    ///
    /// # Errors
    ///
    /// As [`Catalog::prices`].
    pub fn prices(&self, scenario: &Scenario) -> Result<Prices, Vec<CatalogError>> {
        // What a panic left behind is still a price list of some choice.
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let mut list = |name: Option<&str>, choice: &PriceChoice| {
            let place = match regions.iter().position(|(known, _)| known.as_deref() == name) {
                Some(place) => place,
                None => {
                    let contracts = Contracts::new(self.catalog, choice)?;
                    regions.push((name.map(str::to_owned), contracts));
                    regions.len() - 1
                }
            };
            regions[place].1.price_list(choice).cloned()
        };
        let markets = scenario.markets().into_iter();
        Prices::collect(
            markets.map(|(name, choice)| (name.unwrap_or_default().to_owned(), list(name, choice))),
        )
    }
}
