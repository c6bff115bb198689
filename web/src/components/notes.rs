use model::Comparison;
use model::bill::Component;
use yew::prelude::*;

use super::{ComparisonProps, prose};

/// The rest of the verdict, and what the answer is about.
#[component]
pub fn Notes(props: &ComparisonProps) -> Html {
    let comparison = &props.comparison;
    let months = comparison.plans().map(|plan| plan.months.len()).max().unwrap_or(1);
    html! {
        <div class="notes">
            for sentence in comparison.verdict.sentences.iter().skip(1) {
                <p>{ prose(sentence) }</p>
            }
            <p class="about">
                { &comparison.title }
                { ": prices of " }{ &comparison.provider }{ " " }{ &comparison.region }
                { format!(", a month on average over {months}") }
                if let Some(plan) = comparison.plans().next() {
                    { format!(", {} produced on average and {} at the peak of the busiest", plan.load.produce, plan.load.produce_peak) }
                }
                { "." }
            </p>
            if let Some(names) = not_asked_for(comparison) {
                <p class="about">{ format!("Not asked for, and so zero: {names}.") }</p>
            }
        </div>
    }
}

/// Lines that no platform's bill has because nobody asked for them.
fn not_asked_for(comparison: &Comparison) -> Option<String> {
    let absent = |component: &Component| {
        comparison.plans().all(|plan| {
            let mut absent = plan.bill.absent.iter();
            absent.any(|one| one.component == *component && one.included.is_none())
        })
    };
    let names: Vec<&str> = Component::OPTIONAL
        .iter()
        .filter(|component| absent(component))
        .map(|component| component.name())
        .collect();
    let any = !names.is_empty() && comparison.plans().next().is_some();
    any.then(|| names.join(", "))
}
