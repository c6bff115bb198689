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
