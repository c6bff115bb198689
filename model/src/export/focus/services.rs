//! What the lines of a bill are in FOCUS: categories of services, types of resources, units.

use crate::bill::{Component, Driver};
use crate::prices::PriceUnit;

/// How a component stands in FOCUS, where nothing else is known of what is sold.
pub(super) struct ComponentKind {
    pub component: Component,
    /// ServiceCategory and ServiceSubcategory of what the catalogue has no service for.
    pub category: (&'static str, &'static str),
    /// ResourceType; empty for what is no thing.
    pub resource: &'static str,
    /// What a line grows with that recurs whatever is used.
    pub recurs: &'static [Driver],
}

const fn kind(
    component: Component,
    category: (&'static str, &'static str),
    resource: &'static str,
    recurs: &'static [Driver],
) -> ComponentKind {
    ComponentKind { component, category, resource, recurs }
}

const VIRTUAL_MACHINES: (&str, &str) = ("Compute", "Virtual Machines");
const BLOCK_STORAGE: (&str, &str) = ("Storage", "Block Storage");
const OBJECT_STORAGE: (&str, &str) = ("Storage", "Object Storage");
const CONNECTIVITY: (&str, &str) = ("Networking", "Network Connectivity");
const INFRASTRUCTURE: (&str, &str) = ("Networking", "Network Infrastructure");
const OTHER: (&str, &str) = ("Other", "Other (Other)");
const MESSAGING: (&str, &str) = ("Integration", "Messaging");

/// Every component, in the order of a bill.
static COMPONENTS: &[ComponentKind] = &[
    kind(Component::Brokers, VIRTUAL_MACHINES, "Instance", &[]),
    kind(Component::Controllers, VIRTUAL_MACHINES, "Instance", &[]),
    kind(Component::BlockStorage, BLOCK_STORAGE, "Volume", &[]),
    kind(Component::Wal, BLOCK_STORAGE, "Volume", &[]),
    kind(Component::ObjectStorage, OBJECT_STORAGE, "Bucket", &[]),
    kind(Component::ObjectRequests, OBJECT_STORAGE, "Bucket", &[]),
    kind(Component::ZoneCrossing, CONNECTIVITY, "", &[]),
    kind(Component::RegionCrossing, CONNECTIVITY, "", &[]),
    kind(Component::ClientPaths, CONNECTIVITY, "", &[]),
    kind(Component::PrivateConnectivity, INFRASTRUCTURE, "Private Endpoint", &[]),
    kind(Component::LoadBalancers, ("Networking", "Application Networking"), "Load Balancer", &[]),
    kind(Component::ServiceFee, MESSAGING, "", &[Driver::Fixed]),
    kind(Component::Connectors, MESSAGING, "Connector Worker", &[]),
    kind(Component::Observability, ("Management and Governance", "Observability"), "", &[]),
    kind(Component::Backups, ("Storage", "Backup Storage"), "Backup", &[]),
    kind(
        Component::Support,
        ("Management and Governance", "Support"),
        "",
        &[Driver::Bill, Driver::Fixed],
    ),
    kind(Component::Migration, ("Migration", "Other (Migration)"), "", &[Driver::Fixed]),
    // People's time has no place in FOCUS, and no row.
    kind(Component::Labour, OTHER, "", &[]),
];

/// What providers take off is for nothing of it; the component says nothing here.
static CREDITS: ComponentKind = kind(Component::Support, OTHER, "", &[Driver::Fixed]);

/// How a component stands in FOCUS. What stands on no bill, a credit, is of none.
pub(super) fn kind_of(component: Option<Component>) -> &'static ComponentKind {
    let known = component.and_then(|wanted| COMPONENTS.iter().find(|one| one.component == wanted));
    known.unwrap_or(&CREDITS)
}

/// A unit in FOCUS' format: a plural, or a singular and the plural of a time.
static UNITS: &[(PriceUnit, &str)] = &[
    (PriceUnit::Hour, "Hours"),
    (PriceUnit::Gib, "GiB"),
    (PriceUnit::Gb, "GB"),
    (PriceUnit::GibMonth, "GiB-Months"),
    (PriceUnit::GbMonth, "GB-Months"),
    (PriceUnit::Request, "Requests"),
    (PriceUnit::IopsMonth, "IOPS-Months"),
    (PriceUnit::MibPerSecMonth, "MiBps-Months"),
    (PriceUnit::MbPerSecMonth, "MBps-Months"),
    (PriceUnit::Month, "Months"),
    (PriceUnit::Dollar, "USD"),
];

/// A unit as FOCUS writes it.
pub(super) fn unit(unit: PriceUnit) -> &'static str {
    let row = UNITS.iter().find(|(known, _)| *known == unit);
    row.map_or("", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_has_a_row_in_the_order_of_a_bill() {
        let components: Vec<Component> = COMPONENTS.iter().map(|kind| kind.component).collect();
        assert_eq!(components, Component::ALL);
    }

    #[test]
    fn every_unit_has_a_name_in_focus() {
        for (_, unit) in PriceUnit::ALL {
            assert_ne!(super::unit(unit), "", "{}", unit.name());
        }
        assert_eq!(unit(PriceUnit::Dollar), "USD");
    }
}
