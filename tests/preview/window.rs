//! The page of the preview in a narrow window, beside an editor.

use super::browser::Browser;
use super::look::{LETTER, choose, legible, new_pages, open, pages, problems};
use super::process::Preview;
use crate::shop::Shop;

#[test]
fn a_narrow_window_shows_everything() {
    let Some(browser) = Browser::open(600, 800) else {
        return;
    };
    let shop = Shop::new();
    let (code, _, err) = shop.relto(&["template", "eject", "closing"]);
    assert_eq!(code, 0, "{err}");
    let closing = shop.read("templates/parts/closing.typ");
    let preview = Preview::open(&shop, LETTER);
    open(&browser, &preview);
    assert_eq!(browser.run("return innerWidth"), 600);
    let wide = "return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .filter((one) => !one.closest('pre') && !one.closest('optgroup')).map((one) => `${one.tagName} ${one.id}`)";
    assert_eq!(browser.texts(wide), Vec::<String>::new());
    browser.picture("preview-narrow.png");

    // The end of a long letter, far down.
    choose(&browser, "long");
    let long = pages(&browser);
    assert!(long.len() > 2);
    browser.run("document.querySelector('#pages figure:last-child').scrollIntoView()");
    let place = "return document.querySelector('#pages figure:last-child').getBoundingClientRect().top";
    let before = browser.run(place).as_f64().unwrap();
    let changed = closing.replacen("Sincerely,", "Respectfully,", 1);
    let new = new_pages(&browser, || shop.write("templates/parts/closing.typ", &changed));
    assert_ne!(new.last(), long.last());
    assert_eq!(browser.run(place).as_f64().unwrap().to_bits(), before.to_bits());

    // An error is seen there too.
    shop.write(
        "templates/parts/closing.typ",
        &changed.replacen("[Respectfully,]", "[Respectfully,", 1),
    );
    browser.until("document.querySelector('.problem')");
    assert!(problems(&browser)[0].contains("templates/parts/closing.typ:23:13"));
    let seen = "const [told, first] = ['#problems', '.problem pre'].map((one) => document.querySelector(one).getBoundingClientRect());
        return scrollY > 1000 && told.top > 0 && told.bottom < innerHeight * 0.6 && first.top > 0 && first.bottom <= told.bottom";
    assert_eq!(browser.run(seen), true);
    assert_eq!(browser.texts(wide), Vec::<String>::new());
    legible(&browser);
    browser.picture("preview-narrow-error.png");

    // What the letter may use is one click away.
    browser.click("header a");
    let there = "const top = document.querySelector('#use h2').getBoundingClientRect().top;
        return top > document.querySelector('header').getBoundingClientRect().bottom && top < innerHeight";
    assert_eq!(browser.run(there), true);
}
