use model::bill::Component;
use model::money::Usd;
use model::plan::Plan;
use yew::prelude::*;

use super::{ComparisonProps, at_least, components, dollars, has_gap, pays, scrolling, total};

/// Where the money goes, platform by platform. What is shown adds up.
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
                    { row(plan, &plan.design.name, &components) }
                    for part in &plan.parts {
                        { row(part, &format!("{}, {}", plan.design.name, part.part.name()), &components) }
                    }
                }
            </tbody>
        </table>
    };
    scrolling("Cost per month by component", table)
}

/// A platform, or a part of one below it.
fn row(plan: &Plan, name: &str, components: &[Component]) -> Html {
    let exact: Vec<Usd> =
        components.iter().map(|&component| plan.of_component(component)).collect();
    html! {
        <tr key={name.to_owned()}>
            <th scope="row">{ name }</th>
            for (&component, shown) in components.iter().zip(dollars(&exact)) {
                { cell(plan, component, shown) }
            }
            <td class="number total">{ total(plan) }</td>
        </tr>
    }
}

fn cell(plan: &Plan, component: Component, shown: String) -> Html {
    match (has_gap(plan, component), pays(plan, component)) {
        (true, false) => html! { <td class="number">{ "?" }</td> },
        (true, true) => html! { <td class="number">{ at_least(&shown) }</td> },
        // Less than half a dollar is a cost too.
        (false, true) => html! { <td class="number">{ shown }</td> },
        (false, false) => html! { <td class="number none">{ "–" }</td> },
    }
}
