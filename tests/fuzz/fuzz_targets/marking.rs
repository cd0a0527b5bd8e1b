//! No text panics the marking engine, and every place it names lies within the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relto::marking::declassify::parse_declassify;
use relto::marking::parse::{Form, parse, parse_release};

fuzz_target!(|text: &str| {
    for form in [Form::Banner, Form::Portion, Form::Auto] {
        let parsed = parse(text, form, None);
        let length = text.chars().count();
        assert!(parsed.problems.iter().all(|problem| problem.offset + problem.length <= length));
        if let Some(marking) = parsed.marking {
            let _ = (marking.banner(), marking.portion(), marking.document_problems());
        }
    }
    let _ = parse_release(text, None);
    let _ = parse_declassify(text, None);
});
