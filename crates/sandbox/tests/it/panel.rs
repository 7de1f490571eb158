//! The panel's files and the policy they come with.

use crate::desk::Desk;

#[tokio::test]
async fn the_page_and_its_files_are_served_under_a_strict_policy() {
    let desk = Desk::open().await;
    for (path, kind) in [
        ("/sandbox/", "text/html; charset=utf-8"),
        ("/sandbox/panel.css", "text/css; charset=utf-8"),
        ("/sandbox/panel.js", "text/javascript; charset=utf-8"),
        ("/sandbox/panel.svg", "image/svg+xml"),
    ] {
        let answer = desk
            .client
            .get(format!("{}{path}", desk.base))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), kind);
        let policy = header("content-security-policy");
        assert!(policy.starts_with(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        ));
        assert!(!policy.contains("unsafe"));
        assert_eq!(header("x-content-type-options"), "nosniff");
    }
    let page = desk.read("/sandbox/").await.text;
    assert!(page.contains("<script type=\"module\" src=\"panel.js\"></script>"));
    for inline in ["<style", " style=", " onclick=", "javascript:"] {
        assert!(!page.contains(inline), "{inline}");
    }
    let moved = desk
        .client
        .get(format!("{}/sandbox", desk.base))
        .send()
        .await
        .unwrap();
    assert_eq!(moved.url().path(), "/sandbox/");
}

#[tokio::test]
async fn every_fault_can_be_chosen() {
    let page = Desk::open().await.read("/sandbox/").await.text;
    for kind in calypso_sandbox::FaultKind::ALL {
        let name = kind.as_str();
        assert!(page.contains(&format!("<option>{name}</option>")), "{name}");
    }
    assert_eq!(
        page.matches("<option>").count(),
        calypso_sandbox::FaultKind::ALL.len()
    );
}
