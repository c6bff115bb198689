//! Usage times price: what is paid for, line by line, exactly.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde::Serialize;

use crate::map::Map;
use crate::money::Usd;
use crate::order;
use crate::prices::{MissingPrice, Price, PriceId, PriceList, PriceUnit};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// Every one, in the order of a bill.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// As people read it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}

words! {
    /// A thing on a bill.
    Component {
        /// Machines that brokers run on.
        Brokers = "brokers",
        /// Machines that keep the cluster's metadata.
        Controllers = "controllers",
        /// Block volumes and their performance; a service's broker storage.
        BlockStorage = "block storage",
        /// Volumes that hold the write-ahead log.
        Wal = "WAL volumes",
        /// Object storage and remote tiers, capacity.
        ObjectStorage = "object storage",
        /// Object storage requests, and retrieval from a service's tier.
        ObjectRequests = "object requests",
        /// Data that crosses zones.
        ZoneCrossing = "zone crossing",
        /// Data that leaves for another region.
        RegionCrossing = "region crossing",
        /// What clients' ways to the brokers cost besides: peering, NAT, other regions, the internet.
        ClientPaths = "client paths",
        /// Private endpoints of clients' networks, and the provider's side of them.
        PrivateConnectivity = "private connectivity",
        /// Load balancers before the brokers.
        LoadBalancers = "load balancers",
        /// Fees of a service or a licence.
        ServiceFee = "service fee",
        /// Workers that move records between streams and other systems.
        Connectors = "connectors",
        /// Metrics and logs that are stored.
        Observability = "observability",
        /// Copies of what is kept, besides the platform's own.
        Backups = "backups",
        /// The provider's support plan.
        Support = "support plan",
        /// What the platform costs that clients come from, until nothing depends on it.
        Migration = "migration",
        /// People's time.
        Labour = "labour",
    }
}

impl Component {
    /// Lines that stand on a bill only where they are asked for, in its order.
    pub const OPTIONAL: &'static [Self] = &[
        Self::ClientPaths,
        Self::PrivateConnectivity,
        Self::LoadBalancers,
        Self::Connectors,
        Self::Observability,
        Self::Backups,
        Self::Support,
        Self::Migration,
        Self::Labour,
    ];

    /// Whether a provider or a vendor sends an invoice for it: people's time never belongs in a cloud bill's export.
    pub fn is_invoiced(self) -> bool {
        self != Self::Labour
    }

    /// What of a scenario asks for it; empty for what is always there.
    pub fn asked_by(self) -> &'static str {
        match self {
            Self::ClientPaths => "lines.client_paths",
            Self::PrivateConnectivity => "lines.private_connectivity",
            Self::LoadBalancers => "lines.load_balancers",
            Self::Connectors => "[[connector]]",
            Self::Observability => "lines.observability",
            Self::Backups => "lines.backups",
            Self::Support => "lines.support",
            Self::Migration => "[[event]] of kind migration",
            Self::Labour => "lines.labour",
            Self::Brokers
            | Self::Controllers
            | Self::BlockStorage
            | Self::Wal
            | Self::ObjectStorage
            | Self::ObjectRequests
            | Self::ZoneCrossing
            | Self::RegionCrossing
            | Self::ServiceFee => "",
        }
    }
}

words! {
    /// What made it necessary.
    Cause {
        /// Serving clients.
        Serve = "serve",
        /// Keeping metadata.
        Coordinate = "coordinate",
        /// Clients produce.
        Produce = "produce",
        /// Followers copy from leaders.
        Replicate = "replicate",
        /// Clients follow the end of the log.
        Consume = "consume",
        /// Clients read history.
        Replay = "replay",
        /// Keeping records for their retention.
        Retain = "retain",
        /// Reading and writing faster than comes with the volume.
        Perform = "perform",
        /// Writing ahead.
        Append = "append",
        /// Moving records to object storage.
        Upload = "upload",
        /// Exchanging records between zones through object storage.
        Route = "route",
        /// Rewriting small objects.
        Merge = "merge",
        /// Reading behind the cache.
        CatchUp = "catch up",
        /// Metadata that crosses zones.
        Metadata = "metadata",
        /// Copying the replicas of lost brokers.
        Rebuild = "rebuild",
        /// Moving replicas to and from brokers that come and go.
        Move = "move",
        /// Copying streams to another region.
        Link = "link",
        /// Another platform runs beside this one.
        Migrate = "migrate",
        /// Moving records to and from other systems.
        Connect = "connect",
        /// Watching over it.
        Observe = "observe",
        /// Keeping another copy.
        BackUp = "back up",
        /// Someone to ask.
        Support = "support",
        /// Keeping it running.
        Operate = "operate",
        /// Bringing back what was lost.
        Repair = "repair",
    }
}

