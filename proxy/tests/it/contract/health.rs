//! Whether the proxy is well, as load balancers ask it.

use super::shop::Shop;
use super::transcript::Transcript;
use crate::api_reference::calls::Who;

#[tokio::test]
async fn whether_the_proxy_is_well() {
    let shop = Shop::open().await;
    for path in ["/healthz", "/readyz"] {
        let mut said = Transcript::of("GET", path, Who::Anyone);
        let reply = shop.get(path).await;
        said.answered("it is well", 200, &reply);
        said.refused_everywhere(&shop, path).await;
        said.compare();
    }
}
