//! No text panics the marking engine, every place it names lies within the text, what is valid is its own canonical form,
//! and what is offered instead is valid.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relto::marking::parse::{Form, parse, parse_release};
use relto::marking::rollup::ProfileKind;
use relto::marking::vocabulary::Vocabulary;

fuzz_target!(|text: &str| {
    let length = text.chars().count();
    for form in [Form::Banner, Form::Portion, Form::Auto] {
        let parsed = parse(text, form, None);
        assert!(parsed.problems.iter().all(|problem| problem.offset + problem.length <= length));
        assert_eq!(parsed.is_valid(), !parsed.problems.iter().any(|problem| problem.is_error()));
        if let Some(canonical) = &parsed.canonical {
            assert!(parse(canonical, parsed.form, None).is_valid());
        }
        if let Some(marking) = parsed.marking {
            let _ = marking.document_problems(form, ProfileKind::Ic, Vocabulary::standard());
            if let Some(back) = parse(&marking.portion(), Form::Portion, None).marking {
                assert_eq!(back, marking);
            }
        }
    }
    let release = parse_release(text, None);
    assert!(release.problems.iter().all(|problem| problem.offset + problem.length <= length));
});