words! {
    /// What a cost grows with.
    Driver {
        /// Nothing: it is there with the first record.
        Fixed = "fixed",
        /// Bytes produced.
        Ingest = "ingest",
        /// How long records are kept.
        Retention = "retention",
        /// Bytes read at the end of the log.
        TailReads = "tail reads",
        /// Bytes read from history.
        HistoricalReads = "historical reads",
        /// The number of partitions.
        Partitions = "partitions",
        /// The number of brokers.
        Brokers = "brokers",
        /// The rest of the bill.
        Bill = "the bill",
    }
}

/// So much of something with a price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// Which thing on the bill.
    pub component: Component,
    /// What made it necessary.
    pub cause: Cause,
    /// What it grows with.
    pub grows_with: Driver,
    /// Its price.
    pub price: PriceId,
    /// In the base unit of the price's measure, for one month.
    pub amount: f64,
}

/// Which part of a platform something is of: one of its regions, one of the places that its streams stand on, or both.
/// Names are the scenario's own; a platform that is one part has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Part {
    /// The region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// What it stands on: a preset or a platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

impl Part {
    /// Whether it is all of a platform.
    pub fn is_whole(&self) -> bool {
        *self == Self::default()
    }

    /// As people read it: `eu`, `kafka-gp3`, `eu on kafka-gp3`; empty for the whole.
    pub fn name(&self) -> String {
        match (&self.region, &self.on) {
            (Some(region), Some(on)) => format!("{region} on {on}"),
            (one, other) => one.clone().or(other.clone()).unwrap_or_default(),
        }
    }
}

/// A line of the bill. List cost is price × quantity, to the last digit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostLine {
    /// Which thing on the bill.
    pub component: Component,
    /// Which part of the platform.
    #[serde(flatten)]
    pub part: Part,
    /// What made it necessary.
    pub cause: Cause,
    /// What it grows with.
    pub grows_with: Driver,
    /// The catalogue's identifier.
    pub sku: String,
    /// What is bought, in the unit of the price.
    #[serde(with = "decimal_text")]
    pub quantity: Decimal,
    /// What one price buys.
    pub unit: PriceUnit,
    /// Price of one unit before discounts.
    pub list_unit_price: Usd,
    /// Price of one unit after the negotiated discount.
    pub contracted_unit_price: Usd,
    /// List price × quantity.
    pub list_cost: Usd,
    /// Contracted price × quantity.
    pub contracted_cost: Usd,
    /// The same at the lower end, where only a range of prices is public; the figures above are then its upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contracted_cost_low: Option<Usd>,
    /// Who says what it costs.
    pub price_source: String,
    /// The date of the price.
    pub price_as_of: String,
    /// `listed`, `derived`, or `scenario` for the user's own.
    pub price_basis: String,
}

impl CostLine {
    /// Some hours of what another platform's own plan costs in a month.
    pub fn share_of_plan(
        platform: &str,
        cause: Cause,
        hours: crate::units::Hours,
        month: crate::units::Hours,
        bill: &Bill,
    ) -> Self {
        let decimal = |hours: crate::units::Hours| {
            let hours = Decimal::from_f64(hours.as_hours()).unwrap_or(Decimal::ZERO);
            hours.round_dp(QUANTITY_DECIMALS)
        };
        let (quantity, length) = (decimal(hours), decimal(month).max(Decimal::ONE));
        let hour = |cost: Usd| Usd::new((cost.dollars() / length).round_dp(12));
        let (list, contracted) = (hour(bill.list_cost()), hour(bill.contracted_cost()));
        Self {
            component: Component::Migration,
            part: Part::default(),
            cause,
            grows_with: Driver::Fixed,
            sku: format!("plan:{platform}"),
            quantity,
            unit: PriceUnit::Hour,
            list_unit_price: list,
            contracted_unit_price: contracted,
            list_cost: list * quantity,
            contracted_cost: contracted * quantity,
            contracted_cost_low: bill
                .is_range()
                .then(|| hour(bill.contracted_cost_low()) * quantity),
            price_source: format!("this scenario's own plan of `{platform}`"),
            price_as_of: "as planned".to_owned(),
            price_basis: "derived".to_owned(),
        }
    }
}

