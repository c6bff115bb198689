use model::Comparison;
use model::money::Usd;
use model::plan::Plan;
use yew::prelude::*;

use super::{ComparisonProps, class, components, total};

/// Length of the longest bar, in units of the drawing.
const WIDTH: f64 = 1000.0;

/// A bar for each platform, a part for each component; the tables below say the same in figures.
#[component]
pub fn Chart(props: &ComparisonProps) -> Html {
    let comparison = &props.comparison;
    let largest = comparison.plans().map(Plan::monthly_cost).max().unwrap_or(Usd::ZERO);
    if largest <= Usd::ZERO {
        return Html::default();
    }
    html! {
        <figure class="chart">
            <figcaption>{ "Cost per month by component" }</figcaption>
            { legend(comparison) }
            <dl>
                for plan in comparison.plans() {
                    <div key={plan.design.name.clone()}>
                        <dt>{ &plan.design.name }</dt>
                        <dd>
                            { bar(plan, largest) }
                            <span>{ total(plan) }</span>
                        </dd>
                    </div>
                }
            </dl>
        </figure>
    }
}

fn legend(comparison: &Comparison) -> Html {
    html! {
        <ul class="legend">
            for component in components(comparison) {
                <li>
                    <svg viewBox="0 0 10 10" aria-hidden="true">
                        <rect class={class(component)} width="10" height="10" />
                    </svg>
                    { component.name() }
                </li>
            }
        </ul>
    }
}

fn bar(plan: &Plan, largest: Usd) -> Html {
    let scale = WIDTH / largest.as_f64();
    let mut start = 0.0;
    let parts = model::bill::Component::ALL.iter().map(|&component| {
        let cost = plan.of_component(component);
        let width = cost.as_f64().max(0.0) * scale;
        let x = start;
        start += width;
        html! {
            <rect class={class(component)} x={format!("{x:.1}")} width={format!("{width:.1}")} height="10">
                <title>{ format!("{}: {cost}", component.name()) }</title>
            </rect>
        }
    });
    html! {
        <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
            { for parts }
        </svg>
    }
}
