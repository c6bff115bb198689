use model::bill::Component;
use model::money::{Usd, largest_remainder};
use model::plan::Plan;
use yew::prelude::*;

use super::{ComparisonProps, components, scrolling, total};

/// Where the money goes, platform by platform. What is shown adds up, to the cent.
#[component]
pub fn ComponentTable(props: &ComparisonProps) -> Html {
    let comparison = &props.comparison;
    let components = components(comparison);
    let table = html! {
        <table class="dense">
            <caption>{ "Cost per month by component" }</caption>
            <thead>
                <tr>
                    <th scope="col">{ "Platform" }</th>
                    for component in &components {
                        <th scope="col" class="number">{ component.name() }</th>
                    }
                    <th scope="col" class="number">{ "Total" }</th>
                </tr>
            </thead>
            <tbody>
                for plan in comparison.plans() {
                    { row(plan, &components) }
                }
            </tbody>
        </table>
    };
    scrolling("Cost per month by component", table)
}

fn row(plan: &Plan, components: &[Component]) -> Html {
    let exact: Vec<Usd> =
        components.iter().map(|&component| plan.bill.of_component(component)).collect();
    html! {
        <tr key={plan.design.name.clone()}>
            <th scope="row">{ &plan.design.name }</th>
            for cost in largest_remainder(&exact, 2) {
                <td class={classes!("number", cost.dollars().is_zero().then_some("none"))}>{ cost.to_string() }</td>
            }
            <td class="number total">{ total(plan) }</td>
        </tr>
    }
}