/// Decimals travel as strings, so that no reader turns them into floats by accident.
mod decimal_text {
    use rust_decimal::Decimal;
    use serde::Serializer;

    pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.normalize().to_string())
    }
}

/// Something that is paid for but whose price is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Which thing on the bill.
    pub component: Component,
    /// What is not known.
    pub what: String,
    /// How to fill it.
    pub hint: String,
}

/// A line that is not on the bill: it costs nothing, and says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Which line.
    pub component: Component,
    /// Who says that the service includes it; `None` where nobody asked for it.
    pub included: Option<&'static str>,
}

impl Absent {
    /// Why it is not there, in words.
    ///
    /// ```
    /// # use model::bill::{Absent, Component};
    /// let absent = Absent { component: Component::Backups, included: None };
    /// assert_eq!(absent.why(), "not asked for");
    /// ```
    pub fn why(&self) -> String {
        match self.included {
            None => "not asked for".to_owned(),
            Some(source) => format!("included in the service ({source})"),
        }
    }
}

/// What one platform costs in one month.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bill {
    /// In the order of [`Component::ALL`].
    pub lines: Vec<CostLine>,
    /// Empty when the bill is complete.
    pub gaps: Vec<Gap>,
    /// Lines that cost nothing because nobody asked for them, or because the service includes them.
    #[serde(skip)]
    pub absent: Vec<Absent>,
}

/// What a bill needs to know besides a region's prices.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The price behind [`LICENCE`], which must be there when usage names it.
    pub licence: Option<&'a Price>,
    /// What is behind [`PriceId::missing`].
    pub missing: &'a [MissingPrice],
}

impl Beside<'_> {
    /// The missing price of something that is used.
    fn missing(&self, usage: &Usage) -> Option<&MissingPrice> {
        self.missing.get(usage.price.is_missing()?).filter(|_| usage.amount > 0.0)
    }

    /// Whether usage has no price.
    pub fn lacks(&self, usage: &Usage) -> bool {
        self.missing(usage).is_some()
    }

    /// A gap where there is usage of a price that is missing.
    fn gap(&self, usage: &Usage) -> Option<Gap> {
        let missing = self.missing(usage)?;
        let component = usage.component;
        Some(Gap { component, what: missing.to_string(), hint: missing.hint() })
    }
}

/// Stands for the vendor's fee that the scenario itself states.
pub const LICENCE: PriceId = PriceId(u16::MAX);

/// The first of the identifiers that stand for what else the scenario itself states: below those of missing prices, above
/// those of a catalogue's rows.
pub const OWN_QUOTES: PriceId = PriceId(u16::MAX - 1100);

/// The first of the identifiers that stand for hours of a plan's own contracts: below those of own quotes.
pub const COMMITTED: PriceId = PriceId(u16::MAX - 1300);

/// Decimals of a quantity: where measured floats become counted decimals.
pub(crate) const QUANTITY_DECIMALS: u32 = 6;

impl Bill {
    /// Prices usage, one line for each step of a price's ladder.
    ///
    /// Usage of one price shares its ladder in the order given: a month has one first tier. Usage whose price is missing
    /// becomes a gap, one for each price and component.
    pub fn new(usage: &[Usage], gaps: Vec<Gap>, prices: &PriceList, beside: Beside) -> Self {
        Self::priced(usage, gaps, beside, |id| match beside.licence {
            Some(licence) if id == LICENCE => licence,
            _ => prices.price(id),
        })
    }

