//! Sixty and more wrong configurations, given to `calypso-proxy check` as a person would: each mistake is named with its key or file,
//! with what was expected and what came, no secret is in what is printed, and the command ends with 1.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use crate::program::program;
use crate::support::{ACCOUNT, GATEWAY_KEY, GATEWAY_SECRET, Gateway, MERCHANT_KEY};

/// What stands for a secret that was put into a wrong place.
const PLANTED: &str = "pl4nted-s3cret-value";

/// What events are signed with where a configuration names the file `event`.
const EVENT_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// One mistake.
struct Case {
    /// Pieces of the right file, and what stands there instead.
    edits: &'static [(&'static str, &'static str)],
    /// Environment variables.
    variables: &'static [(&'static str, &'static str)],
    /// Files beside the configuration, with their mode.
    files: &'static [(&'static str, &'static str, u32)],
    /// What the output must say, in one and the same line.
    expected: &'static [&'static str],
}

const fn edit(
    edits: &'static [(&'static str, &'static str)],
    expected: &'static [&'static str],
) -> Case {
    Case {
        edits,
        variables: &[],
        files: &[],
        expected,
    }
}

const fn variable(
    variables: &'static [(&'static str, &'static str)],
    expected: &'static [&'static str],
) -> Case {
    Case {
        edits: &[],
        variables,
        files: &[],
        expected,
    }
}

const fn file(
    files: &'static [(&'static str, &'static str, u32)],
    expected: &'static [&'static str],
) -> Case {
    Case {
        edits: &[],
        variables: &[],
        files,
        expected,
    }
}

