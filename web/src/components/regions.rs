use std::collections::BTreeMap;

use pricing::{PAGE_REGIONS, REGION_FILES};
use yew::prelude::*;

use crate::answer::place;

/// Whose prices there are: those that came with the page, and those that are fetched when a scenario names them.
#[component]
pub fn Regions() -> Html {
    let (here, elsewhere) = (by_provider(PAGE_REGIONS), by_provider(REGION_FILES));
    html! {
        <details class="regions">
            <summary>{ format!("Prices of {} regions", PAGE_REGIONS.len() + REGION_FILES.len()) }</summary>
            <p>{ "On this page: " }{ listed(&here) }{ "." }</p>
            <p>{ "Fetched from this site when a scenario names one: " }{ listed(&elsewhere) }{ "." }</p>
        </details>
    }
}

type ByProvider = BTreeMap<&'static str, Vec<&'static str>>;

fn by_provider(paths: &[&'static str]) -> ByProvider {
    let mut regions = ByProvider::new();
    for (provider, region) in paths.iter().filter_map(|path| place(path)) {
        regions.entry(provider).or_default().push(region);
    }
    regions
}

/// `aws eu-central-1, us-east-1; gcp us-central1`.
fn listed(regions: &ByProvider) -> String {
    let each = regions.iter().map(|(provider, names)| format!("{provider} {}", names.join(", ")));
    each.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_stand_by_their_provider() {
        let regions = by_provider(&["aws/us-east-1.csv", "gcp/us-west1.csv", "aws/sa-east-1.csv"]);
        assert_eq!(listed(&regions), "aws us-east-1, sa-east-1; gcp us-west1");
    }
}
