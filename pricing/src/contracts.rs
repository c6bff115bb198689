//! One region's price list under discounts and overrides that change: only what changes is priced again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::prices::{Commitment, PriceGroup, PriceId, PriceList, Prices};
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
            self.commit();
        }
        Ok(&self.list)
    }

    /// How many prices stand before those of commitments.
    fn rows(&self) -> usize {
        self.base.prices.len() - self.base.commitments.len()
    }

    /// Commitments, without those for machines whose hours are a quote of the scenario's own; their prices stand behind all
    /// others.
    fn commit(&mut self) {
        self.list.prices.truncate(self.rows());
        self.list.commitments.clear();
        for one in &self.base.commitments {
            let on_demand = usize::from(one.on_demand.0);
            let Ok(index) = u16::try_from(self.list.prices.len()) else { continue };
            if self.overrides.iter().any(|own| self.by_sku[&own.sku] == on_demand) {
                continue;
            }
            let mut price = self.base.prices[usize::from(one.price.0)].clone();
            price.set_discount(self.discounts[price.group as usize]);
            self.list.prices.push(price);
            self.list.commitments.push(Commitment { price: PriceId(index), ..one.clone() });
        }
    }

    /// Whether every override is of a price that there is, in the same measure: then it is for the same things.
    fn is_base_with_other_numbers(&self, choice: &PriceChoice) -> bool {
        let known = |own: &PriceOverride| {
            let index = self.by_sku.get(&own.sku).filter(|index| **index < self.rows());
            let price = index.map(|index| &self.base.prices[*index]);
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

#[cfg(test)]
mod tests {
    use model::prices::PriceUnit;

    use super::*;
    use crate::check::tests::{changed, north};

    fn own(sku: &str, price: &str, per: &str) -> PriceOverride {
        PriceOverride {
            sku: sku.to_owned(),
            price: price.parse().expect("a price"),
            unit: PriceUnit::parse(per).expect("a unit").0,
            source: "a quote".to_owned(),
            as_of: "2026-11".to_owned(),
            span: 0..0,
        }
    }

    fn choice(overrides: &[PriceOverride], compute: &str, network: &str) -> PriceChoice {
        let share = |text: &str| text.parse().expect("a share");
        let groups =
            [(PriceGroup::Compute, share(compute)), (PriceGroup::BlockStorage, share(network))];
        PriceChoice { overrides: overrides.to_vec(), discounts: groups.into(), ..north() }
    }

    /// Two machines, of which `m1` costs less, with a commitment for it.
    fn two_machines() -> Catalog {
        let first = "compute,m1,vm:m1,2,8 GiB,1 Gbps,5 Gbps,80 MB/s,,3000,950 GB,ssd,,,,,page\n";
        let both = format!("{first}{}", first.replace("m1", "m2"));
        let bound = "vm:m1,0.06,USD,h,0,ri_1y_all_upfront,";
        let more = format!("vm:m2,0.2,USD,h,0,on_demand,listed,compute,page,2026-11-01,\n{bound}");
        let region = changed("acme/north.csv", bound, &more);
        let text = region.files["acme/north.csv"].to_string();
        changed("acme/machines.csv", first, &both).with_file("acme/north.csv", text)
    }

    /// However prices changed before, they are what the catalogue says of the choice.
    #[test]
    fn prices_again_are_those_of_the_catalogue() {
        let catalog = two_machines();
        let mut contracts = Contracts::new(&catalog, &north()).expect("a price list");
        let (cheap, dear) = (own("vm:m1", "0.05", "h"), own("vm:m1", "0.5", "h"));
        let disk = own("disk:ssd", "0.01", "GiB-month");
        for (step, choice) in [
            choice(&[], "0.1", "0"),
            choice(&[], "0.1", "0.2"),
            choice(&[], "0.10", "0.2"), // as much, written longer
            choice(std::slice::from_ref(&disk), "0.1", "0.2"),
            choice(std::slice::from_ref(&disk), "0.3", "0.4"), // an own quote has no discount
            choice(&[dear.clone(), disk.clone()], "0.3", "0"), // the other machine is cheaper now
            choice(&[dear], "0.2", "0"),
            choice(&[cheap], "0.2", "0.1"),
            choice(&[], "0", "0"),
        ]
        .into_iter()
        .enumerate()
        {
            let expected = catalog.price_list(&choice).expect("a price list");
            let found = contracts.price_list(&choice).expect("a price list");
            assert_eq!(*found, expected, "step {step}");
            let scales = |list: &PriceList| -> Vec<u32> {
                list.prices.iter().map(|price| price.discount.scale()).collect()
            };
            assert_eq!(scales(found), scales(&expected), "step {step}");
        }
    }

    #[test]
    fn a_price_that_counts_something_else_is_refused_again() {
        let catalog = two_machines();
        let mut contracts = Contracts::new(&catalog, &north()).expect("a price list");
        let choice = choice(&[own("vm:m1", "1", "GiB")], "0", "0");
        let expected = catalog.price_list(&choice).expect_err("hours, not data");
        assert_eq!(contracts.price_list(&choice).expect_err("hours, not data"), expected);
        // What the region has no price for is another list.
        for other in ["vm:m9", "vm:m1 (ri_1y_all_upfront)"] {
            let more = PriceChoice { overrides: vec![own(other, "1", "h")], ..north() };
            let expected = catalog.price_list(&more).expect("a price list");
            assert_eq!(*contracts.price_list(&more).expect("a price list"), expected, "{other}");
        }
    }
}