    /// The same, where someone else finds the prices.
    pub fn priced<'a>(
        usage: &[Usage],
        gaps: Vec<Gap>,
        beside: Beside,
        price_of: impl Fn(PriceId) -> &'a Price,
    ) -> Self {
        let mut gaps = gaps;
        let mut lines = Vec::with_capacity(usage.len());
        let mut used: Map<PriceId, Decimal> = Default::default();
        for use_ in usage {
            if use_.price.is_missing().is_some() {
                gaps.extend(beside.gap(use_).filter(|gap| !gaps.contains(gap)));
                continue;
            }
            let price = price_of(use_.price);
            // Amounts are finite (a law of the tests); one beyond 28 digits is held at the largest decimal of 16.
            let quantity = Decimal::from_f64(use_.amount / price.unit.size())
                .unwrap_or(Decimal::from_i128_with_scale(9_999_999_999_999_999, 0))
                .round_dp(QUANTITY_DECIMALS);
            let start = *used.get(&use_.price).unwrap_or(&Decimal::ZERO);
            let end = start + quantity;
            used.insert(use_.price, end);

            for (index, tier) in price.tiers.iter().enumerate() {
                let upper = price.tiers.get(index + 1).map(|next| next.from);
                let held = upper.map_or(end, |upper| end.min(upper)) - start.max(tier.from);
                // What is not used at all shows the step at which it would be.
                let next =
                    (index == 0 || start >= tier.from) && upper.is_none_or(|upper| start < upper);
                if held > Decimal::ZERO || (quantity.is_zero() && next) {
                    let held = held.max(Decimal::ZERO);
                    let contracted = tier.usd * (Decimal::ONE - price.discount);
                    lines.push(CostLine {
                        component: use_.component,
                        part: Part::default(),
                        cause: use_.cause,
                        grows_with: use_.grows_with,
                        sku: price.sku.clone(),
                        quantity: held,
                        unit: price.unit,
                        list_unit_price: tier.usd,
                        contracted_unit_price: contracted,
                        list_cost: tier.usd * held,
                        contracted_cost: contracted * held,
                        contracted_cost_low: tier
                            .low
                            .map(|low| low * (Decimal::ONE - price.discount) * held),
                        price_source: price.source.clone(),
                        price_as_of: price.as_of.clone(),
                        price_basis: price.basis.clone(),
                    });
                }
            }
        }
        order::sort_by_key(&mut lines, |line| line.component);
        Self { lines, gaps, absent: Vec::new() }
    }

    /// Takes another bill's lines over.
    pub fn extend(&mut self, other: Self) {
        self.lines.extend(other.lines);
        order::sort_by_key(&mut self.lines, |line| line.component);
        self.gaps.extend(other.gaps);
    }

    /// Bills of several months as one: quantities of the same line at the same price add up.
    pub fn total<'a>(bills: impl Iterator<Item = &'a Self>) -> Self {
        Self::added(&bills.collect::<Vec<_>>())
    }

    fn added(bills: &[&Self]) -> Self {
        let mut sum = Self::default();
        for (index, bill) in bills.iter().enumerate() {
            match index {
                0 => sum.absent.clone_from(&bill.absent),
                // Asked for once is asked for.
                _ => sum.absent.retain(|absent| bill.absent.contains(absent)),
            }
            for line in &bill.lines {
                let same = |known: &&mut CostLine| {
                    known.component == line.component
                        && known.part == line.part
                        && known.cause == line.cause
                        && known.grows_with == line.grows_with
                        && known.sku == line.sku
                        && known.list_unit_price == line.list_unit_price
                };
                match sum.lines.iter_mut().find(same) {
                    Some(known) => {
                        known.quantity += line.quantity;
                        known.list_cost += line.list_cost;
                        known.contracted_cost += line.contracted_cost;
                        if let (Some(sum), Some(low)) =
                            (&mut known.contracted_cost_low, line.contracted_cost_low)
                        {
                            *sum += low;
                        }
                    }
                    None => sum.lines.push(line.clone()),
                }
            }
            for gap in &bill.gaps {
                if !sum.gaps.contains(gap) {
                    sum.gaps.push(gap.clone());
                }
            }
        }
        order::sort_by_key(&mut sum.lines, |line| line.component);
        sum
    }

    /// Sum of list costs.
    pub fn list_cost(&self) -> Usd {
        self.lines.iter().map(|line| line.list_cost).sum()
    }

    /// Sum of contracted costs: what a month costs after negotiated discounts.
    pub fn contracted_cost(&self) -> Usd {
        self.lines.iter().map(|line| line.contracted_cost).sum()
    }

    /// Sum of contracted costs at the lower ends of prices of which only a range is public.
    pub fn contracted_cost_low(&self) -> Usd {
        let low = |line: &CostLine| line.contracted_cost_low.unwrap_or(line.contracted_cost);
        self.lines.iter().map(low).sum()
    }

    /// Whether some price is public as a range only.
    pub fn is_range(&self) -> bool {
        self.lines.iter().any(|line| line.contracted_cost_low.is_some())
    }

    /// What stands before its total: `≥` where a price is missing, `≤` where only a range is public and its upper end is
    /// charged, `≈` where both are so, nothing where it is exact.
    pub fn bound(&self) -> &'static str {
        match (self.gaps.is_empty(), self.is_range()) {
            (true, false) => "",
            (false, false) => "≥",
            (true, true) => "≤",
            (false, true) => "≈",
        }
    }

    /// Whether a price of a component is missing.
    pub fn lacks(&self, component: Component) -> bool {
        self.gaps.iter().any(|gap| gap.component == component)
    }

    /// Contracted cost of one component.
    pub fn of_component(&self, component: Component) -> Usd {
        self.sum(|line| line.component == component)
    }

    /// Contracted cost of one cause.
    pub fn of_cause(&self, cause: Cause) -> Usd {
        self.sum(|line| line.cause == cause)
    }

    /// Contracted cost that grows with one driver.
    pub fn of_driver(&self, driver: Driver) -> Usd {
        self.sum(|line| line.grows_with == driver)
    }

    fn sum(&self, wanted: impl Fn(&CostLine) -> bool) -> Usd {
        self.lines.iter().filter(|line| wanted(line)).map(|line| line.contracted_cost).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::{Price, PriceGroup};

    /// S3 Standard in us-east-1: 50 TiB, then 450 TiB, then the rest.
    fn ladder() -> PriceList {
        let usd = |text: &str| text.parse().expect("a literal in a test");
        PriceList {
            provider: "aws".into(),
            region: "us-east-1".into(),
            prices: vec![Price::new(
                "s3:standard:storage",
                PriceUnit::GibMonth,
                PriceGroup::ObjectStorage,
                &[
                    (0.into(), usd("0.023")),
                    (51_200.into(), usd("0.022")),
                    (512_000.into(), usd("0.021")),
                ],
                "a test",
                "2026-01-01",
                "listed",
            )],
            machines: Vec::new(),
            disks: Default::default(),
            meters: Default::default(),
            ..PriceList::default()
        }
    }

    fn kept(gib: f64) -> Usage {
        Usage {
            component: Component::ObjectStorage,
            cause: Cause::Retain,
            grows_with: Driver::Retention,
            price: PriceId(0),
            amount: gib * crate::units::GIB,
        }
    }

    #[test]
    fn a_ladder_is_priced_step_by_step() {
        check(&[kept(0.0)], &["0.000000"]);
        check(&[kept(51_200.0)], &["1177.600000000"]);
        check(&[kept(58_912.5)], &["1177.600", "169.6750000"]);
        check(&[kept(512_100.0)], &["1177.600", "10137.600", "2.1000000"]);
    }

    #[test]
    fn what_is_not_used_shows_the_step_at_which_it_would_be() {
        for (before, shown) in [(0.0, "0.023"), (51_199.0, "0.023"), (51_200.0, "0.022")] {
            let bill = billed(&[kept(before), kept(0.0)], &ladder());
            let last = bill.lines.last().expect("a line");
            assert!(last.quantity.is_zero() && last.list_cost == Usd::ZERO, "{before}: {last:?}");
            assert_eq!(last.list_unit_price, shown.parse().expect("a price"), "{before} GiB");
        }
    }

    #[test]
    fn usage_of_one_price_shares_its_ladder() {
        check(&[kept(51_000.0), kept(400.0)], &["1173.000000000", "4.600", "4.4000000"]);
    }

    #[test]
    fn a_float_ranks_as_the_decimals_add_up() {
        for prices in [ladder(), contracted()] {
            for gib in [0.0, 1.0, 51_200.0, 58_912.5, 600_000.0] {
                let bill = billed(&[kept(gib)], &prices);
                let amount = gib * crate::units::GIB;
                let list = prices.prices[0].approximate_list_cost(amount);
                let contracted = prices.prices[0].approximate_cost(amount);
                let slips = [
                    bill.list_cost().as_f64() - list,
                    bill.contracted_cost().as_f64() - contracted,
                ];
                assert!(slips.iter().all(|slip| slip.abs() < 1e-6), "{gib} GiB: {slips:?}");
            }
        }
    }

    /// The ladder at a discount of a tenth, of which only a range from half of it is public.
    fn contracted() -> PriceList {
        let mut prices = ladder();
        for tier in &mut prices.prices[0].tiers {
            tier.low = Some(Usd::new(tier.usd.dollars() / Decimal::TWO));
        }
        prices.prices[0].set_discount(Decimal::new(1, 1));
        prices
    }

    fn billed(usage: &[Usage], prices: &PriceList) -> Bill {
        Bill::new(usage, Vec::new(), prices, Beside::default())
    }

    #[test]
    fn a_part_is_named_by_where_it_is_and_what_it_stands_on() {
        let part = |region: &str, on: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Part { region: some(region), on: some(on) }
        };
        for (region, on, name) in [
            ("", "", ""),
            ("eu", "", "eu"),
            ("", "kafka-gp3", "kafka-gp3"),
            ("eu", "kafka-gp3", "eu on kafka-gp3"),
        ] {
            assert_eq!(part(region, on).name(), name);
            assert_eq!(part(region, on).is_whole(), name.is_empty());
        }
    }

    #[test]
    fn some_hours_of_a_plan_cost_their_share_of_its_month() {
        use crate::units::Hours;
        // A month of $730 at list, a tenth less by contract, of which a range from half of that is public.
        let usd = |text: &str| text.parse::<Usd>().expect("a literal in a test");
        let mut bill = billed(&[kept(1.0)], &contracted());
        let line = &mut bill.lines[0];
        (line.list_cost, line.contracted_cost) = (usd("730"), usd("657"));
        line.contracted_cost_low = Some(usd("328.5"));
        let (hours, month) = (Hours::new(100.0), Hours::new(730.0));
        let share = CostLine::share_of_plan("kafka", Cause::Migrate, hours, month, &bill);
        assert_eq!((share.quantity, share.list_unit_price), (Decimal::ONE_HUNDRED, usd("1")));
        assert_eq!((share.list_cost, share.contracted_cost), (usd("100"), usd("90")));
        assert_eq!(share.contracted_cost_low, Some(usd("45")));
        bill.lines[0].contracted_cost_low = None;
        let share = CostLine::share_of_plan("kafka", Cause::Migrate, hours, month, &bill);
        assert_eq!(share.contracted_cost_low, None);
    }

    #[test]
    fn a_discount_is_taken_off_every_step() {
        let bill = billed(&[kept(51_300.0)], &contracted());
        let usd = |text: &str| text.parse::<Usd>().expect("a literal in a test");
        // 51,200 GiB at $0.023 and 100 at $0.022 are $1,179.80.
        assert_eq!(bill.list_cost(), usd("1179.80"));
        assert_eq!(bill.contracted_cost(), usd("1061.82"));
        assert_eq!(bill.contracted_cost_low(), usd("530.91"));
        let prices = bill.lines.iter().map(|line| line.contracted_unit_price);
        assert_eq!(prices.collect::<Vec<_>>(), [usd("0.0207"), usd("0.0198")]);
    }

    #[test]
    fn costs_are_told_apart_by_what_made_them() {
        let replayed = Usage {
            component: Component::ObjectRequests,
            cause: Cause::Replay,
            grows_with: Driver::HistoricalReads,
            ..kept(1000.0)
        };
        let bill = billed(&[kept(2000.0), replayed], &contracted());
        let usd = |text: &str| text.parse::<Usd>().expect("a literal in a test");
        let (one, other) = (usd("41.4"), usd("20.7"));
        assert_eq!(bill.of_component(Component::ObjectStorage), one);
        assert_eq!(bill.of_component(Component::ObjectRequests), other);
        assert_eq!(bill.of_component(Component::Brokers), Usd::ZERO);
        assert_eq!((bill.of_cause(Cause::Retain), bill.of_cause(Cause::Replay)), (one, other));
        assert_eq!(bill.of_driver(Driver::Retention), one);
        assert_eq!(bill.of_driver(Driver::HistoricalReads), other);
    }

    #[test]
    fn what_is_missing_is_a_gap_wherever_there_is_usage_of_it() {
        let missing = [ladder().meter(crate::prices::Meter::ZoneOut).expect_err("no such price")];
        let beside = Beside { licence: None, missing: &missing };
        let used = |amount| Usage { price: PriceId::missing(0), amount, ..kept(0.0) };
        let gaps = |usage: &[Usage]| Bill::new(usage, Vec::new(), &ladder(), beside).gaps.len();
        assert_eq!(gaps(&[used(0.0)]), 0);
        // One for each price and component, however often it is used.
        assert_eq!(gaps(&[used(1.0), used(2.0)]), 1);
        let of_another = Usage { component: Component::ZoneCrossing, ..used(1.0) };
        assert_eq!(gaps(&[used(1.0), of_another]), 2);
        assert!(beside.lacks(&used(1.0)) && !beside.lacks(&used(0.0)) && !beside.lacks(&kept(1.0)));
        let bill = Bill::new(&[used(1.0)], Vec::new(), &ladder(), beside);
        assert!(bill.lacks(Component::ObjectStorage) && !bill.lacks(Component::ZoneCrossing));
    }

    #[test]
    fn a_total_says_on_which_side_it_is_not_exact() {
        let gap = || Gap {
            component: Component::Brokers,
            what: "a price".to_owned(),
            hint: "state it".to_owned(),
        };
        let exact = billed(&[kept(1.0)], &ladder());
        let range = billed(&[kept(1.0)], &contracted());
        let with_gap = |bill: &Bill| Bill { gaps: vec![gap()], ..bill.clone() };
        assert_eq!((exact.bound(), with_gap(&exact).bound()), ("", "≥"));
        assert_eq!((range.bound(), with_gap(&range).bound()), ("≤", "≈"));
    }

    #[test]
    fn months_add_up_line_by_line() {
        let bill = |gib, absent: &[Component]| {
            let mut bill = billed(&[kept(gib)], &contracted());
            bill.absent =
                absent.iter().map(|&component| Absent { component, included: None }).collect();
            bill
        };
        let first = bill(1000.0, &[Component::Backups, Component::Support]);
        let second = bill(500.0, &[Component::Support]);
        let sum = Bill::total([&first, &second].into_iter());
        assert_eq!(sum.lines.len(), 1);
        assert_eq!(sum.lines[0].quantity, Decimal::from(1500));
        assert_eq!(sum.list_cost(), first.list_cost() + second.list_cost());
        assert_eq!(sum.contracted_cost(), first.contracted_cost() + second.contracted_cost());
        let lows = first.contracted_cost_low() + second.contracted_cost_low();
        assert_eq!(sum.contracted_cost_low(), lows);
        // What one month asked for is asked for.
        assert_eq!(
            sum.absent.iter().map(|one| one.component).collect::<Vec<_>>(),
            [Component::Support]
        );

        // A line is the same only where everything that tells it apart is.
        let changes: [fn(&mut CostLine); 6] = [
            |line| line.component = Component::Backups,
            |line| line.part.region = Some("eu".to_owned()),
            |line| line.cause = Cause::Replay,
            |line| line.grows_with = Driver::Fixed,
            |line| line.sku.push('x'),
            |line| line.list_unit_price = Usd::ZERO,
        ];
        for (index, change) in changes.iter().enumerate() {
            let mut other = second.clone();
            change(&mut other.lines[0]);
            let sum = Bill::total([&first, &other].into_iter());
            assert_eq!(sum.lines.len(), 2, "change {index}");
            assert_eq!(sum.list_cost(), first.list_cost() + second.list_cost());
        }
    }

    #[track_caller]
    fn check(usage: &[Usage], expected: &[&str]) {
        let bill = Bill::new(usage, Vec::new(), &ladder(), Beside::default());
        let costs: Vec<Decimal> = bill.lines.iter().map(|line| line.list_cost.dollars()).collect();
        let expected: Vec<Decimal> =
            expected.iter().map(|text| text.parse().expect("a literal")).collect();
        assert_eq!(costs, expected);
    }
}
