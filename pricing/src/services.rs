//! What providers and vendors call what they sell, as their own cost data does.

use model::map::Map;
use model::prices::{Service, Services};

use crate::cells::{self, Place};
use crate::findings::{Finding, Problem};

cells::columns!(
    /// Columns of `services.csv`. A row without a provider holds on all of them, and one without a SKU names the provider
    /// itself.
    COLUMNS,
    RawService { provider, sku, service, service_provider, service_category, service_subcategory }
);

/// Reads `services.csv`; what it says of one provider, and of vendors on any.
pub(crate) fn services(
    file: &str,
    text: &str,
    provider: &str,
    findings: &mut Vec<Finding>,
) -> Services {
    let records = cells::records(file, text, COLUMNS, findings);
    let (mut lines, mut services) = (Map::new(), Services::default());
    for (line, record) in &records {
        let raw = RawService::of(record);
        let mut place = Place { file, line: *line, findings };
        place.keep(cells::filled("service_provider", raw.service_provider));
        if !raw.sku.is_empty() {
            place.keep(cells::filled("service", raw.service));
            place.keep(cells::filled("service_category", raw.service_category));
            place.keep(cells::filled("service_subcategory", raw.service_subcategory));
        }
        if let Some(first) = lines.insert((raw.provider, raw.sku), *line) {
            let what = format!("`{}` of provider `{}`", raw.sku, raw.provider);
            place.note(Problem::Duplicate { what, first });
        }
        if raw.provider == provider || raw.provider.is_empty() {
            let service = Service {
                name: raw.service.to_owned(),
                provider: raw.service_provider.to_owned(),
                category: raw.service_category.to_owned(),
                subcategory: raw.service_subcategory.to_owned(),
            };
            services.0.insert(raw.sku.to_owned(), service);
        }
    }
    services
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "provider,sku,service,service_provider,service_category,service_subcategory\n\
        acme,,,Acme,,\n\
        acme,vm,Acme Machines,Acme,Compute,Virtual Machines\n\
        other,vm,Other Machines,Other,Compute,Virtual Machines\n\
        other,disk,Other Disks,Other,Storage,Block Storage\n\
        ,broker,Brokers,A Vendor,Integration,Messaging\n";

    #[test]
    fn a_provider_has_its_own_services_and_those_of_vendors() {
        let mut findings = Vec::new();
        let services = services("services.csv", TEXT, "acme", &mut findings);
        assert_eq!(findings, []);
        assert_eq!(services.provider(), Some("Acme"));
        let name = |sku: &str| services.of(sku).map(|service| service.name.as_str());
        assert_eq!(name("vm:m1"), Some("Acme Machines"));
        assert_eq!(name("broker:hour"), Some("Brokers"));
        assert_eq!(name("disk:ssd"), None);
    }

    #[test]
    fn a_service_is_described_once_and_in_full() {
        let twice = format!("{TEXT}acme,vm,Acme Machines,Acme,Compute,Virtual Machines\n");
        check(&twice, "services.csv:7: `vm` of provider `acme` stands on line 3 already");
        check(
            &TEXT.replace("Brokers,A Vendor", "Brokers,"),
            "services.csv:6: `service_provider` is empty",
        );
        check(&TEXT.replace("Block Storage", ""), "services.csv:5: `service_subcategory` is empty");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut findings = Vec::new();
        services("services.csv", text, "acme", &mut findings);
        let found: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(found, [expected]);
    }
}
