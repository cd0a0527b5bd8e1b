//! `[rule.unless_followed]` and `[rule.preceded]`: a record near this one that lifts a rule, or that it needs.

use crate::base::decode::{Entries, Reader};
use crate::base::source::{Place, Placed};
use crate::policy::clock;
use crate::policy::condition;
use crate::policy::fields;
use crate::policy::rule::Followed;
use crate::policy::rules::required_choice;
use crate::policy::scope::Scope;
use crate::record::field::Type;
use crate::record::kind::Kind;

/// `[rule.unless_followed]` and `[rule.preceded]`.
pub(super) fn followed(scope: &mut Scope<'_>, entries: &Entries, place: &Place, what: &str) -> Option<Followed> {
    let mut reader = Reader::new(entries, place.clone(), what);
    reader.required(
        "by",
        "{ kind = \"sharing_change\", when = { action = { is = \"resume\" } } }",
    );
    let by = reader.table("by");
    let within = reader.required_text("within", "\"24 hours\"");
    reader.required("same", "\"resumes\"");
    let same = reader.texts("same").unwrap_or_default();
    scope.diagnostics.extend(reader.finish());

    let within = within.and_then(|within| clock::within(scope, &within));
    let (entries, by_place) = by?;
    let mut reader = Reader::new(entries, by_place.clone(), "`by`");
    let kind = required_choice(&mut reader, "kind", "\"sharing_change\"", Kind::NAMES).and_then(Kind::named);
    let when = reader.table("when");
    scope.diagnostics.extend(reader.finish());
    let kind = kind?;
    let when =
        when.map(|(entries, place)| scope.with_kinds(vec![kind], |scope| condition::table(scope, entries, place)));
    let same = same.iter().filter_map(|field| shared(scope, kind, field)).collect();
    Some(Followed {
        kind,
        when,
        within: within?,
        same,
        place: place.clone(),
    })
}

/// A link of the follower, or a field that both records have.
fn shared(scope: &mut Scope<'_>, follower: Kind, text: &Placed<String>) -> Option<String> {
    let parts = fields::parts_of(text, scope.sources);
    let found = fields::find(&[follower], &parts).and_then(|found| match found.path.of {
        Type::Link | Type::List(Type::Link) => Ok(found),
        _ => fields::find(&scope.kinds, &parts),
    });
    match found {
        Ok(_) => Some(text.value.clone()),
        Err(diagnostic) => {
            scope.report(*diagnostic);
            None
        }
    }
}
