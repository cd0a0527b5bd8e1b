//! Whom the preview does not answer.

use super::loopback::ask;
use super::process::Preview;
use crate::shop::Shop;

#[test]
fn only_who_knows_the_address_is_answered() {
    let shop = Shop::new();
    let preview = Preview::open(&shop, "liaison-contact");
    let (host, folder) = (preview.host.as_str(), preview.folder.as_str());
    let port = host.rsplit_once(':').unwrap().1;
    let status = |host: &str, method: &str, path: &str| ask(&preview.host, host, method, path, "").unwrap().0;
    assert_eq!(status(host, "GET", folder), 200);
    assert_eq!(status(&format!("localhost:{port}"), "GET", folder), 200);
    for path in ["/", "/state", "/preview.js", "/0123456789abcdef0123456789abcdef/"] {
        assert_eq!(status(host, "GET", path), 404, "{path}");
    }
    for name in ["nothing", "page?letter=liaison-contact&sample=short&page=1"] {
        assert_eq!(status(host, "GET", &format!("{folder}{name}")), 404, "{name}");
    }
    // A name of another machine that leads here: what a page elsewhere would send.
    for other in [
        "",
        "example.org",
        "example.org:80",
        "127.0.0.1",
        &format!("example.org:{port}"),
    ] {
        assert_eq!(status(other, "GET", folder), 403, "{other}");
    }
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(status(host, method, folder), 405, "{method}");
    }
}
