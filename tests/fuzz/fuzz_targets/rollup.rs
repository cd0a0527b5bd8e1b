//! Portions one a line: whatever they say, the banner reads as what it is, is at least as strict as each portion's level,
//! and does not depend on their order.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relto::marking::ast::Marking;
use relto::marking::parse::{Form, parse};
use relto::marking::rollup::{Profile, roll_up};

fuzz_target!(|text: &str| {
    let read = |line: &str| parse(line, Form::Portion, None).marking;
    let mut portions: Vec<Marking> = text.lines().take(12).filter_map(read).collect();
    for profile in [Profile::default(), Profile::dod()] {
        let rolled = roll_up(&portions, &profile);
        portions.reverse();
        assert_eq!(roll_up(&portions, &profile).banner, rolled.banner);
        let (Some(banner), Some(marking)) = (rolled.banner, rolled.marking) else { continue };
        assert_eq!(parse(&banner, Form::Banner, None).marking.as_ref(), Some(&marking), "{banner}");
        assert!(portions.iter().all(|portion| portion.level() <= marking.level()), "{banner}");
    }
});
