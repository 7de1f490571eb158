//! An element of the widget among Leptos' own views: what a component returns and `view!` takes.
//!
//! Leptos' `IntoView` is everything that implements the traits below and can be sent; so a function that gives a [`View`] is a component. In a
//! server's HTML the view is an empty place, which is filled in the browser.

use crate::dom::El;
use std::future::Future;
use tachys::html::attribute::Attribute;
use tachys::html::attribute::any_attribute::AnyAttribute;
use tachys::hydration::Cursor;
use tachys::view::add_attr::AddAnyAttr;
use tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use web_sys::{Element, Node};

/// Makes an element when Leptos asks for it, in the reactive owner of that moment.
pub struct View<F>(F);

impl<F: FnOnce() -> El + Send + 'static> View<F> {
    /// A view of the element that `build` makes.
    pub const fn new(build: F) -> Self {
        Self(build)
    }
}

impl<F: FnOnce() -> El + Send + 'static> Render for View<F> {
    type State = El;

    fn build(self) -> El {
        (self.0)()
    }

    fn rebuild(self, state: &mut El) {
        let fresh = self.build();
        // An element that stands somewhere can be replaced there; elsewhere it is the fresh one that will be mounted.
        let _ = state.element().replace_with_with_node_1(fresh.element());
        *state = fresh;
    }
}

impl<F: FnOnce() -> El + Send + 'static> RenderHtml for View<F> {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = "<!>".len();

    fn dry_resolve(&mut self) {}

    fn resolve(self) -> impl Future<Output = Self> + Send {
        std::future::ready(self)
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        buf.push_str("<!>");
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> El {
        let place = cursor.next_placeholder(position);
        position.set(Position::NextChild);
        let mut built = self.build();
        if let Some(parent) = place.parent_element() {
            built.mount(&parent, Some(&place));
        }
        built
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// Attributes that are spread onto the view have no effect: what the element has, it was made with.
impl<F: FnOnce() -> El + Send + 'static> AddAnyAttr for View<F> {
    type Output<NewAttribute: Attribute> = Self;

    fn add_any_attr<NewAttribute: Attribute>(self, _: NewAttribute) -> Self::Output<NewAttribute> {
        self
    }
}

impl Mountable for El {
    fn unmount(&mut self) {
        self.element().remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        // Leptos gives a marker that stands in the parent.
        let _ = parent.insert_before(self.element(), marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = self.element().parent_element();
        if let Some(parent) = &parent {
            child.mount(parent, Some(self.element()));
        }
        parent.is_some()
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element().clone()]
    }
}

#[cfg(test)]
mod tests {
    use crate::components::widget;
    use crate::dom::div;
    use crate::flow::Flow;
    use crate::view::View;
    use tachys::view::RenderHtml;

    /// What `leptos::IntoView` is implemented for.
    fn is_a_view<P, V: RenderHtml + Sized + Send + 'static>(_: fn(P) -> V) {}

    #[test]
    fn the_top_of_the_widget_is_a_component() {
        is_a_view::<Flow, _>(widget);
    }

    #[test]
    fn a_server_leaves_a_place_for_it() {
        let view = View::new(|| div("never made on a server"));
        assert_eq!(view.to_html(), "<!>");
    }
}