const BASE: &str = "listen = \"127.0.0.1:0\"
public_url = \"https://pay.shop.example\"
allowed_origins = [\"https://shop.example\"]
database = \"proxy.sqlite3\"
currencies = [\"USDT_TRX\", \"BTC\"]
merchant_key_file = \"merchant\"
[gateway]
base_url = \"GATEWAY\"
account = \"ACCOUNT\"
key = \"KEY\"
secret_file = \"secret\"
timeout_ms = 5000
[pace]
awaiting_ms = 3000
[[products]]
key = \"beans\"
price = \"25.00\"
currency = \"EUR\"
description = \"Coffee beans\"
[limits]
trusted_proxies = [\"127.0.0.1\"]
";

#[rustfmt::skip]
const CASES: &[Case] = &[
    // Keys that are missing, misspelt, misplaced.
    edit(&[("listen = \"127.0.0.1:0\"\n", "")], &["`listen` is missing", "proxy.toml", "127.0.0.1:8085"]),
    edit(&[("public_url = \"https://pay.shop.example\"\n", "")], &["`public_url` is missing", "proxy.toml", "origin under which buyers reach"]),
    edit(&[("database = \"proxy.sqlite3\"\n", "")], &["`database` is missing", "proxy.toml", "SQLite file"]),
    edit(&[("base_url = \"GATEWAY\"\n", "")], &["`gateway.base_url` is missing", "proxy.toml", "https://api.calypso.finance"]),
    edit(&[("account = \"ACCOUNT\"\n", "")], &["`gateway.account` is missing", "proxy.toml", "technical support"]),
    edit(&[("key = \"KEY\"\n", "")], &["`gateway.key` is missing", "public API key", "technical support"]),
    edit(&[("secret_file = \"secret\"\n", "")], &["`gateway.secret` is missing", "CALYPSO_PROXY_GATEWAY__SECRET", "gateway.secret_file", "signed"]),
    edit(&[("merchant_key_file = \"merchant\"\n", "")], &["`merchant_key` is missing", "CALYPSO_PROXY_MERCHANT_KEY", "merchant_key_file", "your own server"]),
    edit(&[("listen =", "lisen =")], &["`lisen`", "proxy.toml, line 1", "did you mean `listen`"]),
    edit(&[("public_url", "publicUrl")], &["`publicUrl`", "line 2", "did you mean `public_url`"]),
    edit(&[("base_url", "base-url")], &["`gateway.base-url`", "line 8", "did you mean `gateway.base_url`"]),
    edit(&[("timeout_ms = 5000\n", "timeout_ms = 5000\ncurrencies = [\"BTC\"]\n")], &["`gateway.currencies`", "line 13", "`currencies` must stand above"]),
    edit(&[("awaiting_ms", "awaitng_ms")], &["`pace.awaitng_ms`", "line 14", "pace.awaiting_ms"]),
    edit(&[("[pace]", "[paces]")], &["`paces`", "line 13"]),
    edit(&[("listen =", "telephone = \"pl4nted-s3cret-value\"\nlisten =")], &["`telephone`", "line 1", "there are `listen`"]),
    edit(&[("price =", "prize =")], &["`products[0].prize`", "line 17", "did you mean `price`"]),
    edit(&[("description = \"Coffee beans\"\n", "")], &["`products[0].description` is missing", "line 16", "buyer reads"]),
    // Values of another kind.
    edit(&[("listen = \"127.0.0.1:0\"", "listen = 8085")], &["`listen`", "line 1", "is a number", "text in quotes"]),
    edit(&[("allowed_origins = [\"https://shop.example\"]", "allowed_origins = \"https://shop.example\"")], &["`allowed_origins`", "line 3", "is a text", "list of texts"]),
    edit(&[("[\"USDT_TRX\", \"BTC\"]", "[\"BTC\", 1]")], &["`currencies`", "line 5", "list of texts"]),
    edit(&[("awaiting_ms = 3000", "awaiting_ms = \"3000\"")], &["`pace.awaiting_ms`", "line 14", "is a text", "whole number without quotes"]),
    edit(&[("awaiting_ms = 3000", "awaiting_ms = 3000.5")], &["`pace.awaiting_ms`", "line 14", "is a number", "whole number"]),
    edit(&[("price = \"25.00\"", "price = 25.00")], &["`products[0].price`", "line 17", "is a number", "as text"]),
    edit(&[("[[products]]", "[products]")], &["`products`", "is a table", "[[products]]"]),
    edit(&[("[gateway]\n", "gateway = \"GATEWAY\"\n[pace]\n"), ("[pace]\nawaiting_ms = 3000\n", "")], &["`gateway`", "line 7"]),
    // Values that cannot be.
    edit(&[("127.0.0.1:0", "localhost")], &["`listen`", "line 1", "`localhost`", "127.0.0.1:8085"]),
    edit(&[("127.0.0.1:0", "127.0.0.1:99999")], &["`listen`", "line 1", "127.0.0.1:8085"]),
    edit(&[("https://pay.shop.example", "http://pay.shop.example")], &["`public_url`", "line 2", "plain http"]),
    edit(&[("https://pay.shop.example", "https://pay.shop.example/checkout")], &["`public_url`", "line 2", "scheme, host and port only"]),
    edit(&[("[\"https://shop.example\"]", "[\"*\"]")], &["`allowed_origins`", "line 3", "`*`"]),
    edit(&[("[\"https://shop.example\"]", "[\"https://shop.example/pay\"]")], &["`allowed_origins`", "line 3", "holds more than an origin"]),
    edit(&[("[\"USDT_TRX\", \"BTC\"]", "[]")], &["`currencies`", "line 5", "at least one"]),
    edit(&[("[\"USDT_TRX\", \"BTC\"]", "[\"BTC\", \"BTC\"]")], &["`currencies`", "line 5", "`BTC` twice"]),
    edit(&[("[\"USDT_TRX\", \"BTC\"]", "[\"DOGE\"]")], &["`currencies`", "line 5", "`DOGE`", "NETWORKS.md"]),
    edit(&[("awaiting_ms = 3000", "awaiting_ms = 10")], &["`pace.awaiting_ms`", "line 14", "is 10", "1000 to 600000"]),
    edit(&[("timeout_ms = 5000", "timeout_ms = -1")], &["`gateway.timeout_ms`", "line 12", "is -1", "100 to 60000"]),
    edit(&[("price = \"25.00\"", "price = \"25.001\"")], &["`products[0].price`", "line 17", "3 decimals"]),
    edit(&[("price = \"25.00\"", "price = \"0\"")], &["`products[0].price`", "line 17"]),
    edit(&[("currency = \"EUR\"", "currency = \"GBP\"")], &["`products[0].currency`", "line 18", "`GBP`", "EUR or USD"]),
    edit(&[("key = \"beans\"", "key = \"coffee beans\"")], &["`products[0].key`", "line 16", "a-z A-Z 0-9"]),
    edit(&[("Coffee beans", "Coffee\\u202ebeans")], &["`products[0].description`", "line 19", "U+202E"]),
    edit(&[("currency = \"EUR\"", "currency = \"EUR\"\nreturn_url = \"javascript:alert(1)\"")], &["`products[0].return_url`", "line 19", "https://"]),
    edit(&[("database =", "support_url = \"help\"\ndatabase =")], &["`support_url`", "line 4", "absolute URL"]),
    edit(&[("[[products]]\n", "[[products]]\nkey = \"beans\"\nprice = \"1\"\ncurrency = \"EUR\"\ndescription = \"x\"\n[[products]]\n")], &["`products[1].key`", "`beans` is listed twice"]),
    // Events to the merchant's server.
    edit(&[("[pace]\n", "[events]\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url` is missing", "proxy.toml", "https://shop.example/calypso-events"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\n[pace]\n")], &["`events.secret_files`", "is missing", "calypso-proxy event secret"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = []\n[pace]\n")], &["`events.secret_files`", "line 15", "expected 1 to 4 secrets, got 0"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = \"event\"\n[pace]\n")], &["`events.secret_files`", "line 15", "is a text", "list of texts"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = [\"pl4nted-s3cret-value\"]\n[pace]\n")], &["`events.secret_files`", "line 15", "names no file", "not shown"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = [\"merchant\"]\n[pace]\n")], &["`events.secret_files`", "the secret in merchant", "must begin with `whsec_`"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = [\"event\", \"event\"]\n[pace]\n")], &["`events.secret_files`", "line 15", "secret 2 is an earlier one again"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret = \"pl4nted-s3cret-value\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.secret`", "line 15", "is not a key", "`events.secret_files`"]),
    edit(&[("[pace]\n", "[events]\nurl = \"http://hook.example/\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url`", "line 14", "must be https", "events.allowed_networks"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://127.0.0.1/\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url`", "line 14", "127.0.0.1 (this computer)", "events.allowed_networks"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://169.254.169.254/latest\"\nsecret_files = [\"event\"]\nallowed_networks = [\"10.0.0.0/8\"]\n[pace]\n")], &["`events.url`", "line 14", "169.254.169.254"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://2130706433/\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url`", "line 14", "`2130706433`, which is read as `127.0.0.1`"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://user:pl4nted-s3cret-value@hook.example/\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url`", "line 14", "user name or password"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/#x\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url`", "line 14", "no `#`"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example:6379/\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url`", "line 14", "port 6379"]),
    edit(&[("[pace]\n", "[events]\nurl = \"ftp://hook.example/\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url`", "line 14", "`ftp:`", "https"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook/\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url`", "line 14", "`hook`", "full name"]),
    edit(&[("[pace]\n", "[events]\nurl = \"hook.example\"\nsecret_files = [\"event\"]\n[pace]\n")], &["`events.url`", "line 14", "is not a URL"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = [\"event\"]\nallowed_networks = [\"0.0.0.0/0\"]\n[pace]\n")], &["`events.allowed_networks`", "line 16", "`0.0.0.0/0`", "no part of this computer or of a private network"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = [\"event\"]\nallowed_networks = [\"10.1.2.3/8\"]\n[pace]\n")], &["`events.allowed_networks`", "line 16", "expected `10.0.0.0/8`"]),
    edit(&[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = [\"event\"]\nallowed_networks = [\"intranet\"]\n[pace]\n")], &["`events.allowed_networks`", "line 16", "`intranet`", "10.1.2.0/24"]),
    Case {
        edits: &[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = [\"other\"]\n[pace]\n")],
        variables: &[],
        files: &[("other", "whsec_cGw0bnRlZC1z", 0o600)],
        expected: &["`events.secret_files`", "the secret in other", "holds 9 bytes, expected 24 to 64"],
    },
    Case {
        edits: &[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = [\"event\"]\n[pace]\n")],
        variables: &[("CALYPSO_PROXY_MERCHANT_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
        files: &[],
        expected: &["`events.secret_files`", "is a merchant key or the gateway's too"],
    },
    Case {
        edits: &[("[pace]\n", "[events]\nurl = \"https://hook.example/\"\nsecret_files = [\"event\"]\n[pace]\n")],
        variables: &[],
        files: &[("event", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 0o644)],
        expected: &["`events.secret_files`", "mode 0644", "chmod 600"],
    },
    // Secrets.
    edit(&[("[gateway]\n", "[gateway]\nsecret = \"pl4nted-s3cret-value\"\n")], &["`gateway.secret` is a secret", "line 8", "gateway.secret_file", "CALYPSO_PROXY_GATEWAY__SECRET"]),
    edit(&[("listen", "merchant_key = \"pl4nted-s3cret-value\"\nlisten")], &["`merchant_key` is a secret", "line 1", "merchant_key_file"]),
    edit(&[("secret_file = \"secret\"", "secret_file = \"pl4nted-s3cret-value\"")], &["`gateway.secret_file`", "line 11", "names no file", "not shown"]),
    edit(&[("secret_file = \"secret\"", "secret_file = \"pl4nted-s3cret-value/with+slash=\"")], &["`gateway.secret_file`", "line 11", "names no file", "not shown"]),
    edit(&[("secret_file = \"secret\"", "secret_file = \"./no-such-file\"")], &["`gateway.secret_file`", "no-such-file", "No such file"]),
    edit(&[("secret_file = \"secret\"", "secret_file = \"./\"")], &["`gateway.secret_file`", "line 11"]),
    edit(&[("listen = \"127.0.0.1:0\"", "merchant_key = \"pl4nted-s3cret-value")], &["proxy.toml, line 1", "not TOML"]),
    edit(&[("secret_file = \"secret\"", "secret = pl4nted-s3cret-value")], &["proxy.toml, line 11", "not TOML"]),
    edit(&[("account = \"ACCOUNT\"", "account = \"pl4nted-s3cret-value\"")], &["`gateway.account`", "line 9", "20 characters", "0x and 40 hexadecimal digits"]),
    file(&[("secret", "gateway-canary-8f27ab31c09d \n", 0o600)], &["`gateway.secret`", "secret", "blanks"]),
    file(&[("secret", "\u{feff}gateway-canary-8f27ab31c09d", 0o600)], &["`gateway.secret`", "byte order mark"]),
    file(&[("secret", "\"gateway-canary-8f27ab31c09d\"", 0o600)], &["`gateway.secret`", "quotes"]),
    file(&[("secret", "", 0o600)], &["`gateway.secret`", "is empty"]),
    file(&[("secret", "pl4nted-s3cret-value\nmore\n", 0o600)], &["`gateway.secret`", "more than one line"]),
    file(&[("secret", "not-the-secret-at-all", 0o600)], &["gateway:", "003", "gateway.secret_file", "belongs to `gateway.key`"]),
    file(&[("secret", "gateway-canary-8f27ab31c09d", 0o644)], &["`gateway.secret_file`", "mode 0644", "everybody", "chmod 600"]),
    file(&[("merchant", "merchant-canary-5d1c9a70e4b2", 0o640)], &["`merchant_key_file`", "mode 0640", "group", "chmod 600"]),
    file(&[("merchant", "short", 0o600)], &["`merchant_key`", "5 characters", "at least 16"]),
    file(&[("merchant", "gateway-canary-8f27ab31c09d", 0o600)], &["`merchant_key`", "gateway's keys", "of your own"]),
    // Merchant keys with a name and a scope.
    edit(&[("[pace]", "[[keys]]\nname = \"till\"\nscope = \"write\"\nkey_file = \"./secret\"\n[pace]")], &["`keys[0].scope`", "line 15", "expected create, read or all"]),
    edit(&[("[pace]", "[[keys]]\nname = \"till 3\"\nscope = \"read\"\nkey_file = \"./secret\"\n[pace]")], &["`keys[0].name`", "line 14", "1 to 64 characters"]),
    edit(&[("[pace]", "[[keys]]\nname = \"merchant_key\"\nscope = \"read\"\nkey_file = \"./secret\"\n[pace]")], &["`keys[0].name`", "line 14", "name of another key"]),
    edit(&[("[pace]", "[[keys]]\nname = \"till\"\nscope = \"read\"\n[pace]")], &["`keys[0].key_file` is missing", "line 14", "path of a file"]),
    edit(&[("[pace]", "[[keys]]\nname = \"till\"\nscope = \"read\"\nkey = \"pl4nted-s3cret-value\"\n[pace]")], &["`keys[0].key`", "line 16", "there are `name`, `scope`, `key_file`"]),
    edit(&[("[pace]", "[[keys]]\nname = \"till\"\nscope = \"read\"\nkey_file = \"./merchant\"\n[pace]")], &["`keys`", "has a key that `merchant_key` has too"]),
    edit(&[("[pace]", "[[keys]]\nname = \"till\"\nscope = \"read\"\nkey_file = \"./secret\"\n[pace]")], &["`keys`", "one of the gateway's keys"]),
    Case {
        edits: &[("[pace]", "[[keys]]\nname = \"till\"\nscope = \"read\"\nkey_file = \"./till\"\n[pace]")],
        variables: &[],
        files: &[("till", "short", 0o600)],
        expected: &["`keys[0].key_file`", "5 characters", "at least 16"],
    },
    Case {
        edits: &[("[pace]", "[[keys]]\nname = \"till\"\nscope = \"read\"\nkey_file = \"./till\"\n[pace]")],
        variables: &[],
        files: &[("till", "a-key-of-till-that-is-good", 0o644)],
        expected: &["`keys[0].key_file`", "mode 0644", "everybody", "chmod 600"],
    },
    Case {
        edits: &[("[pace]", "[[keys]]\nname = \"till\"\nscope = \"read\"\nkey_file = \"./till\"\n[[keys]]\nname = \"till\"\nscope = \"read\"\nkey_file = \"./other\"\n[pace]")],
        variables: &[],
        files: &[("till", "a-key-of-till-that-is-good", 0o600), ("other", "another-key-of-till-that-is-good", 0o600)],
        expected: &["`keys[1].name`", "line 18", "name of an earlier key"],
    },
    // The account, the key, the gateway's address.
    edit(&[("ACCOUNT", "0xc195")], &["`gateway.account`", "line 9", "`0xc195`", "0x and 40 hexadecimal digits"]),
    edit(&[("ACCOUNT", "0x…")], &["`gateway.account`", "line 9", "placeholder"]),
    edit(&[("ACCOUNT", "0x00000000000000000000000000000000000000ab")], &["gateway:", "Account is not found", "look at `gateway.account`"]),
    edit(&[("key = \"KEY\"", "key = \"another-key\"")], &["gateway:", "002", "look at `gateway.key`"]),
    edit(&[("key = \"KEY\"", "key = \"\"")], &["`gateway.key`", "line 10", "must not be empty"]),
    edit(&[("base_url = \"GATEWAY\"", "base_url = \"GATEWAYapi/v1\"")], &["`gateway.base_url`", "line 8", "`/api/v1`", "adds by itself"]),
    edit(&[("base_url = \"GATEWAY\"", "base_url = \"GATEWAYgateway\"")], &["gateway:", "look at `gateway.base_url`", "without a path"]),
    edit(&[("base_url = \"GATEWAY\"", "base_url = \"http://api.calypso.finance\"")], &["`gateway.base_url`", "line 8", "must be https"]),
    edit(&[("base_url = \"GATEWAY\"", "base_url = \"api.calypso.finance\"")], &["`gateway.base_url`", "line 8", "not a URL"]),
    edit(&[("base_url = \"GATEWAY\"", "base_url = \"https://pay.calypso.finance\"")], &["`gateway.base_url`", "line 8", "gateway.pay_url"]),
    edit(&[("base_url = \"GATEWAY\"", "base_url = \"GATEWAY\"\npay_url = \"https://pay.calypso.finance/pay\"")], &["`gateway.pay_url`", "line 9", "adds by itself"]),
    edit(&[("base_url = \"GATEWAY\"", "base_url = \"http://127.0.0.1:9\"")], &["gateway:", "http://127.0.0.1:9", "no connection", "look at `gateway.base_url`"]),
    // Files and directories.
    edit(&[("\"proxy.sqlite3\"", "\"nowhere/proxy.sqlite3\"")], &["database:", "nowhere", "directory", "cannot be used"]),
    edit(&[("\"proxy.sqlite3\"", "\".\"")], &["database:", "is a directory"]),
    file(&[("proxy.sqlite3", "this is a letter to my aunt, and no database at all", 0o600)], &["database:", "proxy.sqlite3", "no database"]),
    edit(&[("database =", "assets = \"dist\"\ndatabase =")], &["widget:", "`assets`", "dist", "cargo xtask build"]),
    edit(&[("database =", "assets = \"proxy.toml\"\ndatabase =")], &["widget:", "`assets`", "proxy.toml", "is no directory"]),
    edit(&[("\"proxy.sqlite3\"", "\"mysql://pl4nted-s3cret-value@db/pay\"")], &["`database`", "line 4", "is a URL"]),
    // PostgreSQL.
    edit(&[("\"proxy.sqlite3\"", "\":memory:\"")], &["`database`", "line 4", "in memory", "path of a file"]),
    edit(&[("\"proxy.sqlite3\"", "\"file:proxy.sqlite3?mode=memory\"")], &["`database`", "line 4", "is a URL"]),
    edit(&[("\"proxy.sqlite3\"", "\"host=db user=me password=pl4nted-s3cret-value dbname=pay\"")], &["`database`", "line 4", "connection string", "postgres://user@host"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres:/me:pl4nted-s3cret-value@db/pay\"")], &["`database`", "line 4", "is a URL"]),
    edit(&[("\"proxy.sqlite3\"", "\"me:pl4nted-s3cret-value@db/pay\"")], &["`database`", "line 4", "without its beginning"]),
    edit(&[("\"proxy.sqlite3\"", "\"proxy.sqlite3 \"")], &["`database`", "line 4", "blanks"]),
    edit(&[("\"proxy.sqlite3\"", "\"/dev/null\"")], &["database:", "/dev/null", "expected a SQLite file"]),
    edit(&[("database = \"proxy.sqlite3\"", "database_file = \"./secret\"")], &["`database_file`", "line 4", "begins with postgres://"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me:pl4nted-s3cret-value@127.0.0.1:1/pay\"")], &["`database` is a secret", "line 4", "`database_file`", "CALYPSO_PROXY_DATABASE"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me@db:pl4nted-s3cret-value/pay\"")], &["`database`", "line 4", "is no URL of a PostgreSQL database"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me@db/pay?pl4nted-s3cret-value=1\"")], &["`database`", "line 4", "is no URL of a PostgreSQL database"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me@127.0.0.1:1\"")], &["`database`", "line 4", "names no database"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres:///pay\"")], &["`database`", "line 4", "names no host"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me@127.0.0.1:1/pay?sslmode=verify-ca\"")], &["`database`", "line 4", "sslmode=verify-ca", "`verify-full`"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me@127.0.0.1:1/pay?sslmode=pl4nted-s3cret-value\"")], &["`database`", "line 4", "disable, prefer, require, verify-full"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me@127.0.0.1:1/pay?sslmode=require&sslrootcert=ca.pem\"")], &["`database`", "line 4", "`sslrootcert`", "absolute path"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me@0.0.0.0:1/pay\"")], &["`database`", "postgres://0.0.0.0:1/pay is on another computer", "without TLS", "sslmode=verify-full"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me@0.0.0.0:1/pay?sslmode=prefer\"")], &["`database`", "postgres://0.0.0.0:1/pay is on another computer", "without TLS"]),
    edit(&[("\"proxy.sqlite3\"", "\"postgres://me@127.0.0.1:1/pay\"")], &["database:", "postgres://127.0.0.1:1/pay", "onnection refused"]),
    edit(&[("\"proxy.sqlite3\"", "\"proxy.sqlite3\"\ndatabase_file = \"./secret\"")], &["`database_file`", "line 5", "beside `database`"]),
    edit(&[("\"proxy.sqlite3\"", "\"proxy.sqlite3\"\ndatabase_connections = 1")], &["`database_connections`", "line 5", "2 to 500"]),
    edit(&[("\"proxy.sqlite3\"", "\"proxy.sqlite3\"\nnotify = \"yes\"")], &["`notify`", "line 5", "\"on\" or \"off\""]),
    variable(&[("CALYPSO_PROXY_DATABASE", "postgres://me:pl4nted-s3cret-value@127.0.0.1:1/pay")], &["database:", "postgres://127.0.0.1:1/pay", "onnection refused"]),
    // The environment.
    variable(&[("CALYPSO_PROXY_LISEN", "x")], &["CALYPSO_PROXY_LISEN", "did you mean CALYPSO_PROXY_LISTEN"]),
    variable(&[("CALYPSO_PROXY_GATEWAY_BASE_URL", "x")], &["CALYPSO_PROXY_GATEWAY_BASE_URL", "did you mean CALYPSO_PROXY_GATEWAY__BASE_URL"]),
    variable(&[("CALYPSO_PROXY_SECRET", "pl4nted-s3cret-value")], &["CALYPSO_PROXY_SECRET"]),
    variable(&[("CALYPSO_PROXY_LOG_FORMAT", "xml")], &["CALYPSO_PROXY_LOG_FORMAT", "text or json"]),
    variable(&[("RUST_LOG", "calypso_proxy=loud")], &["RUST_LOG", "expected a level"]),
    variable(&[("CALYPSO_PROXY_PACE__AWAITING_MS", "soon")], &["`pace.awaiting_ms`", "CALYPSO_PROXY_PACE__AWAITING_MS", "whole number"]),
    variable(&[("CALYPSO_PROXY_GATEWAY__ACCOUNT", "0xc195")], &["`gateway.account`", "CALYPSO_PROXY_GATEWAY__ACCOUNT", "0x and 40"]),
    variable(&[("CALYPSO_PROXY_GATEWAY__SECRET", " pl4nted-s3cret-value")], &["`gateway.secret`", "CALYPSO_PROXY_GATEWAY__SECRET", "blanks"]),
];

/// Runs `check` on the right configuration with a mistake in it.
fn check(directory: &Path, gateway: &str, case: &Case) -> Output {
    let mut text = BASE.to_owned();
    for (from, to) in case.edits {
        assert!(text.contains(from), "nothing to edit: {from}");
        text = text.replacen(from, to, 1);
    }
    let text = text
        .replace("GATEWAY", gateway)
        .replace("ACCOUNT", ACCOUNT)
        .replace("\"KEY\"", &format!("\"{GATEWAY_KEY}\""));
    write(directory, "proxy.toml", &text, 0o644);
    write(directory, "merchant", MERCHANT_KEY, 0o600);
    write(directory, "secret", GATEWAY_SECRET, 0o600);
    write(directory, "event", EVENT_SECRET, 0o600);
    for (name, content, mode) in case.files {
        write(directory, name, content, *mode);
    }
    let mut command = program();
    command
        .env_remove("CALYPSO_PROXY_MERCHANT_KEY")
        .env_remove("CALYPSO_PROXY_GATEWAY__SECRET")
        .env("RUST_LOG", "info")
        .envs(case.variables.iter().copied())
        .args(["check", "--config"])
        .arg(directory.join("proxy.toml"));
    command.output().unwrap()
}

fn write(directory: &Path, name: &str, content: &str, mode: u32) {
    let path = directory.join(name);
    std::fs::write(&path, content).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_is_named_with_what_was_expected() {
    let gateway = Gateway::start().await;
    let base = gateway.base.clone();
    let failures = tokio::task::spawn_blocking(move || {
        let mut failures = Vec::new();
        let control = check(tempfile::tempdir().unwrap().path(), &base, &edit(&[], &[]));
        let said = String::from_utf8(control.stdout).unwrap();
        assert!(control.status.success(), "{said}");
        for case in CASES {
            let directory = tempfile::tempdir().unwrap();
            let output = check(directory.path(), &base, case);
            let said = String::from_utf8(output.stdout).unwrap();
            let told = said.lines().any(|line| {
                line.starts_with("WRONG ") && case.expected.iter().all(|part| line.contains(part))
            });
            let leaks = [PLANTED, MERCHANT_KEY, GATEWAY_SECRET, EVENT_SECRET]
                .iter()
                .any(|secret| said.contains(secret));
            let untidy = said.contains("default.") || said.contains("``");
            if !told || leaks || untidy || output.status.code() != Some(1) {
                failures.push(format!(
                    "{:?} {:?} {:?}\n  wanted {:?}\n  {}",
                    case.edits, case.variables, case.files, case.expected, said
                ));
            }
        }
        failures
    })
    .await
    .unwrap();
    assert!(CASES.len() >= 60, "{}", CASES.len());
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        CASES.len(),
        failures.join("\n")
    );
}

/// Ways in which a secret gets into a key that is not its own.
const SPELLINGS: [&str; 12] = [
    "{}",
    "Bearer {}",
    "{}:8085",
    "me:{}@127.0.0.1:8085",
    "https://me:{}@shop.example",
    "https://me:x/{}@shop.example/",
    "https://{}@shop.example/api/v1",
    "https://{}.example",
    "ftp://shop.example/{}",
    "https://shop.example/{}/api",
    "https://shop.example?key={}",
    "/srv/{}/proxy.sqlite3",
];

/// Those that are right for some key, so that they get further.
const ALONE: [&str; 4] = [
    "{}",
    "https://{}.example",
    "https://shop.example/{}/api",
    "/srv/{}/proxy.sqlite3",
];

/// The right configuration with these values, TOML already, in place of its own.
fn configured(gateway: &str, values: &BTreeMap<(String, String), String>) -> String {
    let right = [
        ("", "listen", "\"127.0.0.1:0\""),
        ("", "public_url", "\"https://pay.shop.example\""),
        ("", "database", "\"proxy.sqlite3\""),
        ("", "merchant_key_file", "\"./merchant\""),
        ("gateway", "base_url", &format!("{gateway:?}")),
        ("gateway", "account", &format!("{ACCOUNT:?}")),
        ("gateway", "key", &format!("{GATEWAY_KEY:?}")),
        ("gateway", "secret_file", "\"./secret\""),
        ("limits", "trusted_proxies", "[\"127.0.0.1\"]"),
        ("products", "key", "\"beans\""),
        ("products", "price", "\"25.00\""),
        ("products", "currency", "\"EUR\""),
        ("products", "description", "\"Coffee beans\""),
    ];
    let key = |table: &str, name: &str| (table.to_owned(), name.to_owned());
    let mut all: BTreeMap<_, _> = right
        .iter()
        .map(|(table, name, value)| (key(table, name), (*value).to_owned()))
        .collect();
    all.extend(values.clone());
    let mut text = String::new();
    let mut last = "";
    for ((table, name), value) in &all {
        if table != last {
            text += &match table.as_str() {
                "products" => "[[products]]\n".to_owned(),
                table => format!("[{table}]\n"),
            };
            last = table;
        }
        text += &format!("{name} = {value}\n");
    }
    text
}

/// What `check` prints about a configuration.
fn said_of(gateway: &str, values: &BTreeMap<(String, String), String>) -> String {
    let directory = tempfile::tempdir().unwrap();
    write(
        directory.path(),
        "proxy.toml",
        &configured(gateway, values),
        0o644,
    );
    write(directory.path(), "merchant", MERCHANT_KEY, 0o600);
    write(directory.path(), "secret", GATEWAY_SECRET, 0o600);
    let output = program()
        .env_remove("CALYPSO_PROXY_MERCHANT_KEY")
        .env_remove("CALYPSO_PROXY_GATEWAY__SECRET")
        .env("RUST_LOG", "info")
        .args(["check", "--config"])
        .arg(directory.path().join("proxy.toml"))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_whatever_key_is_not_read_aloud() {
    let gateway = Gateway::start().await;
    let base = gateway.base.clone();
    let checks = move || {
        let control = said_of(&base, &BTreeMap::new());
        assert!(!control.contains("WRONG"), "{control}");
        let keys = crate::config::keys_of_the_example();
        let planted = |spelling: &str, usual: &str| {
            let text = format!("{:?}", spelling.replace("{}", PLANTED));
            if usual.starts_with('[') {
                format!("[{text}, {text}]")
            } else {
                text
            }
        };
        for spelling in SPELLINGS {
            // Everywhere at once, and in each key alone, where the others let `check` go on.
            let everywhere = keys.iter().map(|(table, name, usual)| {
                ((table.clone(), name.clone()), planted(spelling, usual))
            });
            let everywhere: BTreeMap<_, _> = everywhere.collect();
            let said = said_of(&base, &everywhere);
            assert!(said.contains("WRONG"), "{spelling}: {said}");
            assert!(!said.to_lowercase().contains(PLANTED), "{spelling}: {said}");
            let alone = everywhere.into_iter().filter(|_| ALONE.contains(&spelling));
            for (key, value) in alone {
                if value.starts_with('[') || !["", "gateway", "products"].contains(&key.0.as_str())
                {
                    continue;
                }
                let said = said_of(&base, &BTreeMap::from([(key.clone(), value)]));
                let leaks = said.to_lowercase().contains(PLANTED);
                assert!(!leaks, "{key:?} {spelling}: {said}");
            }
        }
    };
    tokio::task::spawn_blocking(checks).await.unwrap();
}
