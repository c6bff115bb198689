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
        </div>
    }
}
