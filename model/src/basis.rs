//! What a bill was made of: what the cost functions looked at, kept beside the bill so that any line of it can be explained.

use crate::bill::Usage;
use crate::costs::{Brokers, Site, link_price};
use crate::finance::Cover;
use crate::flows::Flows;
use crate::load::Load;
use crate::map::Map;
use crate::prices::{Disk, Machine, Meter, MissingPrice, Price, PriceId, PriceList};
use crate::sizing::Demand;
use crate::storage::Storage;
use crate::tariff::{LinePrices, ObjectPrices, Tariff, TierPrices, ZonalPrices};
use crate::units::Hours;
use crate::workload::Leaving;

/// What one month's bill was made of.
#[derive(Clone, Debug)]
pub struct Used {
    /// What clients asked for: means of the month, and its planned peaks.
    pub load: Load,
    /// What moved.
    pub flows: Flows,
    /// What was kept.
    pub storage: Storage,
    /// What the cluster asked of its machines.
    pub demand: Demand,
    /// Length of the month.
    pub hours: Hours,
    /// Hours of it in which the platform was there.
    pub alive: Hours,
    /// Brokers on average.
    pub brokers: f64,
    /// What was used, in the order in which it was priced; the support plan, which counts the bill itself, aside.
    pub usage: Vec<Usage>,
    /// What was used of commitments, one after the other.
    pub covers: Vec<Cover>,
    /// Brokers that were planned for, and hours of a week with so many: one entry unless the fleet follows the day. Empty
    /// where nothing is committed to.
    pub planned: Vec<(u32, f64)>,
}

impl Used {
    /// What a steady month was made of.
    pub(crate) fn steady(site: &Site, brokers: &Brokers, usage: Vec<Usage>) -> Self {
        Self {
            load: site.load.clone(),
            flows: site.flows.clone(),
            storage: *site.storage,
            demand: *site.demand,
            hours: site.month,
            alive: site.month * site.alive,
            brokers: brokers.count,
            usage,
            covers: Vec::new(),
            planned: Vec::new(),
        }
    }
}

/// What is the same in all months of a plan: the machine, and the prices that its bills have.
#[derive(Clone, Debug)]
pub struct Basis {
    /// The machine of its brokers.
    pub machine: Machine,
    /// The disk that brokers write to.
    pub disk: Option<Disk>,
    /// Prices by what names them in usage.
    pub prices: Map<PriceId, Price>,
    /// Prices that nobody knows.
    pub missing: Vec<MissingPrice>,
    /// A byte that leaves a zone.
    pub zone_out: PriceId,
    /// Object storage.
    pub object: Option<ObjectPrices>,
    /// Object storage of single zones.
    pub zonal: Option<ZonalPrices>,
    /// A service's own tier.
    pub tier: Option<TierPrices>,
    /// What a service bills besides machines.
    pub fees: Vec<(Meter, PriceId)>,
    /// A byte over each link to another region, in the scenario's order; `None` where nobody knows what it costs.
    pub links: Vec<Option<PriceId>>,
    /// Prices of the further lines.
    pub lines: LinePrices,
}

impl Basis {
    /// Takes over what some usage was priced by.
    pub(crate) fn new<'a>(
        tariff: &Tariff,
        prices: &PriceList,
        machine: &Machine,
        links: &[Leaving],
        usage: impl Iterator<Item = &'a Usage>,
    ) -> Self {
        let mut priced = Map::new();
        for one in usage.filter(|one| one.price.is_missing().is_none()) {
            let price = || tariff.price(prices, one.price).clone();
            priced.or_insert_with(one.price, price);
        }
        Self {
            machine: machine.clone(),
            disk: tariff.disk.cloned(),
            prices: priced,
            missing: tariff.missing.clone(),
            zone_out: tariff.zone_out,
            object: tariff.object,
            zonal: tariff.zonal,
            tier: tariff.tier,
            fees: tariff.fees.clone(),
            links: links.iter().map(|link| link_price(tariff, link).ok()).collect(),
            lines: tariff.lines.clone(),
        }
    }
}
