//! Declassify On values one a line: none panics, what is valid prints as read, and the longest of them is one of them or
//! an N/A string.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relto::marking::declassify::{Declassify, longest, parse_declassify};

fuzz_target!(|text: &str| {
    let mut values = Vec::new();
    for line in text.split('\n').take(12) {
        let parsed = parse_declassify(line, None);
        let length = line.chars().count();
        assert!(parsed.problems.iter().all(|problem| problem.offset + problem.length <= length));
        if let Some(value) = parsed.value {
            let printed = value.to_string();
            assert_eq!(parse_declassify(&printed, None).value.as_ref(), Some(&value), "{printed}");
            values.push(value);
        }
    }
    match longest(&values) {
        None => assert!(values.is_empty()),
        Some(Declassify::NotApplicable { .. }) => {}
        Some(value) => assert!(values.contains(&value)),
    }
});
